import { wake } from "@curfew/core";
import { ScheduleEvent } from "@curfew/workflow";
import { clock, log, requests, workflow } from "../deps.ts";
import { taskHandler } from "../task-handler.ts";

/** Called by the schedules of a request. */
export const handler = taskHandler(ScheduleEvent, ({ request }) =>
  wake({ clock, log, requests: requests(), workflow: workflow() }, request),
);
