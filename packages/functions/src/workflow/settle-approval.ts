import { settleApproval } from "@curfew/core";
import { TaskInput } from "@curfew/workflow";
import { clock, log, publisher, requests } from "../deps.ts";
import { taskHandler } from "../task-handler.ts";

/** State "Decided?". */
export const handler = taskHandler(TaskInput, ({ input }) =>
  settleApproval({ clock, log, requests: requests(), publisher: publisher() }, input.request),
);
