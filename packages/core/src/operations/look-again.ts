import type { Lease } from "../lease/lease.ts";
import { isLocked, isToBeLookedAt, looked } from "../lease/ledger.ts";
import type { Ports } from "../ports/index.ts";
import type { Strategy, Subject } from "../ports/strategy.ts";
import { reportFoundAgain } from "../request/found-again.ts";
import { attemptUnder } from "./attempt.ts";
import { isLateCreation } from "./late-creation.ts";
import { publishEvents } from "./publish-events.ts";
import { type Invocation, underLock, withinPatience } from "./under-lock.ts";
import { readRequest, updateRequest } from "./update.ts";

type Deps = Pick<Ports, "clock" | "ids" | "requests" | "leases" | "strategy" | "publisher" | "log">;

/**
 * Checks once more for access that was taken away a while ago, under the lock, so that nobody opens
 * the lease meanwhile. Access that exists again is reported as critical. Where the service's record
 * shows that an unanswered creation of ours took effect late, it is taken away; otherwise somebody
 * else may have given it, and it is never touched.
 */
export const lookAgain = async (
  deps: Deps,
  found: Lease,
  invocation: Invocation,
): Promise<void> => {
  const now = deps.clock.now();
  if (!isToBeLookedAt(found, now) || isLocked(found, now)) return;
  const { access, opener } = found;
  const strategy = deps.strategy(access.strategy);
  const attempt = withinPatience(deps, strategy, access, invocation);
  await underLock(deps, { key: found.key }, attempt, async (lease) => {
    if (lease.current.opener !== opener || !isToBeLookedAt(lease.current, now)) return;
    const subject = { access, request: await readRequest(deps, opener) };
    const step = attemptUnder(deps.clock, lease, attempt);
    const exists = await strategy.inspect(subject);
    const isOurs = exists && (await isReported(deps, strategy, subject, lease.current));
    // A strategy without a record cannot tell, and takes away what it may have given.
    const isUnknown = strategy.creationsWithin === undefined && lease.current.unanswered.length > 0;
    if (isOurs || isUnknown) await strategy.deescalate(subject, step);
    await lease.write((current) => looked(current, deps.clock.now(), isOurs));
  });
};

/** Reports access that exists again, and returns whether it is a late effect of a call of ours. */
const isReported = async (
  deps: Deps,
  strategy: Strategy,
  subject: Subject,
  lease: Lease,
): Promise<boolean> => {
  const { id } = subject.request;
  const report = async (isLate: boolean): Promise<void> => {
    deps.log.error("Access that nobody holds was found.", {
      requestId: id,
      lease: lease.key,
      isLate,
    });
    await updateRequest(deps, id, reportFoundAgain(deps.clock.now(), isLate));
    await publishEvents(deps, id);
  };
  const isLate = await isLateCreation(strategy, subject, lease).catch(async (error: unknown) => {
    // The record cannot be read at present: the next run asks again, and operators hear now.
    await report(false);
    throw error;
  });
  await report(isLate);
  return isLate;
};
