import type { Config } from "../config/schema.ts";
import { formatDuration } from "../durations.ts";
import type { Ports } from "../ports/index.ts";
import type { Request } from "../request/request.ts";
import type { DryRunView } from "../request/view.ts";
import type { NewRequest } from "./create-request.ts";
import { draftRequest } from "./draft-request.ts";
import { claimOf, findClaim } from "./idempotency-claim.ts";
import { checkIntake } from "./intake.ts";

type Deps = Pick<
  Ports,
  "clock" | "ids" | "hash" | "requests" | "idempotency" | "intake" | "directory"
>;

/**
 * What would become of a request. Reads what making it would read, and writes nothing: neither the request nor the idempotency key.
 *
 * @throws CurfewError that making the request would throw
 */
export const tryRequest = async (
  deps: Deps,
  config: Config,
  { person, body, idempotencyKey }: NewRequest,
): Promise<DryRunView> => {
  const claim =
    idempotencyKey === undefined ? undefined : claimOf(deps, person, body, idempotencyKey);
  const earlier = claim && (await findClaim(deps, claim));
  const made = earlier && (await deps.requests.get(earlier));
  if (made !== undefined) return viewOf(made.document);
  await checkIntake(deps);
  return viewOf(await draftRequest(deps, config, person, body));
};

const viewOf = (request: Request): DryRunView => ({
  allowed: true,
  status: request.status,
  flow: request.flow.name,
  target: request.access?.target.name ?? null,
  duration: formatDuration(request.duration),
  startAt: request.startAt ?? null,
  approvalRequired: request.lapsesAt !== undefined,
});
