import type { Lease } from "../lease/lease.ts";
import { isLocked, isToBeLookedAt, looked } from "../lease/ledger.ts";
import type { Ports } from "../ports/index.ts";
import { reportFoundAgain } from "../request/found-again.ts";
import { publishEvents } from "./publish-events.ts";
import { type Invocation, underLock, withinPatience } from "./under-lock.ts";
import { readRequest, updateRequest } from "./update.ts";

type Deps = Pick<Ports, "clock" | "ids" | "requests" | "leases" | "strategy" | "publisher" | "log">;

/**
 * Looks once more for access that was taken away a while ago. What is there now was given by somebody else, or by a call that we never learned of: nobody can tell which, so
 * it is reported as critical and never touched. Under the lock, so that nobody opens the lease meanwhile.
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
    const request = await readRequest(deps, opener);
    if (await strategy.inspect({ access, request })) {
      deps.log.error("Access that nobody holds was found.", {
        requestId: opener,
        lease: found.key,
      });
      await updateRequest(deps, opener, reportFoundAgain(deps.clock.now()));
      await publishEvents(deps, opener);
    }
    await lease.write(looked);
  });
};
