import type { Config } from "../config/schema.ts";
import { formatDuration } from "../durations.ts";
import { canonicalJson } from "../json.ts";
import type { Access } from "../request/access.ts";
import type { Request } from "../request/request.ts";
import { decideRequest } from "./decide-request.ts";
import { allowed, type Decision, refused } from "./decision.ts";

/** Whether access may still be given; if not, why. */
export type GrantDecision = { allowed: true } | { allowed: false; reason: string };

/**
 * Decides again at the moment of granting, which may be long after asking: the configuration of now can only refuse what was allowed then. What is given stays what was
 * asked for and approved. Whether who approved would still be an approver is not asked: it was true when it counted.
 *
 * @param groups ids of those groups of the flow's requesters that the requester is in now
 */
export const decideGrant = (
  config: Config,
  groups: ReadonlySet<string>,
  request: Request,
): GrantDecision => {
  const decision = decideAgain(config, groups, request);
  return decision.allowed ? decision : { allowed: false, reason: decision.refusal.message };
};

/** Decides on a request that was made once, as the configuration of now would. */
export const decideAgain = (
  config: Config,
  groups: ReadonlySet<string>,
  { flow, access, requester, duration, reason, fields, approvals }: Request,
): Decision => {
  const refuse = (why: string) => refused("flow.not-allowed", why);
  if (access === undefined) return refuse("The request names nothing to give access to.");
  const decision = decideRequest(
    config,
    { person: requester, groups },
    {
      flow: flow.name,
      target: access.target.name,
      duration: formatDuration(duration),
      reason,
      fields,
    },
  );
  if (!decision.allowed) return decision;
  if (thingOf(decision.access) !== thingOf(access))
    return refuse(`The target ${access.target.name} stands for something else now.`);
  const isApproved = approvals.some((approval) => approval.decision === "approved");
  if (decision.flow.approvers !== undefined && !isApproved)
    return refuse(`The flow ${flow.name} needs an approval now.`);
  return allowed;
};

/** What a target stands for; its label may change, and the way to its account. */
const thingOf = ({ strategy, target }: Pick<Access, "strategy" | "target">): string =>
  canonicalJson([strategy, target.type, target.settings]);
