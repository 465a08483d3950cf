import { reconcile } from "@curfew/core";
import * as z from "zod";
import { clock, ids, leases, log, publisher, requests, strategy, workflow } from "../deps.ts";
import { taskHandler } from "../task-handler.ts";

/** Called every five minutes. What the cron says is of no interest. */
export const handler = taskHandler(z.unknown(), async (_, invocation) => {
  const deps = {
    clock,
    ids,
    log,
    strategy,
    requests: requests(),
    leases: leases(),
    workflow: workflow(),
    publisher: publisher(),
  };
  const reconciled = await reconcile(deps, invocation);
  log.info("Reconciled.", { ...reconciled });
  return reconciled;
});
