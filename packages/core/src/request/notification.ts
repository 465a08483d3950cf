import { formatDuration } from "../durations.ts";
import { milliseconds } from "../time.ts";
import { endingsOf, hadBefore } from "./ending.ts";
import type { EventName, RequestEvent, Severity } from "./events.ts";
import { foundAgain, foundLate } from "./found-again.ts";
import { dueAt } from "./lifecycle.ts";
import type { NotificationMessage } from "./notification-message.ts";
import type { Request } from "./request.ts";
import { sessionsUntil } from "./sessions-until.ts";

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
  const topic = severity === "info" ? "results" : "errors";
  const details = topic === "errors" ? event.details : undefined;
  return {
    topic,
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
        sessionsUntil: sessionsUntil(request, milliseconds(event.at)) ?? null,
        endReason: request.endReason ?? null,
      },
      actor: event.actor,
      errors: event.errors ?? [],
      ...(details === undefined ? {} : { details }),
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
  return `${phrase(event, who, what, request)}${remarkOn(request, event)}${details}`;
};

/** The remark of an event, unless its sentence says the same. */
const remarkOn = ({ fate }: Request, { event, message }: RequestEvent): string => {
  const isEnding = event === "access.ended" || event === "request.failed";
  const isSaid = (fate !== undefined && isEnding) || message === hadBefore || message === foundLate;
  return message === undefined || isSaid ? "" : ` (${inLine(message)})`;
};

const start = ({ startAt }: Request): string =>
  startAt === undefined ? "" : ` from ${startAt} on`;

/** What people must know about sessions: they outlive the access. */
const openSessions = (request: Request, { at }: RequestEvent): string => {
  const until = sessionsUntil(request, milliseconds(at));
  return until === undefined ? "" : ` A session opened with it may stay open until ${until}.`;
};

/** How a request ended or failed. Of one that an earlier version finished the access's fate is not known. */
const ending = (event: RequestEvent, who: string, what: string, request: Request): string => {
  const known = new Map(Object.entries(endingsOf(what, who))).get(request.fate ?? "");
  const sessions = openSessions(request, event);
  if (event.event === "access.ended")
    return `${known?.ended ?? `The request of ${who} for ${what} has ended.`}${sessions}`;
  const failed = `The request of ${who} for ${what} failed.`;
  return event.severity === "critical"
    ? `${failed} Whether the access is gone is not known: somebody must look.`
    : `${known?.failed ?? failed}${sessions}`;
};

/** That the access is not verified gone, and since when it was to be. */
const overdue = ({ at }: RequestEvent, who: string, what: string, request: Request): string =>
  `The request of ${who} for ${what} was to end at ${dueAt(request) ?? "an earlier time"}. At ${at} the access was not verified gone.`;

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
      return `${by} ends the request of ${who} for ${what}.`;
    case "request.failed":
    case "access.ended":
      return ending(event, who, what, request);
    case "access.escalating":
      return `${who} is being given ${what}.`;
    case "access.granted":
      if (event.message === hadBefore)
        return `${who} has ${what} already, and not from Curfew: it stays when the request ends.`;
      return `${who} has ${what} until ${request.expiresAt ?? "it is revoked"}.${openSessions(request, event)}`;
    case "access.deescalating":
      return `The request of ${who} for ${what} is ending.`;
    case "access.late":
      return `${overdue(event, who, what, request)} Curfew retries.`;
    case "access.stuck":
      if (event.message === foundLate)
        return `${who} has ${what} again after its end. Curfew takes it away.`;
      return event.message === foundAgain
        ? `${who} has ${what} again, and nobody is to. Somebody must look: Curfew does not take away what it did not give.`
        : `${overdue(event, who, what, request)} Curfew retries. Somebody must look.`;
    case "answer.malformed":
      return `The function behind ${what} did not answer in the expected form.`;
    case "answer.errors":
      return `The function behind ${what} answered with errors.`;
    default:
      return event.event satisfies never;
  }
};
