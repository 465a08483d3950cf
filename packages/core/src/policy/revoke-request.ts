import type { Flow } from "../config/schema.ts";
import type { EndRequested, Request } from "../request/request.ts";
import { type Decision, refused } from "./decision.ts";
import type { Standing } from "./standing.ts";

/** What is decided about ending access before its curfew: allowed, it says under which reason. */
export type RevokeDecision =
  | { allowed: true; reason: EndRequested["reason"] }
  | Extract<Decision, { allowed: false }>;

/**
 * Whether a person may end the access. `allowRevoke: false` protects access that was given and ends by
 * its curfew. It forbids neither to withdraw a request before its escalation, nor to end access without
 * a curfew, which nothing else would end; nor does a flow that is no longer configured.
 */
export const mayRevoke = (
  { requester, approver, admin }: Standing,
  flow: Pick<Flow, "allowRevoke"> | undefined,
  {
    scheduled,
    status,
    endRequested,
    expiresAt,
  }: Pick<Request, "scheduled" | "status" | "endRequested" | "expiresAt">,
): RevokeDecision => {
  // A request whose end was asked for may be asked about again: the answer is the same.
  const isGiven = status !== "approved" && endRequested === undefined;
  if (flow?.allowRevoke === false && scheduled && isGiven)
    return refused(
      "request.not-allowed",
      `The flow does not allow revoking. The access ends ${expiresAt ?? "at its curfew"}.`,
    );
  if (requester) return { allowed: true, reason: "released" };
  return approver || admin
    ? { allowed: true, reason: "revoked" }
    : refused("request.not-allowed", "Only the requester, approvers and admins end access.");
};
