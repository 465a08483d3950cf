import { failureOfThrown } from "../errors/failure.ts";
import type { Ports } from "../ports/index.ts";
import { lapse } from "../request/approval.ts";
import { failAttempt, reportLateness } from "../request/lateness.ts";
import { dueAt, isDue } from "../request/lifecycle.ts";
import { reconcileAt } from "../request/reconcile-at.ts";
import type { Request } from "../request/request.ts";
import { milliseconds, type Timestamp, timestamp } from "../time.ts";
import { scheduleExpiry } from "./expiry.ts";
import { publishEvents } from "./publish-events.ts";
import type { Invocation } from "./under-lock.ts";
import { updateRequest } from "./update.ts";
import { ensureExecution, signal } from "./wake.ts";
import { endOfShare, walkOpen } from "./walk-open.ts";

type Deps = Pick<
  Ports,
  "clock" | "requests" | "walks" | "workflow" | "schedules" | "publisher" | "metrics" | "log"
>;

/** The result of one run over the requests. */
export interface ReconciledRequests {
  requests: number;
  failures: number;
  /** How many requests are open although their end passed minutes ago. */
  overdue: number;
  /** Whether both walks reached their end; otherwise the next run resumes them. */
  complete: boolean;
}

/**
 * The shares of a run's time after which the walk over the due requests and the walk over all open
 * requests stop. The rest lets the last request finish before the next run starts. Due requests come
 * first and get three times as much as the others are sure of.
 */
const shares = { due: 0.6, all: 0.8 };

/**
 * How long after its end a request may be open without a fault, in seconds: a wait times out a minute
 * late, and the removal of the access takes its time.
 */
const settlingTime = 120;

/**
 * Compares the stored requests with the running executions and repairs the difference: executions
 * that never started or died, missing schedules, requests past their end, approvals that lapsed,
 * events that were not published. Needs no access to the accounts in which access is given: an
 * execution takes access away. A request that fails does not stop the walk. The cost grows with the
 * open requests, not with the closed ones.
 */
export const reconcileRequests = async (
  deps: Deps,
  invocation: Invocation,
): Promise<ReconciledRequests> => {
  const { clock, metrics, requests } = deps;
  const start = clock.now();
  const walking = {
    documents: requests,
    isOverdue: (one: Request) => isOverdue(one, clock.now()),
    work: (one: Request) => reconcileRequest(deps, one),
    visited: new Map<string, boolean>(),
  };
  const dueBy = timestamp(start);
  // First in every run: due requests do not wait for the walk over all of them to come round.
  const due = await walkOpen(
    deps,
    {
      ...walking,
      name: "due",
      documents: { get: requests.get, listOpen: (cursor) => requests.listOpen(cursor, dueBy) },
      isWanted: (one) => isDueBy(one, dueBy),
    },
    endOfShare(start, invocation, shares.due),
  );
  const all = await walkOpen(
    deps,
    { ...walking, name: "requests" },
    endOfShare(start, invocation, shares.all),
  );
  const overdue = Math.max(due.overdue, all.overdue);
  metrics.record("OpenPastExpiry", overdue);
  return {
    requests: due.seen + all.seen,
    failures: due.failures + all.failures,
    overdue,
    complete: due.complete && all.complete,
  };
};

const isDueBy = (request: Request, moment: Timestamp): boolean => {
  const at = reconcileAt(request);
  return at !== undefined && milliseconds(at) <= milliseconds(moment);
};

/** Whether a request is open although its end passed so long ago that there must be a fault. */
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
    // Publish before the signal: the workflow that it wakes publishes the same events.
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

/** Runs all steps in this order and returns their errors. Each step is a way to the end of its own, so an error stops no other step. */
const doAll = async (steps: readonly (() => Promise<unknown>)[]): Promise<unknown[]> => {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  return failures;
};
