import type { StepAnswer } from "../ports/strategy.ts";
import { addSeconds, milliseconds, type Timestamp, timestamp } from "../time.ts";
import { type Change, move, record } from "./change.ts";
import { takingAway } from "./execution.ts";
import { curfew } from "./person.ts";
import type { EndRequested, Request } from "./request.ts";
import { isTerminal, type RequestStatus } from "./status.ts";

/** How long after arming access may still be granted, in seconds. */
export const grantWindow = 15 * 60;

/** How long past its end access is reported as late, and as stuck, in seconds. */
export const lateAfter = 5 * 60;
export const stuckAfter = 60 * 60;

/** Whether the request waits for its start. */
export const isEarly = (request: Request, now: number): boolean =>
  isUntouched(request) && request.startAt !== undefined && milliseconds(request.startAt) > now;

/** Whether nothing was even prepared: as long as nothing is armed, nothing has been granted. */
const isUntouched = ({ status, armed }: Request): boolean =>
  status === "approved" && armed === undefined;

/** Notes when arming began; the first schedule is set from it, so that a repeated attempt sets the same one. */
export const arm =
  (now: number): Change =>
  (request) => {
    if (!isUntouched(request) || isEarly(request, now)) return undefined;
    const at = timestamp(now);
    return { ...request, armed: { at, grantBy: addSeconds(at, grantWindow) } };
  };

/** The latest moment at which access that is granted in time could end: what the first schedule is set to. */
export const latestEnd = (request: Request): Timestamp | undefined =>
  request.armed && addSeconds(request.armed.grantBy, request.duration);

/** Why nothing more may be granted; undefined if it may. */
export const whyNotGrant = (request: Request, now: number): string | undefined => {
  if (request.status !== "escalating") return `the request is ${request.status}`;
  if (request.endRequested !== undefined)
    return `its end was asked for (${request.endRequested.reason})`;
  if (request.armed === undefined) return "its revocation is not armed";
  if (milliseconds(request.armed.grantBy) <= now)
    return `the time to grant it ran out at ${request.armed.grantBy}`;
  return undefined;
};

/** Escalation begins. */
export const beginEscalation =
  (now: number): Change =>
  (request) => {
    if (request.status !== "approved" || request.armed === undefined || request.endRequested)
      return undefined;
    return move(request, "escalating", {
      event: "access.escalating",
      at: timestamp(now),
      actor: curfew,
    });
  };

/** The service has confirmed the access: the curfew runs from now. `answer` is what the strategy's step answered. */
export const activate =
  (now: number, answer: StepAnswer = {}): Change =>
  (request) => {
    if (request.status !== "escalating") return undefined;
    const at = timestamp(now);
    const { output, sessionSeconds } = answer;
    const result = {
      ...(output === undefined ? {} : { output }),
      ...(sessionSeconds === undefined ? {} : { sessionSeconds }),
    };
    // Its end was asked for meanwhile: what was answered is kept, for people and the function that takes the access away are told it.
    if (request.endRequested !== undefined)
      return Object.keys(result).length === 0 ? undefined : { ...request, ...result };
    const expiry = request.scheduled ? { expiresAt: addSeconds(at, request.duration) } : {};
    const answered = noteMalformed(
      { ...request, activatedAt: at, ...expiry, ...result },
      at,
      answer,
    );
    return move(answered, "active", {
      event: "access.granted",
      at,
      actor: curfew,
    });
  };

/** The customer's function answered the escalation with errors: what it may have given is to end at once. */
export const failByAnswer =
  (now: number, { output, errors = [] }: StepAnswer): Change =>
  (request) => {
    if (request.status !== "escalating") return undefined;
    const at = timestamp(now);
    const answered = record(
      { ...request, ...(output === undefined ? {} : { output }) },
      { event: "answer.errors", at, actor: curfew, errors: [...errors] },
    );
    return {
      ...answered,
      errors: errors.reduce(withError, request.errors),
      endRequested: request.endRequested ?? { reason: "failed", by: curfew, at },
    };
  };

const noteMalformed = (request: Request, at: Timestamp, { malformed }: StepAnswer): Request =>
  malformed === true
    ? record(request, { event: "answer.malformed", at, actor: curfew, message: answerFormat })
    : request;

/** Where the form of an answer is documented. */
const answerFormat = "see docs/lambda-targets.md#what-the-function-answers";

/** Whether somebody may still ask for the end. */
export const isRevocable = (status: RequestStatus): boolean =>
  status === "approved" || status === "escalating" || status === "active";

/** Whether the request waits for its start, or could still make it in the time in which access may be granted. */
export const mayStillStart = (request: Request, now: number): boolean =>
  isUntouched(request) &&
  request.startAt !== undefined &&
  now < milliseconds(request.startAt) + grantWindow * 1_000;

