import type { Config } from "../config/schema.ts";
import type { RequestId } from "../ids.ts";
import type { RequestBody } from "../policy/decide-request.ts";
import type { Ports } from "../ports/index.ts";
import type { Person } from "../request/person.ts";
import type { Request } from "../request/request.ts";
import { sessionOf } from "../request/session.ts";
import { draftRequest } from "./draft-request.ts";
import { type Claim, claimOf, findClaim, makeClaim } from "./idempotency-claim.ts";
import { checkIntake } from "./intake.ts";
import { publishEvents } from "./publish-events.ts";
import { readRequest } from "./update.ts";
import { workflowStart } from "./wake.ts";

type Deps = Pick<
  Ports,
  | "clock"
  | "ids"
  | "hash"
  | "requests"
  | "idempotency"
  | "intake"
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
 * @throws CurfewError when the flow's rules refuse it or the intake is closed, or the idempotency key stands for another body
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
  await checkIntake(deps);
  const request = await draftRequest(deps, config, person, body);
  const id =
    claim === undefined ? request.id : (earlier ?? (await makeClaim(deps, claim, request.id)));
  const written = await deps.requests.put(withId(request, id), undefined);
  return written?.document ?? readRequest(deps, id);
};

const withId = (request: Request, id: RequestId): Request =>
  request.access === undefined
    ? { ...request, id }
    : {
        ...request,
        id,
        access: { ...request.access, session: sessionOf(id, request.requester) },
      };
