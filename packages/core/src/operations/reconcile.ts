import { failureOfThrown } from "../errors/failure.ts";
import type { RequestId } from "../ids.ts";
import type { Lease } from "../lease/lease.ts";
import { isLocked } from "../lease/ledger.ts";
import type { Ports } from "../ports/index.ts";
import { lapse } from "../request/approval.ts";
import { failAttempt, reportLateness } from "../request/lateness.ts";
import { dueAt, isDue } from "../request/lifecycle.ts";
import { reconcileAt } from "../request/reconcile-at.ts";
import type { Request } from "../request/request.ts";
import { isTerminal } from "../request/status.ts";
import { milliseconds, type Timestamp, timestamp } from "../time.ts";
import { scheduleExpiry } from "./expiry.ts";
import { lookAgain } from "./look-again.ts";
import { publishEvents } from "./publish-events.ts";
import { releaseAccess } from "./release-access.ts";
import type { Invocation } from "./under-lock.ts";
import { updateRequest } from "./update.ts";
import { ensureExecution, signal } from "./wake.ts";
import { walkOpen } from "./walk-open.ts";

type Deps = Pick<
  Ports,
  | "clock"
  | "ids"
  | "requests"
  | "leases"
  | "walks"
  | "strategy"
  | "workflow"
  | "schedules"
  | "publisher"
  | "metrics"
  | "log"
>;

/** What one run looked at, and what it could not put right. */
export interface Reconciled {
  requests: number;
  leases: number;
  failures: number;
  /** How many requests are open although their end passed minutes ago. */
  overdue: number;
  /** Whether everything that is open had its turn; if not, the next run goes on. */
  complete: boolean;
}

/** Runs follow each other at this interval, in milliseconds; one that had more time would walk beside the next. */
const interval = 5 * 60 * 1_000;

/**
 * How much of a run's time is gone when the last request that is due, the last request and the last
 * lease is begun: what is begun late must come to its end in time.
 */
const shares = { due: 0.3, requests: 0.4, leases: 0.8 };

/** How long after its end a request may be open without anything being wrong, in seconds: a wait gives up a minute late, and then the access has to go. */
const settlingTime = 120;

/**
 * Compares what is stored with what is running and puts right what was left over: executions that never started or died, schedules that are
 * not there, requests past their end, approvals nobody gave in time, events that were not published, leases that nobody holds. What it does not own
 * it reports and never touches. One that cannot be put right does not keep the others from it. Costs as much as is open, whatever the history.
 */
export const reconcile = async (deps: Deps, invocation: Invocation): Promise<Reconciled> => {
  const { clock, metrics, requests, leases } = deps;
  const start = clock.now();
  const time = Math.min(invocation.deadline - start, interval);
  const after = (share: number): number => start + time * share;
  const visited = new Map<string, boolean>();
  const requestsToWalk = {
    documents: requests,
    isOverdue: (one: Request) => isOverdue(one, clock.now()),
    work: (one: Request) => reconcileRequest(deps, one),
    visited,
  };
  const dueBy = timestamp(start);
  // First in every run: wherever the walk over all of them stopped, access that is due does not wait for it.
  const walkedDue = await walkOpen(
    deps,
    {
      ...requestsToWalk,
      name: "due",
      documents: { get: requests.get, listOpen: (cursor) => requests.listOpen(cursor, dueBy) },
      isWanted: (one) => isDueBy(one, dueBy),
    },
    after(shares.due),
  );
  const walkedRequests = await walkOpen(
    deps,
    { ...requestsToWalk, name: "requests" },
    after(shares.requests),
  );
  const overdue = Math.max(walkedDue.overdue, walkedRequests.overdue);
  metrics.record("OpenPastExpiry", overdue);
  const walkedLeases = await walkOpen(
    deps,
    {
      name: "leases",
      documents: leases,
      isOverdue: () => false,
      work: (one) => reconcileLease(deps, one, invocation),
    },
    after(shares.leases),
  );
  return {
    requests: walkedDue.seen + walkedRequests.seen,
    leases: walkedLeases.seen,
    failures: walkedDue.failures + walkedRequests.failures + walkedLeases.failures,
    overdue,
    complete: walkedDue.complete && walkedRequests.complete && walkedLeases.complete,
  };
};

const isDueBy = (request: Request, moment: Timestamp): boolean => {
  const at = reconcileAt(request);
  return at !== undefined && milliseconds(at) <= milliseconds(moment);
};

/** Whether a request is open although its end has passed so long ago that something must be wrong. */
const isOverdue = (request: Request, now: number): boolean => {
  const due = dueAt(request);
  if (due === undefined || !isDue(request, now)) return false;
  return now - milliseconds(due) >= settlingTime * 1_000;
};

const reconcileRequest = async (deps: Deps, found: Request): Promise<void> => {
  const now = deps.clock.now();
  const { request, changed: lapsed } = await updateRequest(deps, found.id, lapse(now));
  const due = dueAt(request);
  const isPast = due !== undefined && milliseconds(due) <= now;
  let signalled: "sent" | "stale" | undefined;
  const failures = await doAll([
    // Published before the workflow is woken, which would publish it, too.
    async () => {
      if (lapsed) await publishEvents(deps, found.id);
    },
    async () => {
      if (lapsed || isPast || request.status === "approved")
        signalled = await signal(deps, request);
    },
    () => ensureExecution(deps, request, signalled === "stale"),
    async () => {
      if (request.status === "active") await scheduleExpiry(deps, request);
    },
  ]);
  const report =
    failures.length === 0 ? reportLateness(now) : failAttempt(now, failureOfThrown(failures[0]));
  failures.push(
    ...(await doAll([
      () => updateRequest(deps, found.id, report),
      () => publishEvents(deps, found.id),
    ])),
  );
  if (failures.length > 0) throw failures[0];
};

/** Runs all steps in this order, for each is a way to the end of its own: one that fails stops no other. Returns the errors. */
const doAll = async (steps: readonly (() => Promise<unknown>)[]): Promise<unknown[]> => {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  return failures;
};

const reconcileLease = async (deps: Deps, lease: Lease, invocation: Invocation): Promise<void> => {
  if (lease.state === "closed") await lookAgain(deps, lease, invocation);
  else await releaseLeftover(deps, lease, invocation);
};

/** Finishes what nobody is at: a lease whose lock has run out and whose holders, if it has any left, are all over. */
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
