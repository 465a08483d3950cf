import { CurfewError } from "../errors/curfew-error.ts";
import type { Timestamp } from "../time.ts";
import type { EventName, RequestEvent, Severity } from "./events.ts";
import type { Actor } from "./person.ts";
import type { Request } from "./request.ts";
import { mayFollow, type RequestStatus } from "./status.ts";

/**
 * What can happen to a request. Each function answers the request as it is to be stored, or undefined when nothing is to change: either it has
 * happened already, or the status does not allow it. They are applied to what is stored and written on condition that it has not changed since, so of two writers one
 * sees the other.
 */
export type Change = (request: Request) => Request | undefined;

/** An event that is about to be recorded. */
export interface Happening {
  event: EventName;
  at: Timestamp;
  actor: Actor;
  message?: string;
  errors?: string[];
  details?: string[];
  severity?: Severity;
}

/** The request with one event more. */
export const record = (request: Request, happening: Happening): Request => {
  const event: RequestEvent = { seq: request.history.length + 1, ...happening };
  return { ...request, history: [...request.history, event] };
};

/** The request in another status. Throws CurfewError `request.wrong-state` if that may not follow. */
export const move = (request: Request, status: RequestStatus, happening: Happening): Request => {
  if (!mayFollow(request.status, status))
    throw new CurfewError(
      "request.wrong-state",
      `A request that is ${request.status} cannot become ${status}.`,
    );
  return record({ ...request, status }, happening);
};
