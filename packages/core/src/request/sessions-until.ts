import { addSeconds, type Timestamp } from "../time.ts";
import { dueAt } from "./lifecycle.ts";
import type { Request } from "./request.ts";

/**
 * The latest moment at which a session that was opened with the access may still be open: it outlives the access. Counted from when the access ended, and until then
 * from when it is to end. Undefined where nothing was given or nothing is known, and while nothing says when the access ends.
 */
export const sessionsUntil = (request: Request): Timestamp | undefined => {
  const end = request.endedAt ?? dueAt(request);
  if (end === undefined || request.sessionSeconds === undefined) return undefined;
  return addSeconds(end, request.sessionSeconds);
};
