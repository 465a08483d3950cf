import type { Failure } from "../errors/failure.ts";
import type { StepAnswer } from "../ports/strategy.ts";
import { addSeconds, milliseconds, type Timestamp, timestamp } from "../time.ts";
import { type Change, move, record } from "./change.ts";
import { type Fate, hadBefore, nothingGranted, remarks } from "./ending.ts";
import { withErrors } from "./errors.ts";
import { takingAway } from "./execution.ts";
import { curfew } from "./person.ts";
import type { EndRequested, Request } from "./request.ts";
import { isTerminal, type RequestStatus } from "./status.ts";

/** How long after arming access may still be granted, in seconds. */
export const grantWindow = 15 * 60;

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
    // Its end was asked for meanwhile: the answer is stored nevertheless, because people and the
    // function that takes the access away are told it.
    if (request.endRequested !== undefined)
      return Object.keys(result).length === 0 && answer.malformed !== true
        ? undefined
        : noteMalformed({ ...request, ...result }, at, answer);
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
      ...(answer.standing === true ? { message: hadBefore } : {}),
    });
  };

/** The customer's function answered the escalation with errors: what it may have given is to end at once. */
export const failByAnswer =
  (now: number, answer: StepAnswer): Change =>
  (request) => {
    if (request.status !== "escalating") return undefined;
    const at = timestamp(now);
    const { output, errors = [] } = answer;
    const answered = record(
      noteMalformed({ ...request, ...(output === undefined ? {} : { output }) }, at, answer),
      { event: "answer.errors", at, actor: curfew, errors: [...errors] },
    );
    return {
      ...answered,
      errors: withErrors(request.errors, errors),
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
    if (end.reason === "failed")
      return {
        ...ended,
        errors: withErrors(request.errors, message === undefined ? [] : [message]),
      };
    const revoked = record(ended, {
      event: "request.revoked",
      at: end.at,
      actor: end.by,
      ...(message === undefined ? {} : { message }),
    });
    if (!isUntouched(request)) return revoked;
    const over = { endedAt: end.at, endReason: end.reason, fate: "never-granted" as const };
    return move({ ...revoked, ...over }, "ended", {
      event: "access.ended",
      at: end.at,
      actor: end.by,
      message: nothingGranted,
    });
  };

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
 * Deescalation begins, if it is due. `failure` is what stopped the escalation, if anything did;
 * `execution` is the name of the execution that deescalates.
 */
export const beginDeescalation =
  (now: number, failure?: Failure, execution?: string): Change =>
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
          errors: withErrors(request.errors, [failure?.error ?? "The escalation did not finish."]),
          ...(failure === undefined ? {} : { details: [failure.detail] }),
        }
      : request;
    return move(ending, "deescalating", {
      event: "access.deescalating",
      at,
      actor: ending.endRequested?.by ?? curfew,
    });
  };

/**
 * The access is verified to be gone, or was never Curfew's: the request ends, with the access's fate. Errors with which a customer's function answered the
 * deescalation are final and critical: only the function's owner can know the access's fate.
 */
export const finish =
  (now: number, fate?: Fate, answer: StepAnswer = {}): Change =>
  (request) => {
    if (request.status !== "deescalating") return undefined;
    const at = timestamp(now);
    const reported = answer.errors ?? [];
    const { endRequested } = request;
    const outputs =
      answer.output === undefined
        ? {}
        : { outputs: { ...request.outputs, deescalate: answer.output } };
    const ended: Request = {
      ...noteMalformed({ ...request, ...outputs }, at, answer),
      endedAt: at,
      ...(fate === undefined ? {} : { fate }),
      ...sessionsOf(request, fate, answer),
    };
    const errors = withErrors(request.errors, reported);
    const details = [...(request.details ?? []), ...(answer.details ?? [])];
    const message = fate && remarks[fate];
    const critical = reported.length > 0 ? { severity: "critical" as const } : {};
    const happening = {
      at,
      actor: endRequested?.by ?? curfew,
      ...(message === undefined ? {} : { message }),
    };
    const reason = endRequested?.reason ?? "expired";
    if (reason === "failed" || errors.length > 0)
      return move({ ...ended, errors }, "failed", {
        ...happening,
        ...critical,
        event: "request.failed",
        errors,
        ...(details.length === 0 ? {} : { details }),
      });
    return move({ ...ended, endReason: reason }, "ended", {
      ...happening,
      event: "access.ended",
    });
  };

/** Access that came without an answer to the escalation may have opened sessions, too. */
const sessionsOf = (
  { sessionSeconds }: Request,
  fate: Fate | undefined,
  answer: StepAnswer,
): Pick<Request, "sessionSeconds"> =>
  fate === "removed" && sessionSeconds === undefined && answer.sessionSeconds !== undefined
    ? { sessionSeconds: answer.sessionSeconds }
    : {};

/** Marks the events up to `seq` as published. */
export const markPublished =
  (seq: number): Change =>
  (request) =>
    request.published >= seq ? undefined : { ...request, published: seq };
