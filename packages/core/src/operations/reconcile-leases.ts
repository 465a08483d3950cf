import type { RequestId } from "../ids.ts";
import type { Lease } from "../lease/lease.ts";
import { isLocked } from "../lease/ledger.ts";
import type { Ports } from "../ports/index.ts";
import { isTerminal } from "../request/status.ts";
import { lookAgain } from "./look-again.ts";
import { releaseAccess } from "./release-access.ts";
import type { Invocation } from "./under-lock.ts";
import { endOfShare, walkOpen } from "./walk-open.ts";

type Deps = Pick<
  Ports,
  "clock" | "ids" | "requests" | "leases" | "walks" | "strategy" | "publisher" | "metrics" | "log"
>;

/** The result of one run over the leases. */
export interface ReconciledLeases {
  leases: number;
  failures: number;
  /** Whether the walk reached its end; otherwise the next run resumes it. */
  complete: boolean;
}

/** The share of a run's time after which no lease is begun. The rest lets the last one finish before the next run starts. */
const share = 0.8;

/**
 * Releases the leases that nobody holds any more, and checks closed leases once more a quarter of an
 * hour after they were closed. Access that Curfew did not give is reported and never touched. A lease
 * that fails does not stop the walk. The cost grows with the open leases, not with the closed ones.
 */
export const reconcileLeases = async (
  deps: Deps,
  invocation: Invocation,
): Promise<ReconciledLeases> => {
  const walked = await walkOpen(
    deps,
    {
      name: "leases",
      documents: deps.leases,
      isOverdue: () => false,
      work: (lease) => reconcileLease(deps, lease, invocation),
    },
    endOfShare(deps.clock.now(), invocation, share),
  );
  const { seen, failures, complete } = walked;
  deps.metrics.record("LeaseFailures", failures);
  return { leases: seen, failures, complete };
};

const reconcileLease = async (deps: Deps, lease: Lease, invocation: Invocation): Promise<void> => {
  if (lease.state === "closed") await lookAgain(deps, lease, invocation);
  else await releaseLeftover(deps, lease, invocation);
};

/** Releases a lease whose lock has expired and whose holders, if any are left, are all terminal. */
const releaseLeftover = async (deps: Deps, lease: Lease, invocation: Invocation): Promise<void> => {
  if (isLocked(lease, deps.clock.now())) return;
  const over = await Promise.all(lease.holders.map((holder) => isOver(deps, holder)));
  if (over.includes(false)) return;
  const released = await releaseAccess(deps, lease.access, lease.key, lease.holders, invocation);
  deps.log.warn("A lease that was left over was released.", {
    lease: lease.key,
    fate: released.fate,
  });
};

const isOver = async ({ requests }: Deps, id: RequestId): Promise<boolean> => {
  const stored = await requests.get(id);
  return stored === undefined || isTerminal(stored.document.status);
};
