import * as z from "zod/mini";
import { type Config, type DurationRule, type Flow, flowNamed } from "../config/schema.ts";
import { formatDuration, longestDuration, parseDuration } from "../durations.ts";
import type { Access } from "../request/access.ts";
import type { Person } from "../request/person.ts";
import { timestamp } from "../time.ts";
import { type Refusal, refused } from "./decision.ts";

/** What a person asks for: the body of `POST /requests`. */
export const RequestBody = z.strictObject({
  flow: z.string().check(z.minLength(1), z.maxLength(64)),
  target: z.string().check(z.minLength(1), z.maxLength(64)),
  duration: z
    .string()
    .check(
      z.refine(
        (text) => parseDuration(text) !== undefined,
        "must be a number and a unit, one of s, m, h, d, mo (30 days), such as 30m",
      ),
    ),
  reason: z._default(z.string().check(z.trim(), z.maxLength(2_000)), ""),
  fields: z._default(z.record(z.string().check(z.maxLength(64)), z.json()), {}),
  /** When access is to be given, with a UTC offset; at once without it. */
  startAt: z.optional(
    z.pipe(
      z.iso.datetime({ offset: true, error: "must be an ISO 8601 time with Z or an offset" }),
      z.transform((text) => timestamp(Date.parse(text))),
    ),
  ),
});
export type RequestBody = z.infer<typeof RequestBody>;

/** What is decided about a request that somebody wants to make. */
export type RequestDecision =
  | { allowed: true; flow: Flow; duration: number; access: Omit<Access, "session"> }
  | { allowed: false; refusal: Refusal };

/** What the decision needs to know about the person, beside who it is. */
export interface Asker {
  person: Person;
  /** Ids of those groups of the flow's rules that the person is in. */
  groups: ReadonlySet<string>;
}

/** Decides whether a person may make a request. Pure: the configuration, the person and the body are all it sees. */
export const decideRequest = (config: Config, asker: Asker, body: RequestBody): RequestDecision => {
  const flow = flowNamed(config, body.flow);
  if (flow === undefined)
    return refused("flow.not-found", `There is no flow ${body.flow}.`, "flow");
  if (!mayAsk(flow, asker.groups))
    return refused("flow.not-allowed", `You may not ask for ${body.flow}.`);
  const access = accessTo(config, flow, body.target, asker.person);
  if (access === undefined)
    return refused(
      "flow.target-not-found",
      `The flow ${body.flow} has no target ${body.target}.`,
      "target",
    );
  const unknown = Object.keys(body.fields)[0];
  if (unknown !== undefined)
    return refused("field.invalid", `The flow has no field ${unknown}.`, `fields.${unknown}`);
  if (flow.reasonRequired && body.reason === "")
    return refused("flow.reason-required", "A reason is required.", "reason");
  // What cannot be read is longer than anything that may be asked for: the form of the text was checked.
  const duration = parseDuration(body.duration) ?? Number.POSITIVE_INFINITY;
  const rule = whyNotDuration(flow.duration, duration);
  if (rule !== undefined) return refused("flow.duration-not-allowed", rule, "duration");
  return { allowed: true, flow, duration, access };
};

/** Whether somebody in these groups may ask for the flow. */
export const mayAsk = (flow: Flow, groups: ReadonlySet<string>): boolean =>
  flow.requesters === "everyone" || groupsOfRequesters(flow).some((group) => groups.has(group));

/** The groups whose members may ask for the flow: those in which somebody must be looked up to decide. */
export const groupsOfRequesters = ({ requesters }: Flow): readonly string[] =>
  requesters === "everyone" ? [] : requesters.groups;

const whyNotDuration = (rule: DurationRule, seconds: number): string | undefined => {
  if ("options" in rule)
    return rule.options.includes(seconds)
      ? undefined
      : `The duration must be one of ${rule.options.map(formatDuration).join(", ")}.`;
  const max = Math.min(rule.max, longestDuration);
  return seconds <= max ? undefined : `The duration must be at most ${formatDuration(max)}.`;
};

const accessTo = (
  config: Config,
  flow: Flow,
  name: string,
  person: Person,
): Omit<Access, "session"> | undefined => {
  const target = flow.targets.includes(name) ? config.targets[name] : undefined;
  const use = config.strategies[flow.strategy];
  const integration = use && config.integrations[use.integration];
  if (target === undefined || use === undefined || integration === undefined) return undefined;
  const { type, settings, label = name } = target;
  return {
    strategy: use.type,
    integration: { name: use.integration, ...integration },
    target: { name, type, label, settings },
    person,
  };
};
