import { reconcileLeases } from "@curfew/core";
import * as z from "zod/mini";
import {
  clock,
  ids,
  leases,
  log,
  metrics,
  patientPublisher,
  requests,
  strategy,
  walks,
} from "../deps.ts";
import { taskHandler } from "../task-handler.ts";

/** Called every five minutes. Ignores the content of the cron's event. */
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
    publisher: patientPublisher(),
  };
  const reconciled = await reconcileLeases(deps, invocation);
  log.info("Leases reconciled.", { ...reconciled });
  return reconciled;
});
