import { type Config, flowNamed } from "../config/schema.ts";
import { decideRequest, groupsOfRequesters, type RequestBody } from "../policy/decide-request.ts";
import { mayStartAt } from "../policy/start-at.ts";
import type { Ports } from "../ports/index.ts";
import { actorOf, type Person } from "../request/person.ts";
import type { Request } from "../request/request.ts";
import { sessionOf } from "../request/session.ts";
import { addSeconds, timestamp } from "../time.ts";
import { refusalError } from "./refusal-error.ts";

/** How long approvers have where the flow does not say, in seconds. */
const defaultApprovalTimeout = 86_400;

/** The request as it would be stored. Throws CurfewError when the flow's rules refuse it. */
export const draftRequest = async (
  { directory, ids, clock }: Pick<Ports, "directory" | "ids" | "clock">,
  config: Config,
  person: Person,
  body: RequestBody,
): Promise<Request> => {
  const rules = flowNamed(config, body.flow);
  const groups = await directory.groupsOf(
    person,
    rules === undefined ? [] : groupsOfRequesters(rules),
  );
  const decision = decideRequest(config, { person, groups }, body);
  if (!decision.allowed) throw refusalError(decision.refusal);
  const now = clock.now();
  const start = mayStartAt(body.startAt, now);
  if (!start.allowed) throw refusalError(start.refusal);

  const { flow, access, duration } = decision;
  const id = ids.request();
  const at = timestamp(now);
  return {
    version: 1,
    id,
    organization: config.organization,
    status: flow.approvers === undefined ? "approved" : "pending_approval",
    flow: { name: body.flow, version: flow.version },
    requester: person,
    reason: body.reason,
    duration,
    fields: body.fields,
    access: { ...access, session: sessionOf(id, person) },
    ...(flow.approvers === undefined
      ? {}
      : { lapsesAt: addSeconds(at, flow.approvalTimeout ?? defaultApprovalTimeout) }),
    createdAt: at,
    ...(body.startAt === undefined ? {} : { startAt: body.startAt }),
    scheduled: flow.scheduleDeescalation,
    approvals: [],
    errors: [],
    execution: 0,
    history: [{ seq: 1, event: "request.created", at, actor: actorOf(person) }],
    published: 0,
  };
};
