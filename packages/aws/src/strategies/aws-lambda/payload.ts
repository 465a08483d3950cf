import { type Actor, outputsOf, type Person, type Request, type Subject } from "@curfew/core";
import { formatSrn } from "./srn.ts";
import { uuid5 } from "./uuid.ts";

/** What a customer's function is told: the request was granted, or is over. */
export type EventType = "escalate" | "deescalate";

type Json = Request["fields"][string];

/** The id of an event: a retry carries the same one. */
export const eventId = (request: Pick<Request, "id">, type: EventType): string =>
  uuid5(`${request.id}:${type}`);

/** What a customer's function receives. Its form is that of functions which were written for Sym, and must not change. */
export const payloadOf = (type: EventType, { access, request }: Subject): Record<string, Json> => {
  const { organization: org, flow } = request;
  const id = eventId(request, type);
  const by = firedBy(type, request);
  const actor = actorOf(org, by);
  const { target } = access;
  const targetId = uuid5(`${org}:${target.name}`);
  const targetFields = {
    target_id: targetId,
    target: {
      ...target,
      srn: formatSrn({
        org,
        model: "access_target",
        slug: target.name,
        version: "latest",
        identifier: targetId,
      }),
    },
  };

  return {
    id,
    meta: { schema_version: 6, idempotency_key: id },
    state: { status: "processing", errors: [] },
    run: {
      srn: formatSrn({
        org,
        model: "run",
        slug: flow.name,
        version: flow.version,
        identifier: uuid5(request.id),
      }),
      flow: formatSrn({ org, model: "flow", slug: flow.name, version: flow.version }),
      actors: {
        ...actorsOf(org, request),
        ...(type === "deescalate" ? { deescalate: actor } : {}),
      },
      ...(type === "deescalate" ? { outputs: escalationOf(request) } : {}),
    },
    event: {
      srn: `sym:event-spec:approval:1.0.0:${type}`,
      type,
      template: "sym:template:approval:1.0.0",
      timestamp: beganAt(type, request),
      channel: by.type === "system" ? "internal" : "api",
    },
    actor,
    fields:
      type === "escalate"
        ? // Custom fields come first: none may stand for what Curfew says itself.
          {
            ...request.fields,
            reason: request.reason,
            duration: request.duration,
            ...targetFields,
          }
        : { deescalate_type: request.endRequested?.reason ?? "scheduled", ...targetFields },
    type: "event",
  };
};

const curfew: Actor = { type: "system", id: "curfew", name: "curfew" };

const personAsActor = ({ id, email }: Person): Actor => ({ type: "user", id, name: email });

const approverOf = ({ approvals }: Request): Actor | undefined =>
  approvals.find(({ decision }) => decision === "approved")?.by;

/** Who fired the event. Not the person who gets access: that is the actor `request`. */
const firedBy = (type: EventType, request: Request): Actor =>
  type === "escalate"
    ? (approverOf(request) ?? personAsActor(request.requester))
    : (request.endRequested?.by ?? curfew);

const actorsOf = (org: string, request: Request): Record<string, Json> => {
  const requester = actorOf(org, personAsActor(request.requester));
  const approver = approverOf(request);
  return {
    prompt: requester,
    request: requester,
    ...(approver === undefined ? {} : { approve: actorOf(org, approver) }),
  };
};

/** Curfew knows no names of people beside the user name, which is an e-mail address. */
const actorOf = (org: string, { type, id, name }: Actor): Record<string, Json> => ({
  user: formatSrn({ org, model: "user", slug: id, version: "latest" }),
  name: type === "system" ? name : "",
  username: name,
  identity: {
    service: type === "system" ? "curfew" : "aws_identity_center",
    external_id: id,
    user_id: id,
  },
});

const escalationOf = (request: Request): Record<string, Json> => {
  const { escalate } = outputsOf(request);
  return escalate === undefined ? {} : { escalate };
};

/** When the step began; the same in every retry. */
const beganAt = (type: EventType, { history, createdAt }: Request): string => {
  const began = type === "escalate" ? "access.escalating" : "access.deescalating";
  return history.findLast(({ event }) => event === began)?.at ?? createdAt;
};
