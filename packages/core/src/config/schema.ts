import * as z from "zod/mini";
import { Duration, longestDuration } from "../durations.ts";
import { Settings } from "../request/access.ts";

/** Names of flows, targets, strategies and integrations: as they may stand in an SRN. */
export const Name = z
  .string()
  .check(z.regex(/^[a-zA-Z0-9-_]{1,64}$/, "must be 1 to 64 letters, digits, - or _"));

/** The members of these groups of IAM Identity Center (by id). */
export const Members = z.strictObject({
  groups: z.array(z.string().check(z.minLength(1))).check(z.minLength(1)),
});
export type Members = z.infer<typeof Members>;

/** Everyone, or the members of some groups. */
export const People = z.union([z.literal("everyone"), Members]);
export type People = z.infer<typeof People>;

const RoleArn = z
  .string()
  .check(z.regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, "must be the ARN of an IAM role"));

/** How Curfew reaches an account: the role that the account's connector deployed. */
export const Integration = z.strictObject({
  roleArn: RoleArn,
  externalId: z.string().check(z.minLength(2), z.maxLength(1_224)),
  region: z.string().check(z.regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS region")),
  settings: z._default(Settings, {}),
});
export type Integration = z.infer<typeof Integration>;

/** What can be asked for. Which settings a type needs is the strategy's business. */
export const Target = z.strictObject({
  type: z.string().check(z.minLength(1)),
  label: z.optional(z.string().check(z.minLength(1), z.maxLength(55))),
  settings: z._default(Settings, {}),
});
export type Target = z.infer<typeof Target>;

/** Which strategy gives the access, and through which integration. */
export const StrategyUse = z.strictObject({
  type: z.string().check(z.minLength(1)),
  integration: Name,
});
export type StrategyUse = z.infer<typeof StrategyUse>;

/**
 * A connector's role through which nothing is given any more, and the strategy by which it was. What was given before is taken away through it: the functions that do so
 * may assume it, and no others.
 */
export const FormerIntegration = z.strictObject({
  type: z.string().check(z.minLength(1)),
  roleArn: RoleArn,
});
export type FormerIntegration = z.infer<typeof FormerIntegration>;

const defaultDurations = ["30s", "10m", "1h"];

/** How long one may ask for: any duration up to a maximum, or one of a list. In seconds once parsed. */
export const DurationRule = z.union([
  z.strictObject({ max: Duration }),
  z.strictObject({ options: z.array(Duration).check(z.minLength(1)) }),
]);
export type DurationRule = z.infer<typeof DurationRule>;

/** The longest duration that a rule allows, in seconds. */
export const longestOf = (rule: DurationRule): number =>
  "max" in rule ? rule.max : Math.max(...rule.options);

/** One thing people can ask for, with its rules. */
export const Flow = z.strictObject({
  label: z.optional(z.string().check(z.minLength(1), z.maxLength(55))),
  version: z._default(z.string().check(z.regex(/^\d+\.\d+\.\d+$/, "must be n.n.n")), "1.0.0"),
  strategy: Name,
  targets: z.array(Name).check(z.minLength(1)),
  requesters: People,
  /** Who decides; without them nobody needs to. */
  approvers: z.optional(Members),
  /** How long the approvers have, in seconds once parsed; a day unless it says otherwise. Goes with `approvers` only. */
  approvalTimeout: z.optional(Duration),
  /** Whether approvers may decide on requests of their own. Goes with `approvers` only. */
  allowSelfApproval: z.optional(z.boolean()),
  duration: z.prefault(DurationRule, { options: defaultDurations }),
  /** How long access may last in all with its extensions, in seconds once parsed; see {@link longestWithExtensions}. */
  extendableTo: z.optional(Duration),
  reasonRequired: z._default(z.boolean(), true),
  /** Whether people may end the access before its curfew. */
  allowRevoke: z._default(z.boolean(), true),
  /** Whether the curfew ends the access; otherwise only a revoke does. */
  scheduleDeescalation: z._default(z.boolean(), true),
});
export type Flow = z.infer<typeof Flow>;

/**
 * How long access of a flow may last in all, in seconds. Nobody approves an extension: where approval is needed, the extensions of one request reach no further
 * than what could have been approved at once, unless the flow says otherwise.
 */
export const longestWithExtensions = ({ extendableTo, approvers, duration }: Flow): number =>
  extendableTo ?? (approvers === undefined ? longestDuration : longestOf(duration));

/** The whole of `curfew.config.ts`, parsed. */
export const Config = z.strictObject({
  /** Slug of the organisation, as it stands in SRNs. */
  organization: Name,
  /** Who signs the tokens that callers bring. */
  identity: z.strictObject({ issuer: z.url(), audience: z.string().check(z.minLength(1)) }),
  /** The integration of type IAM Identity Center in which callers are looked up. */
  directory: Name,
  /** Who may see every request, and end it. */
  admins: z.optional(Members),
  /** Who may see every request, and nothing else. */
  auditors: z.optional(Members),
  integrations: z.record(Name, Integration),
  /** What the configuration does not use any more, and through which access may still be open. */
  formerIntegrations: z._default(z.array(FormerIntegration), []),
  strategies: z.record(Name, StrategyUse),
  targets: z.record(Name, Target),
  flows: z.record(Name, Flow),
});
export type Config = z.infer<typeof Config>;

/** `curfew.config.ts` as it is written, defaults left out. */
export type ConfigInput = z.input<typeof Config>;

/** Gives `curfew.config.ts` its types. It is parsed where it is used. */
export const defineConfig = (config: ConfigInput): ConfigInput => config;

/** What stands under that name. Names come from outside, so what every object inherits must not be found. */
export const named = <T>(entries: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(entries, name) ? entries[name] : undefined;

/** The flow of that name. */
export const flowNamed = ({ flows }: Pick<Config, "flows">, name: string): Flow | undefined =>
  named(flows, name);
