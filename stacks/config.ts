import { strategyDefinitions } from "@curfew/aws";
import { parseConfig } from "@curfew/core";
import configuration from "../curfew.config.ts";

/** Parsed here as well as in the functions: a mistake must stop the deployment, not the deescalations. */
const config = parseConfig(configuration, strategyDefinitions);

/** Who signs the tokens that callers bring. */
export const identity = config.identity;

/** The roles that other accounts offer, sorted: the order of the configuration means nothing. */
export const connectorRoleArns = [
  ...new Set(Object.values(config.integrations).map(({ roleArn }) => roleArn)),
].toSorted();

const directory = config.integrations[config.directory];
if (!directory) throw new Error(`curfew.config.ts: there is no integration ${config.directory}`);

/** The role that reads IAM Identity Center's directory. */
export const directoryRoleArn = directory.roleArn;
