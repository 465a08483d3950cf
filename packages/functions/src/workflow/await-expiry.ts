import { awaitEnd, awaitExpiry } from "@curfew/core";
import { MinuteTaskInput, stateNames, TokenTaskInput } from "@curfew/workflow";
import * as z from "zod";
import { clock, requests, workflow } from "../deps.ts";
import { taskHandler } from "../task-handler.ts";

/** Both waits for the end; the exact one also brings its timeout. */
const Event = z.union([
  MinuteTaskInput.extend({ state: z.literal(stateNames.waitOutTheMinute) }),
  TokenTaskInput.extend({ state: z.literal(stateNames.waitForExpiry) }),
]);

/** States "Wait for expiry" and "Wait out the minute". */
export const handler = taskHandler(Event, (event) => {
  const deps = { clock, requests: requests(), workflow: workflow() };
  const { state, token, enteredAt } = event;
  const waiting = { state, token, enteredAt };
  return event.state === stateNames.waitOutTheMinute
    ? awaitEnd(deps, event.input.request, waiting, event.input.minute.seconds)
    : awaitExpiry(deps, event.input.request, waiting);
});
