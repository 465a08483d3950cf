import * as z from "zod/mini";
import { storedObject } from "../stored.ts";
import { Timestamp } from "../time.ts";
import { Actor } from "./person.ts";

/** Everything that can happen to a request; published under these names. */
export const EventName = z.enum([
  "request.created",
  "request.approved",
  "request.denied",
  "request.cancelled",
  "request.lapsed",
  "request.extended",
  "request.revoked",
  "request.failed",
  "access.escalating",
  "access.granted",
  "access.deescalating",
  "access.ended",
  "access.late",
  "access.stuck",
  "answer.malformed",
  "answer.errors",
]);
export type EventName = z.infer<typeof EventName>;

/** How loud an event is. */
export const Severity = z.enum(["info", "warning", "error", "critical"]);
export type Severity = z.infer<typeof Severity>;

/** One event in the history of a request. */
export const RequestEvent = storedObject({
  /** Counted from 1 within the request. */
  seq: z.int().check(z.positive()),
  event: EventName,
  at: Timestamp,
  actor: Actor,
  /** What a person said, or what there is to add for people. */
  message: z.optional(z.string()),
  /** For people. */
  errors: z.optional(z.array(z.string())),
  /** For operators only: the messages behind the errors, as they were thrown. Published on the errors topic, never shown by the API. */
  details: z.optional(z.array(z.string())),
  /** Where an event is louder than it usually is. */
  severity: z.optional(Severity),
});
export type RequestEvent = z.infer<typeof RequestEvent>;
