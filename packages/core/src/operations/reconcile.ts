import type { RequestId } from "../ids.ts";
import type { Lease } from "../lease/lease.ts";
import { isLocked } from "../lease/ledger.ts";
import type { Documents } from "../ports/documents.ts";
import type { Ports } from "../ports/index.ts";
import { lapse } from "../request/approval.ts";
import { dueAt, reportLateness } from "../request/lifecycle.ts";
import type { Request } from "../request/request.ts";
import { isTerminal } from "../request/status.ts";
import { milliseconds } from "../time.ts";
import { publishEvents } from "./publish-events.ts";
import { releaseAccess } from "./release-access.ts";
import type { Invocation } from "./under-lock.ts";
import { updateRequest } from "./update.ts";
import { ensureExecution, signal } from "./wake.ts";

type Deps = Pick<
  Ports,
  "clock" | "ids" | "requests" | "leases" | "strategy" | "workflow" | "publisher" | "log"
>;

/** What one run looked at, and what it could not put right. */
export interface Reconciled {
  requests: number;
  leases: number;
  failures: number;
}

/**
 * Compares what is stored with what is running and puts right what was left over: executions that never started or died, requests past their
 * end, approvals nobody gave in time, events that were not published, leases that nobody holds. One that cannot be put right does not
 * keep the others from it.
 */
export const reconcile = async (deps: Deps, invocation: Invocation): Promise<Reconciled> => {
  const requests = await forEachOpen(deps, deps.requests, "requestId", invocation, (request) =>
    reconcileRequest(deps, request),
  );
  const leases = await forEachOpen(deps, deps.leases, "lease", invocation, (lease) =>
    reconcileLease(deps, lease, invocation),
  );
  return {
    requests: requests.seen,
    leases: leases.seen,
    failures: requests.failures + leases.failures,
  };
};

/** The longest that one lease may take: its lock, the service and the last calls (milliseconds). */
const longestWork = 40_000;

const forEachOpen = async <T>(
  { log, clock }: Deps,
  documents: Documents<T>,
  key: string,
  { deadline }: Invocation,
  work: (document: T) => Promise<void>,
): Promise<{ seen: number; failures: number }> => {
  const counts = { seen: 0, failures: 0 };
  let cursor: string | undefined;
  do {
    const page = await documents.listOpen(cursor);
    for (const id of page.items) {
      // Ended by Lambda in the middle of it, the run would be repeated at once, beside the next one.
      if (deadline - clock.now() < longestWork) {
        log.error("There is more than one run can reconcile; the next one goes on.", { [key]: id });
        return { ...counts, failures: counts.failures + 1 };
      }
      counts.seen += 1;
      try {
        const stored = await documents.get(id);
        if (stored !== undefined) await work(stored.document);
      } catch (error) {
        counts.failures += 1;
        log.error("Something could not be reconciled; the next run tries again.", {
          [key]: id,
          error,
        });
      }
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return counts;
};

const reconcileRequest = async (deps: Deps, found: Request): Promise<void> => {
  const now = deps.clock.now();
  const { request, changed: lapsed } = await updateRequest(deps, found.id, lapse(now));
  await updateRequest(deps, found.id, reportLateness(now));
  try {
    const due = dueAt(request);
    const overdue = due !== undefined && milliseconds(due) <= now;
    if (lapsed || overdue || request.status === "approved") await signal(deps, request);
    await ensureExecution(deps, request);
  } finally {
    await publishEvents(deps, found.id);
  }
};

/** Finishes what nobody is at: a lease whose lock has run out and whose holders, if it has any left, are all over. */
const reconcileLease = async (deps: Deps, lease: Lease, invocation: Invocation): Promise<void> => {
  if (lease.state === "closed" || isLocked(lease, deps.clock.now())) return;
  const over = await Promise.all(lease.holders.map((holder) => isOver(deps, holder)));
  if (over.includes(false)) return;
  const released = await releaseAccess(
    deps,
    lease.access,
    lease.key,
    lease.holders,
    invocation,
  );
  deps.log.warn("A lease that was left over was released.", {
    lease: lease.key,
    fate: released.fate,
  });
};

const isOver = async ({ requests }: Deps, id: RequestId): Promise<boolean> => {
  const stored = await requests.get(id);
  return stored === undefined || isTerminal(stored.document.status);
};
