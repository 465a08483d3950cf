import { awaitApproval } from "@curfew/core";
import { TokenTaskInput } from "@curfew/workflow";
import { clock, requests, workflow } from "../deps.ts";
import { taskHandler } from "../task-handler.ts";

/** State "Wait for approval". */
export const handler = taskHandler(
  TokenTaskInput,
  ({ input, execution, state, token, enteredAt }) =>
    awaitApproval({ clock, requests: requests(), workflow: workflow() }, input.request, {
      state,
      token,
      execution,
      enteredAt,
    }),
);
