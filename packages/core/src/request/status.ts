import * as z from "zod/mini";

/** Where a request stands. */
export const RequestStatus = z.enum([
  "pending_approval",
  "approved",
  "denied",
  "cancelled",
  "lapsed",
  "escalating",
  "active",
  "deescalating",
  "ended",
  "failed",
]);
export type RequestStatus = z.infer<typeof RequestStatus>;

/** Which status may follow which: the only such table. A status that nothing follows is terminal. */
export const transitions: Readonly<Record<RequestStatus, readonly RequestStatus[]>> = {
  pending_approval: ["approved", "denied", "cancelled", "lapsed"],
  approved: ["escalating", "deescalating", "failed", "ended"],
  denied: [],
  cancelled: [],
  lapsed: [],
  escalating: ["active", "deescalating"],
  active: ["deescalating"],
  deescalating: ["ended", "failed"],
  ended: [],
  failed: [],
};

/** Whether `to` may follow `from`. */
export const mayFollow = (from: RequestStatus, to: RequestStatus): boolean =>
  transitions[from].includes(to);

/** Whether nothing can happen to a request any more. */
export const isTerminal = (status: RequestStatus): boolean => transitions[status].length === 0;
