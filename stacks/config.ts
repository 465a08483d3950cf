import { strategyDefinitions } from "@curfew/aws";
import { parseConfig } from "@curfew/core";
import configuration from "../curfew.config.ts";
import type { StrategyName } from "./permissions.ts";

/** Parsed here as well as in the functions: a mistake must stop the deployment, not the deescalations. */
const config = parseConfig(configuration, strategyDefinitions);

/** Who signs the tokens that callers bring. */
export const identity = config.identity;

/** The roles that other accounts offer to a strategy, sorted: the order of the configuration means nothing. */
const rolesFor = (strategy: StrategyName): string[] => {
  const uses = Object.values(config.strategies).filter(({ type }) => type === strategy);
  const roles = uses.flatMap(({ integration }) => config.integrations[integration]?.roleArn ?? []);
  return [...new Set(roles)].toSorted();
};

/** The roles that other accounts offer, by the strategy that uses them. */
export const connectorRoleArns = {
  aws_sso: rolesFor("aws_sso"),
  aws_lambda: rolesFor("aws_lambda"),
};

const directory = config.integrations[config.directory];
if (!directory) throw new Error(`curfew.config.ts: there is no integration ${config.directory}`);

/** The role that reads IAM Identity Center's directory. */
export const directoryRoleArn = directory.roleArn;
