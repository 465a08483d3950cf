import { type Config, flowNamed } from "../config/schema.ts";
import { CurfewError } from "../errors/curfew-error.ts";
import { mayRevoke } from "../policy/revoke-request.ts";
import type { Ports } from "../ports/index.ts";
import { requestEnd } from "../request/lifecycle.ts";
import { actorOf, type Person } from "../request/person.ts";
import type { EndRequested, Request } from "../request/request.ts";
import { timestamp } from "../time.ts";
import { publishAndWake } from "./publish-and-wake.ts";
import { readRequestAs } from "./read-request.ts";
import { refusalError } from "./refusal-error.ts";
import { updateRequest } from "./update.ts";

type Deps = Pick<Ports, "clock" | "requests" | "directory" | "workflow" | "publisher" | "log">;

/**
 * Ends a request before its curfew: writes the intent, then wakes the workflow. The same person asking again wakes it again.
 *
 * @throws CurfewError `request.not-found`, `request.not-allowed`, or `request.wrong-state` when it cannot be ended or somebody else has ended it
 */
export const revokeRequest = async (
  deps: Deps,
  config: Config,
  person: Person,
  id: string,
  message?: string,
): Promise<Request> => {
  const { request: found, standing } = await readRequestAs(deps, config, person, id);
  const flow = flowNamed(config, found.flow.name);
  const { request, changed } = await updateRequest(deps, found.id, (current) => {
    // Decided on the stored request: the access may have been given since it was read.
    const decision = mayRevoke(standing, flow, current);
    if (!decision.allowed) throw refusalError(decision.refusal);
    const at = timestamp(deps.clock.now());
    const end: EndRequested = { reason: decision.reason, by: actorOf(person), at };
    return requestEnd(end, message)(current);
  });
  if (!changed && request.endRequested?.by.id !== person.id) throw wrongState(request);
  await publishAndWake(deps, request);
  return request;
};

const wrongState = ({ status, endRequested }: Request): CurfewError =>
  new CurfewError(
    "request.wrong-state",
    endRequested === undefined
      ? `A request that is ${status} cannot be revoked.`
      : `${endRequested.by.name} has ended it already.`,
  );
