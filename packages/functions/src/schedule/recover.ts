import { recover } from "@curfew/core";
import { ExecutionEnded } from "@curfew/workflow";
import { clock, log, requests, workflow } from "../deps.ts";
import { taskHandler } from "../task-handler.ts";

/** Called by the rule on executions that failed, timed out or were stopped. */
export const handler = taskHandler(ExecutionEnded, ({ detail }) =>
  recover({ clock, log, requests: requests(), workflow: workflow() }, detail.name),
);
