import { escalate, type Strategy } from "@curfew/core";
import { TaskInput } from "@curfew/workflow";
import { config } from "../config.ts";
import { clock, ids, leases, log, metrics, publisher, requests, schedules } from "../deps.ts";
import { directory } from "../directory.ts";
import { taskHandler } from "../task-handler.ts";
import { only } from "./only.ts";

/** The handler of state "Escalate" for the requests of one strategy. */
export const escalateStep = (strategy: () => Strategy) =>
  taskHandler(TaskInput, ({ input }, invocation) => {
    const deps = {
      clock,
      ids,
      log,
      metrics,
      strategy: only(strategy()),
      requests: requests(),
      leases: leases(),
      directory: directory(),
      schedules: schedules(),
      publisher: publisher(),
    };
    return escalate(deps, config, input.request, invocation);
  });
