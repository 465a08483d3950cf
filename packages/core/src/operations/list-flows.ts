import * as z from "zod/mini";
import { type Config, type Flow, flowNamed, longestWithExtensions } from "../config/schema.ts";
import { formatDuration } from "../durations.ts";
import { CurfewError } from "../errors/curfew-error.ts";
import { groupsOfRequesters, mayAsk } from "../policy/decide-request.ts";
import type { Ports } from "../ports/index.ts";
import type { Person } from "../request/person.ts";

/** A flow as the API shows it to those who may ask for it. */
export const FlowView = z.strictObject({
  name: z.string(),
  label: z.string(),
  targets: z.array(z.strictObject({ name: z.string(), label: z.string(), type: z.string() })),
  /** Either the longest duration, or all that may be chosen. */
  duration: z.union([
    z.strictObject({ max: z.string() }),
    z.strictObject({ options: z.array(z.string()) }),
  ]),
  /** How long access may last in all with its extensions; null for a flow that has no curfew to put off. */
  extendableTo: z.nullable(z.string()),
  approvalRequired: z.boolean(),
  reasonRequired: z.boolean(),
});
export type FlowView = z.infer<typeof FlowView>;

/** The flows that a person may ask for. */
export const listFlows = async (
  { directory }: Pick<Ports, "directory">,
  config: Config,
  person: Person,
): Promise<FlowView[]> => {
  const flows = Object.entries(config.flows);
  const named = flows.flatMap(([, flow]) => groupsOfRequesters(flow));
  const groups = await directory.groupsOf(person, [...new Set(named)]);
  return flows
    .filter(([, flow]) => mayAsk(flow, groups))
    .map(([name, flow]) => viewOf(config, name, flow));
};

/**
 * One of the flows that a person may ask for.
 *
 * @throws CurfewError `flow.not-found` if there is none of that name or the person may not ask for it: the answer does not tell which
 */
export const readFlow = async (
  { directory }: Pick<Ports, "directory">,
  config: Config,
  person: Person,
  name: string,
): Promise<FlowView> => {
  const flow = flowNamed(config, name);
  const groups = flow && (await directory.groupsOf(person, groupsOfRequesters(flow)));
  if (flow === undefined || groups === undefined || !mayAsk(flow, groups))
    throw new CurfewError("flow.not-found", `There is no flow ${name}.`);
  return viewOf(config, name, flow);
};

const viewOf = (config: Config, name: string, flow: Flow): FlowView => ({
  name,
  label: flow.label ?? name,
  targets: flow.targets.flatMap((target) => {
    const found = config.targets[target];
    return found ? [{ name: target, label: found.label ?? target, type: found.type }] : [];
  }),
  duration:
    "max" in flow.duration
      ? { max: formatDuration(flow.duration.max) }
      : { options: flow.duration.options.map(formatDuration) },
  extendableTo: flow.scheduleDeescalation ? formatDuration(longestWithExtensions(flow)) : null,
  approvalRequired: flow.approvers !== undefined,
  reasonRequired: flow.reasonRequired,
});
