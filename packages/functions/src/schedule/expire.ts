import { RequestId, wake } from "@curfew/core";
import * as z from "zod";
import { clock, log, requests, workflow } from "../deps.ts";
import { taskHandler } from "../task-handler.ts";

/** What a schedule says: see `createSchedules`. Schedules outlive deployments, so keys of other versions are passed over. */
const Event = z.object({ request: RequestId, n: z.int(), version: z.literal(1) });

/** Called by the schedules of a request. */
export const handler = taskHandler(Event, ({ request }) =>
  wake({ clock, log, requests: requests(), workflow: workflow() }, request),
);
