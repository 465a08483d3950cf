import { recover } from "@curfew/core";
import * as z from "zod";
import { clock, log, requests, workflow } from "../deps.ts";
import { taskHandler } from "../task-handler.ts";

/** A status change of an execution, as EventBridge brings it: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
const Event = z.object({ detail: z.object({ name: z.string() }) });

/** Called by the rule on executions that failed, timed out or were stopped. */
export const handler = taskHandler(Event, ({ detail }) =>
  recover({ clock, log, requests: requests(), workflow: workflow() }, detail.name),
);
