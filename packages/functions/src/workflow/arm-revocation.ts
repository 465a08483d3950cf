import { armRevocation } from "@curfew/core";
import { TaskInput } from "@curfew/workflow";
import { clock, log, publisher, requests, schedules } from "../deps.ts";
import { taskHandler } from "../task-handler.ts";

/** States "Decided?" and "Arm revocation". */
export const handler = taskHandler(TaskInput, ({ input }) =>
  armRevocation(
    { clock, log, requests: requests(), schedules: schedules(), publisher: publisher() },
    input.request,
  ),
);
