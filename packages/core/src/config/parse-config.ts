import { formatDuration } from "../durations.ts";
import type { InputProblem } from "../errors/curfew-error.ts";
import { parseInput } from "../errors/parse-input.ts";
import type { StrategyDefinition } from "../ports/strategy.ts";
import { connectorRoles } from "./connector-roles.ts";
import { Config, type Flow, longestOf, named } from "./schema.ts";

/** A configuration that breaks rules: every one of them, each with its path. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly InputProblem[];

  constructor(problems: readonly InputProblem[]) {
    const lines = problems.map(({ path, message }) => `  ${path}: ${message}`);
    super(`The configuration is not valid:\n${lines.join("\n")}`);
    this.problems = problems;
  }
}

/**
 * Parses `curfew.config.ts` and checks that it fits together.
 *
 * @param definitions the strategies there are
 * @throws ConfigError with every problem
 */
export const parseConfig = (input: unknown, definitions: readonly StrategyDefinition[]): Config => {
  const parsed = parseInput(Config, input);
  if (!parsed.success) throw new ConfigError(parsed.problems);
  const problems = [
    ...duplicateNames(parsed.data),
    ...strategyProblems(parsed.data, definitions),
    ...formerProblems(parsed.data, definitions),
    ...flowProblems(parsed.data, definitions),
    ...directoryProblems(parsed.data),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return parsed.data;
};

const duplicateNames = (config: Config): InputProblem[] =>
  (["integrations", "strategies", "targets", "flows"] as const).flatMap((kind) => {
    const seen = new Set<string>();
    return Object.keys(config[kind]).flatMap((name) => {
      const folded = name.toLowerCase();
      if (seen.has(folded))
        return [{ path: `${kind}.${name}`, message: "the name is taken (case does not count)" }];
      seen.add(folded);
      return [];
    });
  });

const unknownStrategy = (
  path: string,
  type: string,
  definitions: readonly StrategyDefinition[],
): InputProblem => {
  const known = definitions.map(({ name }) => name).join(", ");
  return { path: `${path}.type`, message: `there is no strategy ${type}, only ${known}` };
};

const strategyProblems = (
  { strategies, integrations }: Config,
  definitions: readonly StrategyDefinition[],
): InputProblem[] =>
  Object.entries(strategies).flatMap(([name, use]) => {
    const path = `strategies.${name}`;
    const definition = definitions.find((candidate) => candidate.name === use.type);
    if (definition === undefined) return [unknownStrategy(path, use.type, definitions)];
    const integration = named(integrations, use.integration);
    if (integration === undefined)
      return [
        { path: `${path}.integration`, message: `there is no integration ${use.integration}` },
      ];
    const where = ["integrations", use.integration, "settings"];
    const settings = parseInput(definition.integrationSettings, integration.settings, where);
    return settings.success ? [] : settings.problems;
  });

/** An entry that repeats another says nothing, or says of what is still used that it is not. */
const formerProblems = (
  config: Config,
  definitions: readonly StrategyDefinition[],
): InputProblem[] =>
  config.formerIntegrations.flatMap(({ type, roleArn }, index, all) => {
    const path = `formerIntegrations.${index}`;
    if (!definitions.some(({ name }) => name === type))
      return [unknownStrategy(path, type, definitions)];
    if (connectorRoles(config, type).includes(roleArn))
      return [{ path: `${path}.roleArn`, message: `a strategy of type ${type} still uses it` }];
    const first = all.findIndex((other) => other.type === type && other.roleArn === roleArn);
    return first === index
      ? []
      : [{ path, message: `says the same as formerIntegrations.${first}` }];
  });

/** A flow that says how it is approved, and not by whom, would give access without any approval. */
const approvalProblems = (path: string, flow: Flow): InputProblem[] =>
  (["approvalTimeout", "allowSelfApproval"] as const)
    .filter((setting) => flow.approvers === undefined && flow[setting] !== undefined)
    .map((setting) => ({ path: `${path}.${setting}`, message: "goes with approvers only" }));

/** Extensions are there to make access last longer. */
const extensionProblems = (path: string, { extendableTo, duration }: Flow): InputProblem[] =>
  extendableTo === undefined || extendableTo >= longestOf(duration)
    ? []
    : [
        {
          path: `${path}.extendableTo`,
          message: `must be at least ${formatDuration(longestOf(duration))}, the longest duration of the flow`,
        },
      ];

const flowProblems = (config: Config, definitions: readonly StrategyDefinition[]): InputProblem[] =>
  Object.entries(config.flows).flatMap(([name, flow]) => {
    const path = `flows.${name}`;
    const problems = [...approvalProblems(path, flow), ...extensionProblems(path, flow)];
    if (!flow.allowRevoke && !flow.scheduleDeescalation)
      problems.push({ path, message: "must allow revoking or schedule its deescalation, or both" });
    const use = named(config.strategies, flow.strategy);
    if (use === undefined)
      return [
        ...problems,
        { path: `${path}.strategy`, message: `there is no strategy ${flow.strategy}` },
      ];
    const definition = definitions.find((candidate) => candidate.name === use.type);
    if (definition === undefined) return problems;
    return [
      ...problems,
      ...flow.targets.flatMap((target, index) =>
        targetProblems(config, definition, target, `${path}.targets.${index}`),
      ),
    ];
  });

const targetProblems = (
  { targets }: Config,
  definition: StrategyDefinition,
  name: string,
  path: string,
): InputProblem[] => {
  const target = named(targets, name);
  if (target === undefined) return [{ path, message: `there is no target ${name}` }];
  const schema = named(definition.targetSettings, target.type);
  if (schema === undefined)
    return [
      {
        path,
        message: `a target of type ${target.type} does not go with strategy ${definition.name}`,
      },
    ];
  const settings = parseInput(schema, target.settings, ["targets", name, "settings"]);
  return settings.success ? [] : settings.problems;
};

const directoryProblems = ({ directory, integrations }: Config): InputProblem[] =>
  named(integrations, directory) === undefined
    ? [{ path: "directory", message: `there is no integration ${directory}` }]
    : [];
