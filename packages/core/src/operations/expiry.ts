import type { RequestId } from "../ids.ts";
import type { Ports } from "../ports/index.ts";
import { scheduleOf } from "../request/extension.ts";
import { latestEnd } from "../request/lifecycle.ts";
import type { Request } from "../request/request.ts";
import { milliseconds, secondsUntil, type Timestamp, timestamp } from "../time.ts";

/** EventBridge Scheduler fires within the minute after the time that is set, so schedules are set a minute early (seconds). */
const schedulerPrecision = 60;

/** With less than this left (seconds) there is no time for a schedule, and the workflow waits out the rest by itself. */
export const lastMinutes = 2 * schedulerPrecision;

/** The state that waits for the exact end. Its name is stored beside its token, so it never changes. */
export const exactWait = "Wait out the minute";

/** How long after the expiry a wait gives up on being woken, in seconds. */
const wakeMargin = 60;

/** A wait for a request without a curfew, in seconds: 300 days, well within what an execution may last. */
const longestWait = 300 * 86_400;

/** When the schedule for an end at `end` is set to fire. */
export const scheduledFor = (end: Timestamp): Timestamp =>
  timestamp(milliseconds(end) - schedulerPrecision * 1_000);

/** Sets the schedule for the curfew. With only minutes left the workflow waits by itself, and the first schedule stays armed as the net. */
export const scheduleExpiry = async (
  { schedules, clock }: Pick<Ports, "schedules" | "clock">,
  request: Request,
): Promise<void> => {
  if (request.expiresAt === undefined || isLastMinutes(request.expiresAt, clock.now())) return;
  const at = scheduledFor(request.expiresAt);
  await schedules.create({ request: request.id, n: scheduleOf(request), at });
};

/** Sets the schedule for a later end. With only minutes left it comes a little late, as a net: the workflow waits by itself, and the first schedule may have fired. */
export const scheduleExtension = async (
  { schedules, clock }: Pick<Ports, "schedules" | "clock">,
  request: RequestId,
  n: number,
  end: Timestamp,
): Promise<void> => {
  const soonest = clock.now() + schedulerPrecision * 1_000;
  const at = timestamp(Math.max(milliseconds(scheduledFor(end)), soonest));
  await schedules.create({ request, n, at });
};

/** Whether an end is so near that the exact wait is to begin. */
export const isLastMinutes = (end: Timestamp, now: number): boolean =>
  milliseconds(end) - now < lastMinutes * 1_000;

/** How long the workflow waits for the expiry unless it is woken, in seconds. */
export const secondsToWait = (request: Request, now: number): number => {
  const end = request.expiresAt ?? (request.scheduled ? latestEnd(request) : undefined);
  return end === undefined ? longestWait : secondsUntil(end, now) + wakeMargin;
};
