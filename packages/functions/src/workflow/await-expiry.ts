import { awaitEnd, awaitExpiry } from "@curfew/core";
import { ExpiryTaskInput, stateNames } from "@curfew/workflow";
import { clock, requests, workflow } from "../deps.ts";
import { taskHandler } from "../task-handler.ts";

/** States "Wait for expiry" and "Wait out the minute". */
export const handler = taskHandler(ExpiryTaskInput, (event) => {
  const deps = { clock, requests: requests(), workflow: workflow() };
  const { state, token, execution, enteredAt } = event;
  const waiting = { state, token, execution, enteredAt };
  return event.state === stateNames.waitOutTheMinute
    ? awaitEnd(deps, event.input.request, waiting, event.input.minute.seconds)
    : awaitExpiry(deps, event.input.request, waiting);
});
