import * as z from "zod/mini";
import { formatDuration } from "../durations.ts";
import { Timestamp } from "../time.ts";
import {
  type EventName,
  EventName as EventNames,
  type RequestEvent,
  type Severity,
} from "./events.ts";
import { foundAgain, foundLate } from "./found-again.ts";
import { Actor } from "./person.ts";
import type { Request } from "./request.ts";
import { sessionsUntil } from "./sessions-until.ts";
import { RequestStatus } from "./status.ts";

/** What subscribers of the topics receive. Delivered at least once; `id` is the key to drop duplicates by. */
export const NotificationMessage = z.strictObject({
  version: z.literal(1),
  /** `<request id>:<seq>` */
  id: z.string(),
  event: EventNames,
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
  errors: z.array(z.string()),
  /** A sentence for people. */
  text: z.string(),
});
export type NotificationMessage = z.infer<typeof NotificationMessage>;

/** A message, the topic it goes to, and the attributes that filter policies see. */
export interface Notification {
  topic: "results" | "errors";
  severity: Severity;
  message: NotificationMessage;
}

const severities: Partial<Record<EventName, Severity>> = {
  "request.failed": "error",
  "answer.malformed": "warning",
  "answer.errors": "error",
  "access.late": "error",
  "access.stuck": "critical",
};

/** The notification of one event of a request. The request is shown as it is now, the event as it was. */
export const notificationOf = (request: Request, event: RequestEvent): Notification => {
  const severity = event.severity ?? severities[event.event] ?? "info";
  return {
    topic: severity === "info" ? "results" : "errors",
    severity,
    message: {
      version: 1,
      id: `${request.id}:${event.seq}`,
      event: event.event,
      at: event.at,
      request: {
        id: request.id,
        flow: request.flow.name,
        target: request.access?.target.name ?? "-",
        requester: request.requester.email,
        status: request.status,
        reason: request.reason,
        duration: formatDuration(request.duration),
        startAt: request.startAt ?? null,
        activatedAt: request.activatedAt ?? null,
        expiresAt: request.expiresAt ?? null,
        endedAt: request.endedAt ?? null,
        sessionsUntil: sessionsUntil(request) ?? null,
        endReason: request.endReason ?? null,
      },
      actor: event.actor,
      errors: event.errors ?? [],
      text: sentence(request, event),
    },
  };
};

/** What a person wrote, as part of a line: line breaks, and what shows as nothing, would let it pass for something that Curfew says. */
const inLine = (text: string): string => text.replaceAll(/[\s\p{C}]+/gu, " ").trim();

const sentence = (request: Request, event: RequestEvent): string => {
  const who = request.requester.email;
  const what = request.access?.target.label ?? request.flow.name;
  const details = event.errors?.map((error) => `\n• ${error}`).join("") ?? "";
  const remark = event.message === undefined ? "" : ` (${inLine(event.message)})`;
  return `${phrase(event, who, what, request)}${remark}${details}`;
};

const start = ({ startAt }: Request): string =>
  startAt === undefined ? "" : ` from ${startAt} on`;

/** What people must know about sessions: they outlive the access. */
const openSessions = (request: Request): string => {
  const until = sessionsUntil(request);
  return until === undefined ? "" : ` A session opened with it may stay open until ${until}.`;
};

const phrase = (event: RequestEvent, who: string, what: string, request: Request): string => {
  const by = event.actor.name;
  switch (event.event) {
    case "request.created":
      return `${who} asks for ${what} for ${formatDuration(request.duration)}${start(request)}: ${inLine(request.reason)}`;
    case "request.approved":
      return `${by} approved ${what} for ${who}.`;
    case "request.denied":
      return `${by} denied ${what} for ${who}.`;
    case "request.cancelled":
      return `${by} cancelled the request of ${who} for ${what}.`;
    case "request.lapsed":
      return `Nobody decided in time on the request of ${who} for ${what}.`;
    case "request.extended":
      return `${by} extends ${what}.`;
    case "request.revoked":
      return `${by} ends ${what} of ${who}.`;
    case "request.failed":
      return event.severity === "critical"
        ? `The request of ${who} for ${what} failed. Whether the access is gone is not known: somebody must look.`
        : `The request of ${who} for ${what} failed. The access it may have given is gone.${openSessions(request)}`;
    case "access.escalating":
      return `${who} is being given ${what}.`;
    case "access.granted":
      return `${who} has ${what} until ${request.expiresAt ?? "it is revoked"}.${openSessions(request)}`;
    case "access.deescalating":
      return `${what} is being taken from ${who}.`;
    case "access.ended":
      return `${what} of ${who} has ended.${openSessions(request)}`;
    case "access.late":
      return `${what} of ${who} should have ended and has not yet. Curfew goes on trying.`;
    case "access.stuck":
      if (event.message === foundLate)
        return `${who} has ${what} again after its end. Curfew takes it away.`;
      return event.message === foundAgain
        ? `${who} has ${what} again, and nobody is to. Somebody must look: Curfew does not take away what it did not give.`
        : `${what} of ${who} should have ended an hour ago and has not. Somebody must look. Curfew goes on trying.`;
    case "answer.malformed":
      return `The function behind ${what} did not answer in the expected form.`;
    case "answer.errors":
      return `The function behind ${what} answered with errors.`;
    default:
      return event.event satisfies never;
  }
};
