import type { Flow } from "../config/schema.ts";
import type { EndRequested } from "../request/request.ts";
import { type Decision, refused } from "./decision.ts";
import type { Standing } from "./standing.ts";

/** What is decided about ending access before its curfew: allowed, it says under which reason. */
export type RevokeDecision =
  | { allowed: true; reason: EndRequested["reason"] }
  | Extract<Decision, { allowed: false }>;

/** Whether a person may end the access. A flow that is configured no more forbids nothing. */
export const mayRevoke = (
  { requester, approver, admin }: Standing,
  flow: Pick<Flow, "allowRevoke"> | undefined,
): RevokeDecision => {
  if (flow?.allowRevoke === false)
    return refused("request.not-allowed", "The flow does not allow revoking.");
  if (requester) return { allowed: true, reason: "released" };
  return approver || admin
    ? { allowed: true, reason: "revoked" }
    : refused("request.not-allowed", "Only the requester, approvers and admins end access.");
};