/** Somebody asks for the end of the access. The first to ask is the one who is recorded. A request for which nothing was prepared is over at once. */
export const requestEnd =
  (end: EndRequested, message?: string): Change =>
  (request) => {
    if (!isRevocable(request.status) || request.endRequested !== undefined) return undefined;
    const ended = { ...request, endRequested: end };
    if (end.reason === "failed") return { ...ended, errors: withError(request.errors, message) };
    const revoked = record(ended, {
      event: "request.revoked",
      at: end.at,
      actor: end.by,
      ...(message === undefined ? {} : { message }),
    });
    if (!isUntouched(request)) return revoked;
    return move({ ...revoked, endedAt: end.at, endReason: end.reason }, "ended", {
      event: "access.ended",
      at: end.at,
      actor: end.by,
      message: nothingGranted,
    });
  };

/** What is remarked at the end of a request that came to nothing. */
export const nothingGranted = "nothing had been granted";

/** An error list keeps its order and grows by what it does not hold yet: an attempt that is repeated adds nothing. */
const withError = (errors: string[], error: string | undefined): string[] =>
  error === undefined || errors.includes(error) ? errors : [...errors, error];

/** When the access is to end; undefined while nothing says so. */
export const dueAt = (request: Request): Timestamp | undefined => {
  const moments = [request.expiresAt, request.endRequested?.at].filter((at) => at !== undefined);
  return moments.sort()[0];
};

/** Whether access must be taken away now. Everything but an active request that still has time must: what was not verified as active may have been granted. */
export const isDue = (request: Request, now: number): boolean => {
  if (isTerminal(request.status) || request.status === "pending_approval") return false;
  // That the end was asked for counts, not when: whoever wrote it may have a clock that is ahead of ours.
  if (request.status !== "active" || request.endRequested !== undefined) return true;
  return request.expiresAt !== undefined && milliseconds(request.expiresAt) <= now;
};

/**
 * Deescalation begins, if it is due. `error` is what stopped the escalation, if anything did;
 * `execution` is the name of the execution that deescalates.
 */
export const beginDeescalation =
  (now: number, error?: string, execution?: string): Change =>
  (found) => {
    if (!isDue(found, now)) return undefined;
    const request = takingAway(found, execution);
    if (request.status === "deescalating") return request === found ? undefined : request;
    const at = timestamp(now);
    const failed = request.status !== "active" && request.endRequested === undefined;
    const ending: Request = failed
      ? {
          ...request,
          endRequested: { reason: "failed", by: curfew, at },
          errors: withError(request.errors, error ?? "The escalation did not finish."),
        }
      : request;
    return move(ending, "deescalating", {
      event: "access.deescalating",
      at,
      actor: ending.endRequested?.by ?? curfew,
    });
  };

/**
 * The access is verified to be gone, or was never ours: the end. Errors with which a customer's function answered the deescalation are final and
 * loud: nobody but its owner can know what became of the access.
 */
export const finish =
  (now: number, message?: string, answer: StepAnswer = {}): Change =>
  (request) => {
    if (request.status !== "deescalating") return undefined;
    const at = timestamp(now);
    const reported = answer.errors ?? [];
    const answered = noteMalformed(request, at, answer);
    const errors = reported.reduce(withError, request.errors);
    const critical = reported.length > 0 ? { severity: "critical" as const } : {};
    const happening = {
      at,
      actor: request.endRequested?.by ?? curfew,
      ...(message === undefined ? {} : { message }),
    };
    const reason = request.endRequested?.reason ?? "expired";
    if (reason === "failed" || errors.length > 0)
      return move({ ...answered, errors, endedAt: at }, "failed", {
        ...happening,
        ...critical,
        event: "request.failed",
        errors,
      });
    return move({ ...answered, endedAt: at, endReason: reason }, "ended", {
      ...happening,
      event: "access.ended",
    });
  };

/** Reports, once each, that the access is late and that it is stuck: whether its end goes wrong or has not even begun. `error` is what stands in the way. */
export const reportLateness =
  (now: number, error?: string): Change =>
  (request) => {
    const due = dueAt(request);
    if (due === undefined || !isDue(request, now)) return undefined;
    const late = (now - milliseconds(due)) / 1_000;
    const event =
      late >= stuckAfter ? "access.stuck" : late >= lateAfter ? "access.late" : undefined;
    if (event === undefined || request.history.some((entry) => entry.event === event))
      return undefined;
    return record(request, {
      event,
      at: timestamp(now),
      actor: curfew,
      ...(error === undefined ? {} : { errors: [error] }),
    });
  };

/** Marks the events up to `seq` as published. */
export const markPublished =
  (seq: number): Change =>
  (request) =>
    request.published >= seq ? undefined : { ...request, published: seq };
