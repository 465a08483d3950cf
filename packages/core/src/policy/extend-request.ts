import { type Config, flowNamed, longestWithExtensions } from "../config/schema.ts";
import { formatDuration } from "../durations.ts";
import { hasTimeLeft } from "../request/extension.ts";
import type { Request } from "../request/request.ts";
import { addSeconds, milliseconds, type Timestamp, timestamp } from "../time.ts";
import { decideAgain } from "./decide-grant.ts";
import { allowed, type Decision, type Refusal, refused } from "./decision.ts";
import type { Standing } from "./standing.ts";

/**
 * How often a request may be extended: each extension adds to its history, and the request must stay small enough to be stored until its end is
 * written.
 */
export const mostExtensions = 100;

/** What is decided about a later end: allowed, it says which. */
export type ExtensionDecision =
  | { allowed: true; end: Timestamp }
  | { allowed: false; refusal: Refusal };

/** Whether a person may extend the access at all. */
export const mayExtend = ({ requester }: Standing): Decision =>
  requester
    ? allowed
    : refused(
        "request.not-allowed",
        "Only the requester extends the access: others may ask for their own.",
      );

/**
 * Decides whether the access may last `duration` seconds from now instead, under the flow's rules of now. What was approved once needs no new approval as long as each extension, and all
 * of them together, keep to those rules.
 *
 * @param groups ids of those groups of the flow's requesters that the requester is in now
 */
export const decideExtension = (
  config: Config,
  groups: ReadonlySet<string>,
  request: Request,
  duration: number,
  now: number,
): ExtensionDecision => {
  if (!hasTimeLeft(request, now)) return refused("request.wrong-state", whyNot(request));
  const rules = decideAgain(config, groups, { ...request, duration });
  if (!rules.allowed) return rules;
  const end = addSeconds(timestamp(now), duration);
  const problem = tooOften(request) ?? tooLong(config, request, end) ?? tooEarly(request, end);
  return problem ?? { allowed: true, end };
};

const whyNot = ({ status, endRequested, expiresAt }: Request): string => {
  if (status !== "active") return `A request that is ${status} cannot be extended.`;
  if (endRequested !== undefined) return `${endRequested.by.name} has ended it already.`;
  return expiresAt === undefined
    ? "The access has no curfew that could be put off: it lasts until it is revoked."
    : `The access was to end at ${expiresAt}: that has come.`;
};

type Problem = Extract<ExtensionDecision, { allowed: false }> | undefined;

const tooOften = ({ history }: Request): Problem =>
  history.filter(({ event }) => event === "request.extended").length < mostExtensions
    ? undefined
    : refused("extension.too-many", `A request can be extended ${mostExtensions} times.`);

const tooLong = (config: Config, { activatedAt, flow }: Request, end: Timestamp): Problem => {
  const rules = flowNamed(config, flow.name);
  if (activatedAt === undefined || rules === undefined) return undefined;
  const longest = longestWithExtensions(rules);
  const last = addSeconds(activatedAt, longest);
  if (milliseconds(end) <= milliseconds(last)) return undefined;
  return refused(
    "extension.too-long",
    `Access through ${flow.name} lasts at most ${formatDuration(longest)} with all its extensions, here until ${last}. Ask for it anew to have it longer.`,
    "duration",
  );
};

const tooEarly = ({ expiresAt }: Request, end: Timestamp): Problem =>
  expiresAt === undefined || milliseconds(end) > milliseconds(expiresAt)
    ? undefined
    : refused(
        "extension.not-later",
        `The access lasts until ${expiresAt} already; an extension never shortens it. The duration counts from now.`,
        "duration",
      );
