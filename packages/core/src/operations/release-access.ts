import type { RequestId } from "../ids.ts";
import type { Lease } from "../lease/lease.ts";
import { close, release } from "../lease/ledger.ts";
import type { Ports } from "../ports/index.ts";
import type { StepAnswer, Strategy } from "../ports/strategy.ts";
import type { Access } from "../request/access.ts";
import type { Timestamp } from "../time.ts";
import { attemptUnder } from "./attempt.ts";
import { type Invocation, type LockedLease, underLock, withinPatience } from "./under-lock.ts";
import { readRequest } from "./update.ts";

type Deps = Pick<Ports, "clock" | "ids" | "requests" | "leases" | "strategy" | "log">;

/** What became of the access when a holder let go of it. `answer` is what the strategy's step answered, now or in an attempt that did not get to say so. */
export interface Released {
  fate: "removed" | "gone" | "never-granted" | "standing" | "shared";
  /** For `gone`: when Curfew last took this access away. */
  removedAt?: Timestamp | undefined;
  answer?: StepAnswer;
}

/**
 * Lets go of a lease for these holders, and takes the access away if nobody holds it any more and the person did not have it before. Goes on with a release that somebody else began.
 * The lease is closed only after the service has said that the access is gone.
 *
 * @throws WorkflowError `LeaseBusy`, `StillProvisioning`, `ServiceUnavailable`, `DeescalationFailed`: to be tried again
 */
export const releaseAccess = async (
  deps: Deps,
  access: Access,
  key: string,
  holders: readonly RequestId[],
  invocation: Invocation,
): Promise<Released> => {
  const strategy = deps.strategy(access.strategy);
  const attempt = withinPatience(deps, strategy, access, invocation);
  // Where there is no lease nothing was granted, and nothing will be: escalations read the request's status after they lock.
  const released = await underLock(deps, { key }, attempt, (lease) =>
    letGo(deps, strategy, holders, lease, attempt),
  );
  return released ?? { fate: "never-granted" };
};

const letGo = async (
  deps: Deps,
  strategy: Strategy,
  holders: readonly RequestId[],
  lease: LockedLease,
  invocation: Invocation,
): Promise<Released> => {
  const { clock } = deps;
  await lease.write((current) =>
    holders.reduce((left, holder) => release(left, holder, clock.now()), current),
  );
  const { state, standing, access, opener, answer: kept, removedAt } = lease.current;
  if (state === "opening" || state === "open") return { fate: "shared" };
  // An earlier attempt closed the lease, and ended before it could finish the request.
  if (state === "closed" && standing) return { fate: "standing" };
  if (state === "closed")
    return { fate: "gone", removedAt, ...(kept === undefined ? {} : { answer: kept }) };
  if (standing) {
    await lease.write((current) => close(current, clock.now(), false));
    return { fate: "standing" };
  }
  const request = await readRequest(deps, opener);
  const attempt = attemptUnder(clock, lease, invocation);
  const answer = await strategy.deescalate({ access, request }, attempt);
  const left = answer.standing === true;
  await lease.write((current) => close(current, clock.now(), !left, worthKeeping(answer)));
  return left ? { fate: "standing" } : { fate: "removed", answer };
};

/** A step is taken once: what it said must not be lost when this invocation ends before the request is finished. */
const worthKeeping = ({ errors = [], malformed = false, output }: StepAnswer): Lease["answer"] =>
  errors.length > 0 || malformed || output !== undefined
    ? { errors: [...errors], malformed, ...(output === undefined ? {} : { output }) }
    : undefined;
