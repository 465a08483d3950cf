import { reconcileRequests } from "@curfew/core";
import * as z from "zod/mini";
import {
  clock,
  log,
  metrics,
  patientPublisher,
  requests,
  schedules,
  walks,
  workflow,
} from "../deps.ts";
import { taskHandler } from "../task-handler.ts";

/** Called every five minutes. Ignores the content of the cron's event. */
export const handler = taskHandler(z.unknown(), async (_, invocation) => {
  const deps = {
    clock,
    log,
    metrics,
    requests: requests(),
    walks: walks(),
    workflow: workflow(),
    schedules: schedules(),
    publisher: patientPublisher(),
  };
  const reconciled = await reconcileRequests(deps, invocation);
  log.info("Requests reconciled.", { ...reconciled });
  return reconciled;
});
