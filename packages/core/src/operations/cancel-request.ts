import type { Config } from "../config/schema.ts";
import { CurfewError } from "../errors/curfew-error.ts";
import { mayCancel } from "../policy/cancel-request.ts";
import type { Ports } from "../ports/index.ts";
import { cancel, lapse } from "../request/approval.ts";
import { requestEnd } from "../request/lifecycle.ts";
import { actorOf, type Person } from "../request/person.ts";
import type { EndRequested, Request } from "../request/request.ts";
import { timestamp } from "../time.ts";
import { publishAndWake } from "./publish-and-wake.ts";
import { readRequestAs } from "./read-request.ts";
import { refusalError } from "./refusal-error.ts";
import { updateRequest } from "./update.ts";
import { signalDecision } from "./wake.ts";

type Deps = Pick<Ports, "clock" | "requests" | "directory" | "workflow" | "publisher" | "log">;

/**
 * Withdraws a request while nothing has been given: writes that, then signals the workflow. A pending
 * request becomes `cancelled`; an approved one ends as if it was revoked, whatever its flow's
 * `allowRevoke`. The same person may repeat the call, which signals the workflow again.
 *
 * @throws CurfewError `request.not-found`, `request.not-allowed`, or `request.wrong-state` when it is
 *   over, or its escalation has begun
 */
export const cancelRequest = async (
  deps: Deps,
  config: Config,
  person: Person,
  id: string,
  message?: string,
): Promise<Request> => {
  const { request: found, standing } = await readRequestAs(deps, config, person, id);
  const right = mayCancel(standing);
  if (!right.allowed) throw refusalError(right.refusal);

  const now = deps.clock.now();
  const end: EndRequested = {
    reason: standing.requester ? "released" : "revoked",
    by: actorOf(person),
    at: timestamp(now),
  };
  const { request } = await updateRequest(
    deps,
    found.id,
    (current) =>
      lapse(now)(current) ??
      cancel(actorOf(person), now, message)(current) ??
      (current.status === "approved" ? requestEnd(end, message)(current) : undefined),
  );
  await publishAndWake(deps, request, signalDecision);
  if (cancellerOf(request) !== person.id)
    throw new CurfewError(
      "request.wrong-state",
      `A request that is ${request.status} cannot be cancelled.`,
    );
  return request;
};

/** Who withdrew the request before anything was given. */
const cancellerOf = ({ history, endRequested, activatedAt }: Request): string | undefined =>
  history.find(({ event }) => event === "request.cancelled")?.actor.id ??
  (activatedAt === undefined ? endRequested?.by.id : undefined);
