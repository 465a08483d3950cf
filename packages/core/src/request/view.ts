import * as z from "zod/mini";
import { formatDuration } from "../durations.ts";
import { RequestId } from "../ids.ts";
import { Timestamp } from "../time.ts";
import { RequestEvent } from "./events.ts";
import { Approval, EndReason, outputsOf, type Request } from "./request.ts";
import { sessionsUntil } from "./sessions-until.ts";
import { RequestStatus } from "./status.ts";

/** A duration as people write it, such as `30m`. */
const DurationText = z.string().register(z.globalRegistry, { examples: ["30m"] });

/**
 * A request as lists show it, without anything that a customer's function answered: a page of the
 * largest answers would exceed Lambda's limit of 6 MB. An absent value is null.
 */
export const RequestSummary = z.strictObject({
  id: RequestId,
  status: RequestStatus,
  flow: z.string(),
  target: z.nullable(z.string()),
  /** E-mail address. */
  requester: z.string(),
  reason: z.string(),
  duration: DurationText,
  /** Who decided, and what. */
  approvals: z.array(Approval),
  createdAt: Timestamp,
  /** Null where access is given as soon as it may be. */
  startAt: z.nullable(Timestamp),
  activatedAt: z.nullable(Timestamp),
  /** Null until active, and for a flow that does not schedule its deescalation. */
  expiresAt: z.nullable(Timestamp),
  endedAt: z.nullable(Timestamp),
  sessionsUntil: z.nullable(Timestamp).register(z.globalRegistry, {
    description:
      "The latest moment at which a session that was opened with this access may still be open: sessions outlive the access. Null where nothing was given, nothing is known, or nothing says when the access ends; from the access's end until it is verified gone; and where it stays because another request holds it.",
  }),
  endReason: z.nullable(EndReason),
});
export type RequestSummary = z.infer<typeof RequestSummary>;

/** A request as the API shows it: everything about it. */
export const RequestView = z.extend(RequestSummary, {
  errors: z.array(z.string()),
  /** What the target's function answered to each event; null where it did not. */
  outputs: z.strictObject({
    escalate: z.nullable(z.json()),
    deescalate: z.nullable(z.json()),
  }),
  history: z.array(
    z.extend(z.omit(RequestEvent, { seq: true, details: true }), {
      /** `<request id>:<seq>`, the id of the notification, too. */
      id: z.string(),
    }),
  ),
});
export type RequestView = z.infer<typeof RequestView>;

/** What a dry run answers: the request that would be made. */
export const DryRunView = z.extend(
  z.pick(RequestSummary, {
    status: true,
    flow: true,
    target: true,
    duration: true,
    startAt: true,
  }),
  {
    allowed: z.literal(true),
    approvalRequired: z.boolean(),
  },
);
export type DryRunView = z.infer<typeof DryRunView>;

/**
 * The part of a request that lists show at `now` (milliseconds since the epoch): neither its
 * history, errors and outputs nor anything secret.
 */
export const summaryOf = (request: Request, now: number): RequestSummary => ({
  id: request.id,
  status: request.status,
  flow: request.flow.name,
  target: request.access?.target.name ?? null,
  requester: request.requester.email,
  reason: request.reason,
  duration: formatDuration(request.duration),
  approvals: request.approvals,
  createdAt: request.createdAt,
  startAt: request.startAt ?? null,
  activatedAt: request.activatedAt ?? null,
  expiresAt: request.expiresAt ?? null,
  endedAt: request.endedAt ?? null,
  sessionsUntil: sessionsUntil(request, now) ?? null,
  endReason: request.endReason ?? null,
});

/**
 * The part of a request that the API shows at `now` (milliseconds since the epoch): neither tokens
 * nor the ways into other accounts, nor the details that operators alone are told.
 */
export const viewOf = (request: Request, now: number): RequestView => {
  const { escalate = null, deescalate = null } = outputsOf(request);
  return {
    ...summaryOf(request, now),
    errors: request.errors,
    outputs: { escalate, deescalate },
    history: request.history.map(({ seq, details: _, ...event }) => ({
      id: `${request.id}:${seq}`,
      ...event,
    })),
  };
};
