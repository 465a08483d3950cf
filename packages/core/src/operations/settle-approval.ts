import { WorkflowError, workflowErrors } from "../errors/workflow-errors.ts";
import type { RequestId } from "../ids.ts";
import type { Ports } from "../ports/index.ts";
import { lapse } from "../request/approval.ts";
import { isTerminal } from "../request/status.ts";
import { publishEvents } from "./publish-events.ts";
import { updateRequest } from "./update.ts";

/**
 * Reads what was decided, whatever woke the workflow, and lets the request lapse if its time to be decided is over. Returns when it is approved.
 *
 * @throws WorkflowError `NotApproved` when it was denied or cancelled or has lapsed; `Undecided` while that is open
 */
export const settleApproval = async (
  deps: Pick<Ports, "requests" | "clock" | "publisher" | "log">,
  id: RequestId,
): Promise<void> => {
  const { request } = await updateRequest(deps, id, lapse(deps.clock.now()));
  // Whoever approved tells the world, and failing that the next step: the access does not wait for it.
  if (request.status !== "approved") await publishEvents(deps, id);
  if (request.status === "pending_approval")
    throw new WorkflowError(workflowErrors.undecided, "Nobody has decided yet.");
  if (isTerminal(request.status))
    throw new WorkflowError(workflowErrors.notApproved, `The request is ${request.status}.`);
};
