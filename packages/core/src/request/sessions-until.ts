import { addSeconds, type Timestamp } from "../time.ts";
import { isGone } from "./ending.ts";
import { isDue } from "./lifecycle.ts";
import type { Request } from "./request.ts";
import { isTerminal } from "./status.ts";

/**
 * The latest moment at which a session that was opened with the access may still be open: sessions
 * outlive the access. Counted from the end of the access once it is verified gone, and from its
 * expiry before. Undefined where nothing was given or nothing is known, while nothing says when the
 * access ends, from its end until it is verified gone, and where it stays.
 *
 * @param now milliseconds since the epoch
 */
export const sessionsUntil = (request: Request, now: number): Timestamp | undefined => {
  const end = endOf(request, now);
  if (end === undefined || request.sessionSeconds === undefined) return undefined;
  return addSeconds(end, request.sessionSeconds);
};

const endOf = (request: Request, now: number): Timestamp | undefined => {
  if (isTerminal(request.status)) return isGone(request.fate) ? request.endedAt : undefined;
  return isDue(request, now) ? undefined : request.expiresAt;
};
