import { type Config, flowNamed } from "../config/schema.ts";
import { CurfewError } from "../errors/curfew-error.ts";
import { WorkflowError, workflowErrors } from "../errors/workflow-errors.ts";
import type { RequestId } from "../ids.ts";
import { canonicalJson } from "../json.ts";
import { decideRequest, groupsOfRequesters, type RequestBody } from "../policy/decide-request.ts";
import type { Ports } from "../ports/index.ts";
import { type IdempotencyRecord, idempotencyLife } from "../request/idempotency.ts";
import { actorOf, type Person } from "../request/person.ts";
import type { Request } from "../request/request.ts";
import { sessionOf } from "../request/session.ts";
import { addSeconds, milliseconds, timestamp } from "../time.ts";
import { publishEvents } from "./publish-events.ts";
import { refusalError } from "./refusal-error.ts";
import { readRequest } from "./update.ts";
import { workflowStart } from "./wake.ts";

type Deps = Pick<
  Ports,
  | "clock"
  | "ids"
  | "hash"
  | "requests"
  | "idempotency"
  | "directory"
  | "workflow"
  | "publisher"
  | "log"
>;

/** What `POST /requests` brings. */
export interface NewRequest {
  person: Person;
  body: RequestBody;
  /** The `Idempotency-Key` header. */
  idempotencyKey?: string;
}

/**
 * Makes a request and starts its workflow. Writes in this order: idempotency record, request, execution. Whoever repeats it, or the reconciler,
 * does what is missing.
 *
 * @throws CurfewError when the flow's rules refuse it, or the idempotency key stands for another body
 */
export const createRequest = async (
  deps: Deps,
  config: Config,
  { person, body, idempotencyKey }: NewRequest,
): Promise<Request> => {
  const claim =
    idempotencyKey === undefined ? undefined : claimOf(deps, person, body, idempotencyKey);
  const earlier = claim && (await findClaim(deps, claim));
  const made = earlier && (await deps.requests.get(earlier));
  const request = made?.document ?? (await makeRequest(deps, config, person, body, claim, earlier));
  await deps.workflow.start(workflowStart(request, deps.clock.now()));
  await publishEvents(deps, request.id);
  return request;
};

const makeRequest = async (
  deps: Deps,
  config: Config,
  person: Person,
  body: RequestBody,
  claim: Claim | undefined,
  earlier: RequestId | undefined,
): Promise<Request> => {
  const request = await draftRequest(deps, config, person, body);
  const id =
    claim === undefined ? request.id : (earlier ?? (await makeClaim(deps, claim, request.id)));
  const written = await deps.requests.put(withId(request, id), undefined);
  return written?.document ?? readRequest(deps, id);
};

/** The request as it would be stored, if the flow's rules allow it. */
const draftRequest = async (
  { directory, ids, clock }: Deps,
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

  const { flow, access, duration } = decision;
  const id = ids.request();
  const at = timestamp(clock.now());
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
    ...(flow.approvers === undefined ? {} : { lapsesAt: addSeconds(at, flow.approvalTimeout) }),
    createdAt: at,
    scheduled: flow.scheduleDeescalation,
    approvals: [],
    errors: [],
    execution: 0,
    history: [{ seq: 1, event: "request.created", at, actor: actorOf(person) }],
    published: 0,
  };
};

const withId = (request: Request, id: RequestId): Request =>
  request.access === undefined
    ? { ...request, id }
    : {
        ...request,
        id,
        access: { ...request.access, session: sessionOf(id, request.requester) },
      };

/** What an idempotency key of a caller stands for: hashes, so that neither key nor body is stored. */
interface Claim {
  id: string;
  body: string;
}

const claimOf = ({ hash }: Deps, person: Person, body: RequestBody, key: string): Claim => ({
  id: hash(JSON.stringify([person.id, key])),
  body: hash(canonicalJson(body)),
});

/** The request that the key stands for, if it was used in the last 24 hours. Throws CurfewError `idempotency.mismatch` if that was with another body. */
const findClaim = async (
  { idempotency, clock }: Deps,
  claim: Claim,
): Promise<RequestId | undefined> => {
  const stored = await idempotency.get(claim.id);
  if (stored === undefined || milliseconds(stored.document.expiresAt) <= clock.now())
    return undefined;
  if (stored.document.body !== claim.body)
    throw new CurfewError(
      "idempotency.mismatch",
      "This idempotency key was used with another body in the last 24 hours.",
    );
  return stored.document.request;
};

/** Makes the key stand for the request; of two callers at once both get the same one. */
const makeClaim = async (deps: Deps, claim: Claim, request: RequestId): Promise<RequestId> => {
  const { idempotency, clock } = deps;
  const record: IdempotencyRecord = {
    ...claim,
    request,
    expiresAt: addSeconds(timestamp(clock.now()), idempotencyLife),
  };
  const expired = await idempotency.get(claim.id);
  const replaceable = expired && milliseconds(expired.document.expiresAt) <= clock.now();
  if ((expired === undefined || replaceable) && (await idempotency.put(record, expired)))
    return request;
  const winner = await findClaim(deps, claim);
  if (winner !== undefined) return winner;
  throw new WorkflowError(
    workflowErrors.serviceUnavailable,
    "The idempotency key is being used by several callers at once.",
  );
};
