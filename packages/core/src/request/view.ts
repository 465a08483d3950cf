import { formatDuration } from "../durations.ts";
import type { RequestEvent } from "./events.ts";
import type { Request } from "./request.ts";

/** A request as the API shows it. What is not (yet) there is null. */
export interface RequestView {
  id: string;
  status: string;
  flow: string;
  target: string | null;
  requester: string;
  reason: string;
  duration: string;
  /** Who decided, and what. */
  approvals: Request["approvals"];
  createdAt: string;
  activatedAt: string | null;
  /** Null until active, and for a flow that does not schedule its deescalation. */
  expiresAt: string | null;
  endedAt: string | null;
  endReason: string | null;
  errors: string[];
  output: Request["output"] | null;
  history: (Omit<RequestEvent, "seq"> & { id: string })[];
}

/** What the API shows of a request: neither tokens nor the ways into other accounts. */
export const viewOf = (request: Request): RequestView => ({
  id: request.id,
  status: request.status,
  flow: request.flow.name,
  target: request.access?.target.name ?? null,
  requester: request.requester.email,
  reason: request.reason,
  duration: formatDuration(request.duration),
  approvals: request.approvals,
  createdAt: request.createdAt,
  activatedAt: request.activatedAt ?? null,
  expiresAt: request.expiresAt ?? null,
  endedAt: request.endedAt ?? null,
  endReason: request.endReason ?? null,
  errors: request.errors,
  output: request.output ?? null,
  history: request.history.map(({ seq, ...event }) => ({ id: `${request.id}:${seq}`, ...event })),
});
