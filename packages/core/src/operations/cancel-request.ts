import type { Config } from "../config/schema.ts";
import { CurfewError } from "../errors/curfew-error.ts";
import { mayCancel } from "../policy/cancel-request.ts";
import type { Ports } from "../ports/index.ts";
import { cancel, lapse } from "../request/approval.ts";
import { actorOf, type Person } from "../request/person.ts";
import type { Request } from "../request/request.ts";
import { publishAndWake } from "./publish-and-wake.ts";
import { readRequestAs } from "./read-request.ts";
import { refusalError } from "./refusal-error.ts";
import { updateRequest } from "./update.ts";
import { signalDecision } from "./wake.ts";

type Deps = Pick<Ports, "clock" | "requests" | "directory" | "workflow" | "publisher" | "log">;

/**
 * Takes a request back while nobody has decided on it: writes that, then wakes the workflow. The same person asking again wakes it again.
 *
 * @throws CurfewError `request.not-found`, `request.not-allowed`, or `request.wrong-state` when it is no longer pending
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
  const { request } = await updateRequest(
    deps,
    found.id,
    (current) => lapse(now)(current) ?? cancel(actorOf(person), now, message)(current),
  );
  await publishAndWake(deps, request, signalDecision);
  if (cancellerOf(request) !== person.id)
    throw new CurfewError(
      "request.wrong-state",
      `A request that is ${request.status} cannot be cancelled.`,
    );
  return request;
};

const cancellerOf = ({ history }: Request): string | undefined =>
  history.find(({ event }) => event === "request.cancelled")?.actor.id;
