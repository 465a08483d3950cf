import * as z from "zod/mini";
import { RequestId } from "../ids.ts";
import { storedObject } from "../stored.ts";
import { Timestamp } from "../time.ts";
import { Access } from "./access.ts";
import type { Fate } from "./ending.ts";
import { type EventName, RequestEvent } from "./events.ts";
import { Actor, Person } from "./person.ts";
import { RequestStatus } from "./status.ts";

/** Why access is to end before, or without, its expiry. */
export const EndRequested = storedObject({
  reason: z.enum(["revoked", "released", "failed"]),
  by: Actor,
  at: Timestamp,
});
export type EndRequested = z.infer<typeof EndRequested>;

/** The task token of the state in which the workflow waits. A hint only: what counts is stored beside it. */
export const WaitingToken = storedObject({
  state: z.string(),
  token: z.string(),
  /** The execution's name. */
  execution: z.optional(z.string()),
  /** When that state was entered: a later one replaces an earlier one, never the other way round. */
  enteredAt: Timestamp,
});
export type WaitingToken = z.infer<typeof WaitingToken>;

/** What an approver decided. */
export const Approval = storedObject({
  decision: z.enum(["approved", "denied"]),
  by: Actor,
  at: Timestamp,
  message: z.optional(z.string()),
});
export type Approval = z.infer<typeof Approval>;

/** How an access came to its end. */
export const EndReason = z.enum(["expired", "revoked", "released", "decided"]);

/** An event whose name an earlier version may not know: it has nothing to do with how access ends. */
const StoredEvent = z.extend(RequestEvent, {
  event: z.custom<EventName>((name) => typeof name === "string"),
});

/** One person asking for one target for one duration: everything Curfew knows about it. */
export const Request = storedObject({
  version: z.literal(1),
  id: RequestId,
  /** The slug of the organisation, as it stands in SRNs. */
  organization: z.string().check(z.minLength(1)),
  status: RequestStatus,
  flow: storedObject({ name: z.string(), version: z.string() }),
  requester: Person,
  reason: z.string(),
  /** Seconds. */
  duration: z.int().check(z.positive()),
  fields: z.record(z.string(), z.json()),
  /** Absent for a flow without a strategy, which grants nothing. */
  access: z.optional(Access),
  /** When the request lapses if nobody has decided; absent where no approval is needed. */
  lapsesAt: z.optional(Timestamp),
  /** The decision, once there is one. */
  approvals: z._default(z.array(Approval), []),
  createdAt: Timestamp,
  /** Nothing is armed or granted before; absent when access is to be given at once. */
  startAt: z.optional(Timestamp),
  /** Set once the first schedule exists; Escalate makes no grant call after `grantBy`. */
  armed: z.optional(storedObject({ at: Timestamp, grantBy: Timestamp })),
  activatedAt: z.optional(Timestamp),
  /** The curfew: absent until active, and for a flow that does not schedule its deescalation. */
  expiresAt: z.optional(Timestamp),
  /** Since the first extension: the number of the newest schedule that was reserved, and of the one that belongs to `expiresAt`. */
  schedules: z.optional(storedObject({ reserved: z.int(), current: z.int() })),
  /** Whether the curfew ends the access; otherwise only a revoke does. */
  scheduled: z.boolean(),
  endedAt: z.optional(Timestamp),
  endReason: z.optional(EndReason),
  /** How the access came to its end. A later version may know more fates. */
  fate: z.optional(z.custom<Fate>((fate) => typeof fate === "string")),
  endRequested: z.optional(EndRequested),
  /** What went wrong, for people. */
  errors: z.array(z.string()),
  /** The messages behind the errors, for operators only. */
  details: z.optional(z.array(z.string())),
  /** Why the last attempt to end the access failed: the text for people, the message for operators, and when it was stored. */
  lastFailure: z.optional(storedObject({ error: z.string(), detail: z.string(), at: Timestamp })),
  /**
   * The answer to `escalate`. It is written here and not to `outputs`, because the function that
   * takes the access away is told it and may be of an earlier version, which reads this field only.
   */
  output: z.optional(z.json()),
  /** The answers of the target's function; see {@link outputsOf}. */
  outputs: z.optional(
    storedObject({ escalate: z.optional(z.json()), deescalate: z.optional(z.json()) }),
  ),
  /** How long a session that was opened with the access lasts at most, in seconds; absent where nothing was given, or nothing is known. */
  sessionSeconds: z.optional(z.int().check(z.positive())),
  /** The number of the newest execution of the workflow. */
  execution: z.int().check(z.nonnegative()),
  waiting: z.optional(WaitingToken),
  /**
   * The execution that has begun to take the access away, or was started for nothing else. It waits for no signal: it
   * is left alone while it runs.
   */
  takenAwayBy: z.optional(z.int()),
  history: z.array(StoredEvent),
  /** The `seq` up to which every event has been published. */
  published: z.int().check(z.nonnegative()),
});
export type Request = z.infer<typeof Request>;

/** What the target's function answered to `escalate` and to `deescalate`, as far as it did. */
export const outputsOf = ({ output, outputs }: Request): NonNullable<Request["outputs"]> => ({
  ...(output === undefined ? {} : { escalate: output }),
  ...outputs,
});
