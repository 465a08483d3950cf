import type { Config, Flow } from "../config/schema.ts";
import { formatDuration } from "../durations.ts";
import { groupsOfRequesters, mayAsk } from "../policy/decide-request.ts";
import type { Ports } from "../ports/index.ts";
import type { Person } from "../request/person.ts";

/** A flow as the API shows it to those who may ask for it. */
export interface FlowView {
  name: string;
  label: string;
  targets: { name: string; label: string; type: string }[];
  /** Either the longest duration, or all that may be chosen. */
  duration: { max: string } | { options: string[] };
  approvalRequired: boolean;
  reasonRequired: boolean;
}

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
  approvalRequired: flow.approvers !== undefined,
  reasonRequired: flow.reasonRequired,
});
