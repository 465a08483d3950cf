import { executionName } from "../ids.ts";
import { milliseconds } from "../time.ts";
import type { Change } from "./change.ts";
import type { Request, WaitingToken } from "./request.ts";
import { isTerminal } from "./status.ts";

/** How far the clock of Step Functions may be ahead of ours, in milliseconds. */
const clockSkew = 5_000;

/** Whether an execution of that name is the one that looks after the request now. */
const isCurrent = ({ id, execution }: Request, name: string | undefined): boolean =>
  name === executionName(id, execution);

/**
 * Stores the token of the state that waits now. Tokens of any other execution than the request's newest
 * one are not stored, such as those of a copy that somebody started by hand: a revoke would signal the copy. A
 * late attempt does not replace a newer token, and a token from the future neither counts nor stays.
 */
export const wait =
  (waiting: WaitingToken, now: number): Change =>
  (request) => {
    if (isTerminal(request.status) || !isCurrent(request, waiting.execution)) return undefined;
    // As moments, not as texts: Step Functions writes times with milliseconds or without.
    const enteredAt = milliseconds(waiting.enteredAt);
    const latest = now + clockSkew;
    const stored = request.waiting && milliseconds(request.waiting.enteredAt);
    if (enteredAt > latest) return undefined;
    if (stored !== undefined && stored <= latest && stored > enteredAt) return undefined;
    const { takenAwayBy: _, ...rest } = request;
    return { ...rest, waiting };
  };

/** The request with the note that an execution takes its access away, if that is its newest one. */
export const takingAway = (request: Request, execution: string | undefined): Request =>
  isCurrent(request, execution) && request.takenAwayBy !== request.execution
    ? { ...request, takenAwayBy: request.execution }
    : request;

/** The next execution takes over from the one that was found dead, or out of reach. */
export const startNextExecution =
  (previous: number): Change =>
  (request) =>
    isTerminal(request.status) || request.execution !== previous
      ? undefined
      : { ...request, execution: previous + 1 };
