import { strategyDefinitions } from "@curfew/aws";
import { connectorRoles, formerRoles, parseConfig } from "@curfew/core";
import configuration from "../curfew.config.ts";
import type { StrategyName } from "./permissions.ts";

/** Parsed here as well as in the functions: a mistake must stop the deployment, not the deescalations. */
const config = parseConfig(configuration, strategyDefinitions);

/** Who signs the tokens that callers bring. */
export const identity = config.identity;

/** The roles that other accounts offer, by the strategy that uses them. */
export const connectorRoleArns: Record<StrategyName, string[]> = {
  aws_sso: connectorRoles(config, "aws_sso"),
  aws_lambda: connectorRoles(config, "aws_lambda"),
};

/** Those through which a strategy only takes away what it once gave. */
export const formerRoleArns: Record<StrategyName, string[]> = {
  aws_sso: formerRoles(config, "aws_sso"),
  aws_lambda: formerRoles(config, "aws_lambda"),
};

const directory = config.integrations[config.directory];
if (!directory) throw new Error(`curfew.config.ts: there is no integration ${config.directory}`);

/** The role that reads IAM Identity Center's directory. */
export const directoryRoleArn = directory.roleArn;
