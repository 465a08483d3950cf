import type { Lease } from "../lease/lease.ts";
import { isLocked, isToBeLookedAt, looked } from "../lease/ledger.ts";
import type { Ports } from "../ports/index.ts";
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
    if (await strategy.inspect(subject)) {
      const isLate = await isLateCreation(strategy, subject, lease.current);
      deps.log.error("Access that nobody holds was found.", {
        requestId: opener,
        lease: found.key,
        isLate,
      });
      await updateRequest(deps, opener, reportFoundAgain(deps.clock.now(), isLate));
      await publishEvents(deps, opener);
      if (isLate) await strategy.deescalate(subject, attemptUnder(deps.clock, lease, attempt));
    }
    await lease.write(looked);
  });
};
