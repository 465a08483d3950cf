import { CurfewError } from "../errors/curfew-error.ts";
import { WorkflowError, workflowErrors } from "../errors/workflow-errors.ts";
import type { RequestId } from "../ids.ts";
import type { Ports } from "../ports/index.ts";
import { lapse } from "../request/approval.ts";
import { arm, isEarly, latestEnd } from "../request/lifecycle.ts";
import { isTerminal } from "../request/status.ts";
import { milliseconds } from "../time.ts";
import { scheduledFor } from "./expiry.ts";
import { publishEvents } from "./publish-events.ts";
import { updateRequest } from "./update.ts";

/** So near a start is waited for here, in milliseconds: the workflow's own wait and our clock may differ by a little. */
const shortWait = 2_000;

/**
 * Goes by what is stored, whatever woke the workflow: a request whose time to be decided is over lapses, and for one that is approved the schedule is
 * set that ends the access at the latest possible moment, before anything is granted. May run any number of times: the schedule's time is what was
 * written down first.
 *
 * @throws WorkflowError `NotApproved` when nothing is to be granted: it was denied or cancelled, has lapsed or ended; `Undecided` while nobody has
 *   decided; `NotYet` before the request's start
 * @throws CurfewError `request.wrong-state` when its end was asked for already
 */
export const armRevocation = async (
  deps: Pick<Ports, "requests" | "schedules" | "clock" | "publisher" | "log">,
  id: RequestId,
): Promise<void> => {
  const now = deps.clock.now();
  const { request } = await updateRequest(
    deps,
    id,
    (stored) => lapse(now)(stored) ?? arm(now)(stored),
  );
  if (request.status === "pending_approval")
    throw new WorkflowError(workflowErrors.undecided, "Nobody has decided yet.");
  if (isTerminal(request.status)) {
    // The decision's call publishes the decision, and after an approval the next step does where that failed. Here no step follows.
    await publishEvents(deps, id);
    throw new WorkflowError(workflowErrors.notApproved, `The request is ${request.status}.`);
  }
  if (request.startAt !== undefined && isEarly(request, now)) {
    const left = milliseconds(request.startAt) - now;
    if (left > shortWait)
      throw new WorkflowError(workflowErrors.notYet, `The request starts at ${request.startAt}.`);
    await deps.clock.sleep(left);
    return armRevocation(deps, id);
  }
  const end = latestEnd(request);
  if (end === undefined)
    throw new CurfewError(
      "request.wrong-state",
      `A request that is ${request.status} cannot be armed.`,
    );
  if (request.scheduled) await deps.schedules.create({ request: id, n: 0, at: scheduledFor(end) });
};
