import { executionName, type RequestId } from "../ids.ts";
import type { Ports, WorkflowStart } from "../ports/index.ts";
import {
  dueAt,
  isRevocable,
  mayStillStart,
  requestEnd,
  startNextExecution,
} from "../request/lifecycle.ts";
import { curfew } from "../request/person.ts";
import type { Request } from "../request/request.ts";
import { isTerminal, type RequestStatus } from "../request/status.ts";
import { secondsUntil, timestamp } from "../time.ts";
import { isLastMinutes } from "./expiry.ts";
import { updateRequest } from "./update.ts";

/** Tells the state that waits to look at what is stored. A hint: that nothing waits any more is fine. */
export const signal = async (
  { workflow, clock }: Pick<Ports, "workflow" | "clock">,
  request: Request,
): Promise<void> => {
  if (request.waiting === undefined) return;
  const due = dueAt(request) ?? timestamp(clock.now());
  await workflow.signal(request.waiting.token, { seconds: secondsUntil(due, clock.now()) });
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
 * @returns the execution that was started, if one was
 */
export const ensureExecution = async (
  deps: Pick<Ports, "requests" | "workflow" | "clock" | "log">,
  request: Request,
): Promise<number | undefined> => {
  if (isTerminal(request.status)) return undefined;
  const status = await deps.workflow.status(request.id, request.execution);
  if (status === "running") return undefined;
  const next = status === "absent" ? request : await succeed(deps, request);
  if (next === undefined) return undefined;
  await deps.workflow.start(workflowStart(next, deps.clock.now()));
  deps.log.warn("An execution was started to look after a request.", {
    requestId: request.id,
    execution: executionName(request.id, next.execution),
  });
  return next.execution;
};

/** Writes down that the next execution takes over. Undefined when somebody else did, or the request is over. */
const succeed = async (
  deps: Pick<Ports, "requests" | "clock">,
  { id, execution }: Request,
): Promise<Request | undefined> => {
  const { request, changed } = await updateRequest(deps, id, (current) => {
    const next = startNextExecution(execution)(current);
    return next && (endBroken(deps.clock.now())(next) ?? next);
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
