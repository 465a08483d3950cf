import { armRevocation } from "@curfew/core";
import { TaskInput } from "@curfew/workflow";
import { clock, requests, schedules } from "../deps.ts";
import { taskHandler } from "../task-handler.ts";

/** State "Arm revocation". */
export const handler = taskHandler(TaskInput, ({ input }) =>
  armRevocation({ clock, requests: requests(), schedules: schedules() }, input.request),
);
