import * as z from "zod/mini";
import { Timestamp } from "../time.ts";
import { EventName } from "./events.ts";
import { Actor } from "./person.ts";
import { RequestStatus } from "./status.ts";

/** What subscribers of the topics receive. Delivered at least once; `id` is the key to drop duplicates by. */
export const NotificationMessage = z.strictObject({
  version: z.literal(1),
  /** `<request id>:<seq>` */
  id: z.string(),
  event: EventName,
  at: Timestamp,
  request: z.strictObject({
    id: z.string(),
    flow: z.string(),
    target: z.string(),
    requester: z.string(),
    status: RequestStatus,
    reason: z.string(),
    duration: z.string(),
    /** Null where access is given as soon as it may be. */
    startAt: z.nullable(Timestamp),
    activatedAt: z.nullable(Timestamp),
    expiresAt: z.nullable(Timestamp),
    endedAt: z.nullable(Timestamp),
    /** When the last session that was opened with the access is closed, at the latest; null where nothing can be said. */
    sessionsUntil: z.nullable(Timestamp),
    endReason: z.nullable(z.string()),
  }),
  actor: Actor,
  /** For people. */
  errors: z.array(z.string()),
  /** The messages behind the errors, for operators: on the errors topic only. */
  details: z.optional(z.array(z.string())),
  /** A sentence for people. */
  text: z.string(),
});
export type NotificationMessage = z.infer<typeof NotificationMessage>;
