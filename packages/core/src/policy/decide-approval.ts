import type { Flow } from "../config/schema.ts";
import { allowed, type Decision, refused } from "./decision.ts";
import type { Standing } from "./standing.ts";

/** Whether a person may approve or deny the request. The flow is the one that is configured now; without one nobody may. */
export const mayDecide = (
  { requester, approver }: Standing,
  flow: Pick<Flow, "allowSelfApproval"> | undefined,
): Decision => {
  if (requester && flow?.allowSelfApproval !== true)
    return refused("approval.self", "Somebody else has to decide on your request.");
  return flow !== undefined && approver
    ? allowed
    : refused("approval.not-allowed", "Only the approvers of its flow decide on a request.");
};
