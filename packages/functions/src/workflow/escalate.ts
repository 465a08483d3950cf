import { escalate } from "@curfew/core";
import { TaskInput } from "@curfew/workflow";
import { config } from "../config.ts";
import {
  clock,
  directory,
  ids,
  leases,
  log,
  publisher,
  requests,
  schedules,
  strategy,
} from "../deps.ts";
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
    directory: directory(),
    schedules: schedules(),
    publisher: publisher(),
  };
  return escalate(deps, config, input.request, invocation);
});
