import { CurfewError } from "../errors/curfew-error.ts";
import { WorkflowError, workflowErrors } from "../errors/workflow-errors.ts";
import type { RequestId } from "../ids.ts";
import type { Ports } from "../ports/index.ts";
import { arm, isEarly, latestEnd } from "../request/lifecycle.ts";
import { milliseconds } from "../time.ts";
import { scheduledFor } from "./expiry.ts";
import { updateRequest } from "./update.ts";

/** So near a start is waited for here, in milliseconds: the workflow's own wait and our clock may differ by a little. */
const shortWait = 2_000;

/**
 * Sets the schedule that ends the access at the latest possible moment, before anything is granted. May run any number of times: the schedule's
 * time is what was written down first.
 *
 * @throws WorkflowError `NotYet` before the request's start
 * @throws CurfewError `request.wrong-state` when nothing is to be granted any more
 */
export const armRevocation = async (
  deps: Pick<Ports, "requests" | "schedules" | "clock">,
  id: RequestId,
): Promise<void> => {
  const now = deps.clock.now();
  const { request } = await updateRequest(deps, id, arm(now));
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
