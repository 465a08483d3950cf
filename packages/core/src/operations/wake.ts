import { executionName, type RequestId } from "../ids.ts";
import type { Ports, WorkflowStart } from "../ports/index.ts";
import { startNextExecution, takingAway } from "../request/execution.ts";
import { dueAt, isDue, isRevocable, mayStillStart, requestEnd } from "../request/lifecycle.ts";
import { curfew } from "../request/person.ts";
import type { Request } from "../request/request.ts";
import { isTerminal, type RequestStatus } from "../request/status.ts";
import { milliseconds, secondsUntil, timestamp } from "../time.ts";
import { isLastMinutes } from "./expiry.ts";
import { updateRequest } from "./update.ts";

/** Tells the state that waits to read what is stored. A hint: `stale`, that nothing waits for it, is fine. */
export const signal = async (
  { workflow, clock }: Pick<Ports, "workflow" | "clock">,
  request: Request,
): Promise<"sent" | "stale"> => {
  if (request.waiting === undefined) return "stale";
  const due = dueAt(request) ?? timestamp(clock.now());
  return workflow.signal(request.waiting.token, { seconds: secondsUntil(due, clock.now()) });
};

/** Signals after an intent was written. The intent stands and is found even if nobody can be woken now, so that is not the caller's trouble. */
export const hint = async (
  deps: Pick<Ports, "workflow" | "clock" | "log">,
  request: Request,
): Promise<void> => {
  try {
    await signal(deps, request);
  } catch (error) {
    deps.log.warn("The workflow could not be woken; the reconciler will see to it.", {
      requestId: request.id,
      error,
    });
  }
};

const decided: ReadonlySet<RequestStatus> = new Set(["approved", "denied", "cancelled", "lapsed"]);

/** Tells the wait for the approval what has become of the request, unless the workflow is past it: then another state waits, for something else. */
export const signalDecision = async (
  deps: Pick<Ports, "workflow" | "clock" | "log">,
  request: Request,
): Promise<void> => {
  if (decided.has(request.status)) await hint(deps, request);
};

/** What an execution is told when it starts, given where the request stands. */
export const workflowStart = (request: Request, now: number): WorkflowStart => ({
  request: request.id,
  k: request.execution,
  version: 1,
  enter: entrance(request),
  seconds: request.lapsesAt === undefined ? 1 : secondsUntil(request.lapsesAt, now),
  startAt: request.startAt ?? request.createdAt,
  strategy: request.access?.strategy ?? "none",
});

const entrance = ({ status, endRequested }: Request): WorkflowStart["enter"] => {
  if (status === "pending_approval") return "approval";
  return status === "approved" && endRequested === undefined ? "escalation" : "deescalation";
};

/**
 * Makes sure that an execution looks after the request: one that is running is left alone, one that was written down and never started is
 * started, and a dead one is followed by the next. An approved or escalating request whose execution died is ended, unless it waits for its start: then it goes on
 * waiting, as an active one does for its expiry.
 *
 * @param isStale the request's token was signalled and nothing waits for it: then a running execution that {@link isOutOfReach} is followed by the next, too
 * @returns the execution that was started, if one was
 */
export const ensureExecution = async (
  deps: Pick<Ports, "requests" | "workflow" | "clock" | "log">,
  request: Request,
  isStale = false,
): Promise<number | undefined> => {
  if (isTerminal(request.status)) return undefined;
  const status = await deps.workflow.status(request.id, request.execution);
  const isRunning = status === "running";
  if (isRunning && !(isStale && isOutOfReach(request, deps.clock.now()))) return undefined;
  const next = status === "absent" ? request : await succeed(deps, request, isRunning);
  if (next === undefined) return undefined;
  await deps.workflow.start(workflowStart(next, deps.clock.now()));
  deps.log.warn("An execution was started to look after a request.", {
    requestId: request.id,
    execution: executionName(request.id, next.execution),
  });
  return next.execution;
};

/** How long a request is due before an execution that does nothing about it counts as out of reach, in milliseconds. */
const reactionTime = 30_000;

/**
 * Whether the newest execution of a request that is due has not begun to take the access away: it waits for
 * a token that is not the stored one. The next execution beside it is safe, for Deescalate is idempotent and changes
 * access under the lease's lock only; the older one finds the request over when its own wait times out. It is
 * followed only once: the next one enters at Deescalate and is noted as taking the access away.
 */
const isOutOfReach = (request: Request, now: number): boolean => {
  const { status, takenAwayBy, execution } = request;
  if (status !== "active" && status !== "deescalating") return false;
  const due = dueAt(request);
  if (due === undefined || !isDue(request, now)) return false;
  return takenAwayBy !== execution && now - milliseconds(due) >= reactionTime;
};

/** Writes down that the next execution takes over. Undefined when somebody else did, the request is over, or a running execution has reacted. */
const succeed = async (
  deps: Pick<Ports, "requests" | "clock">,
  { id, execution }: Request,
  isRunning: boolean,
): Promise<Request | undefined> => {
  const { request, changed } = await updateRequest(deps, id, (current) => {
    const now = deps.clock.now();
    if (isRunning && !isOutOfReach(current, now)) return undefined;
    const next = startNextExecution(execution)(current);
    const ended = next && (endBroken(now)(next) ?? next);
    const isToEnd = ended && entrance(ended) === "deescalation" && isDue(ended, now);
    return isToEnd ? takingAway(ended, executionName(id, ended.execution)) : ended;
  });
  return changed ? request : undefined;
};

const endBroken = (now: number) => (request: Request) =>
  isRevocable(request.status) && request.status !== "active" && !mayStillStart(request, now)
    ? requestEnd(
        { reason: "failed", by: curfew, at: timestamp(now) },
        "The workflow broke before the access was given.",
      )(request)
    : undefined;

/** A schedule, or the reconciler, found that a request's time has come: wakes its workflow, or replaces it. */
export const wake = async (
  deps: Pick<Ports, "requests" | "workflow" | "clock" | "log">,
  id: RequestId,
): Promise<void> => {
  const stored = await deps.requests.get(id);
  if (stored === undefined || isTerminal(stored.document.status)) return;
  const due = dueAt(stored.document);
  try {
    if (due !== undefined && isLastMinutes(due, deps.clock.now()))
      await signal(deps, stored.document);
  } finally {
    await ensureExecution(deps, stored.document);
  }
};
