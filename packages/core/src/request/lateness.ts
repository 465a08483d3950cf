import { type Failure, isContention } from "../errors/failure.ts";
import { addSeconds, milliseconds, type Timestamp, timestamp } from "../time.ts";
import { type Change, record } from "./change.ts";
import { dueAt, isDue } from "./lifecycle.ts";
import { curfew } from "./person.ts";
import type { Request } from "./request.ts";

/** How long past its end access is reported as late, and as stuck, in seconds. */
export const lateAfter = 5 * 60;
export const stuckAfter = 60 * 60;

/** How long after one report that the access is stuck the next one follows, in seconds. */
export const stuckAgainAfter = 86_400;

/** How often one request reports that it is stuck: its history is stored with it, in an item of at most 400 KB. */
export const mostStuckReports = 31;

/** Characters of the detail of one report: all reports are stored with the request. */
const longestDetail = 600;

/** How long a failure is kept before one that tells less, or the same in other words, replaces it, in seconds. */
const failureLife = 10 * 60;

/** What is reported while no attempt is known to have failed. */
const noAttempt =
  "No attempt to end the access has reported a failure: none has been made, or none came to its end.";

/**
 * Stores why an attempt to end the access failed, for the reports to come. Written when the failure
 * changes, not at every attempt: contention replaces another reason, and other words replace the same
 * reason, only after ten minutes.
 */
export const noteFailure =
  (now: number, { error, detail }: Failure): Change =>
  (request) => {
    if (dueAt(request) === undefined || !isDue(request, now)) return undefined;
    const { lastFailure: last } = request;
    if (last !== undefined) {
      if (last.error === error && last.detail === detail) return undefined;
      const tellsMore = last.error !== error && !isContention({ error });
      if (!tellsMore && now < milliseconds(last.at) + failureLife * 1_000) return undefined;
    }
    return { ...request, lastFailure: { error, detail, at: timestamp(now) } };
  };

/**
 * Reports that the access has not ended: once as late from five minutes on, as stuck from an hour on
 * and then daily, up to 31 times. Tells the last failure that is stored.
 */
export const reportLateness =
  (now: number): Change =>
  (request) => {
    const due = dueAt(request);
    if (due === undefined || !isDue(request, now)) return undefined;
    const event = reportDue(request, due, now);
    if (event === undefined) return undefined;
    const { lastFailure } = request;
    return record(request, {
      event,
      at: timestamp(now),
      actor: curfew,
      errors: [lastFailure?.error ?? noAttempt],
      ...(lastFailure === undefined
        ? {}
        : { details: [lastFailure.detail.slice(0, longestDetail)] }),
    });
  };

const reportDue = (
  { history }: Request,
  due: Timestamp,
  now: number,
): "access.late" | "access.stuck" | undefined => {
  const hasCome = (start: Timestamp, seconds: number): boolean =>
    milliseconds(addSeconds(start, seconds)) <= now;
  const stuck = history.filter(({ event }) => event === "access.stuck");
  const last = stuck.at(-1);
  if (last !== undefined)
    return stuck.length < mostStuckReports && hasCome(last.at, stuckAgainAfter)
      ? "access.stuck"
      : undefined;
  if (hasCome(due, stuckAfter)) return "access.stuck";
  return hasCome(due, lateAfter) && !history.some(({ event }) => event === "access.late")
    ? "access.late"
    : undefined;
};

/** An attempt to end the access has failed: stores why, and reports lateness, in one write. */
export const failAttempt =
  (now: number, failure: Failure): Change =>
  (request) => {
    const noted = noteFailure(now, failure)(request);
    return reportLateness(now)(noted ?? request) ?? noted;
  };
