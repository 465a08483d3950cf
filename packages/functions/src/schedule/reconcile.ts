import { reconcile } from "@curfew/core";
import * as z from "zod/mini";
import {
  clock,
  ids,
  leases,
  log,
  metrics,
  patientPublisher,
  requests,
  schedules,
  strategy,
  walks,
  workflow,
} from "../deps.ts";
import { taskHandler } from "../task-handler.ts";

/** Called every five minutes. What the cron says is of no interest. */
export const handler = taskHandler(z.unknown(), async (_, invocation) => {
  const deps = {
    clock,
    ids,
    log,
    metrics,
    strategy,
    requests: requests(),
    leases: leases(),
    walks: walks(),
    workflow: workflow(),
    schedules: schedules(),
    publisher: patientPublisher(),
  };
  const reconciled = await reconcile(deps, invocation);
  log.info("Reconciled.", { ...reconciled });
  return reconciled;
});
