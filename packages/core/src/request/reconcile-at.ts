import type { Timestamp } from "../time.ts";
import { dueAt } from "./lifecycle.ts";
import type { Request } from "./request.ts";
import { isTerminal } from "./status.ts";

/**
 * From when the reconciler may have to act on an open request: its end, the end of the time to approve
 * it, or its start; at once while its access is being given. Undefined where no moment is set: access
 * without a curfew, and a request that is over and only has events to be published.
 */
export const reconcileAt = (request: Request): Timestamp | undefined => {
  const { status, createdAt, lapsesAt, startAt } = request;
  if (isTerminal(status)) return undefined;
  if (status === "pending_approval") return lapsesAt ?? createdAt;
  if (status === "active") return dueAt(request);
  return dueAt(request) ?? startAt ?? createdAt;
};
