import { RequestId } from "@curfew/core";
import * as z from "zod/mini";

/** What a schedule says. Schedules outlive deployments, so keys of other versions are passed over. */
export const ScheduleEvent = z.object({
  request: RequestId,
  /** The number of the schedule. Of no interest: what counts is stored. */
  n: z.int(),
  version: z.literal(1),
});
export type ScheduleEvent = z.infer<typeof ScheduleEvent>;

/**
 * A status change of an execution, as EventBridge brings it.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export const ExecutionEnded = z.object({ detail: z.object({ name: z.string() }) });
export type ExecutionEnded = z.infer<typeof ExecutionEnded>;
