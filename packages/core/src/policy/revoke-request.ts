import type { Flow } from "../config/schema.ts";
import type { EndRequested, Request } from "../request/request.ts";
import { type Decision, refused } from "./decision.ts";
import type { Standing } from "./standing.ts";

/** What is decided about ending access before its curfew: allowed, it says under which reason. */
export type RevokeDecision =
  | { allowed: true; reason: EndRequested["reason"] }
  | Extract<Decision, { allowed: false }>;

/**
 * Whether a person may end the access. A flow that is configured no more forbids nothing; and no flow forbids to end access that has no curfew, as it may have been
 * given under earlier rules: nothing else would ever end it.
 */
export const mayRevoke = (
  { requester, approver, admin }: Standing,
  flow: Pick<Flow, "allowRevoke"> | undefined,
  { scheduled }: Pick<Request, "scheduled">,
): RevokeDecision => {
  if (flow?.allowRevoke === false && scheduled)
    return refused("request.not-allowed", "The flow does not allow revoking.");
  if (requester) return { allowed: true, reason: "released" };
  return approver || admin
    ? { allowed: true, reason: "revoked" }
    : refused("request.not-allowed", "Only the requester, approvers and admins end access.");
};
