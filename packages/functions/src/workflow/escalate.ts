import { escalate } from "@curfew/core";
import { TaskInput } from "@curfew/workflow";
import { clock, ids, leases, log, publisher, requests, schedules, strategy } from "../deps.ts";
import { taskHandler } from "../task-handler.ts";

/** State "Escalate". */
export const handler = taskHandler(TaskInput, ({ input }, invocation) => {
  const deps = {
    clock,
    ids,
    log,
    strategy,
    requests: requests(),
    leases: leases(),
    schedules: schedules(),
    publisher: publisher(),
  };
  return escalate(deps, input.request, invocation);
});
