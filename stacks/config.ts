const config = {
  identity: { issuer: "http://localhost:4100", audience: "curfew" },
  directory: "identity-center",
  integrations: {
    "identity-center": { roleArn: "arn:aws:iam::111111111111:role/curfew/CurfewIdentityCenter" },
    tools: { roleArn: "arn:aws:iam::555555555555:role/curfew/CurfewLambda" },
  },
};

/** Who signs the tokens that callers bring. */
export const identity = config.identity;

const integrations = new Map(Object.entries(config.integrations));

/** The roles that other accounts offer, sorted: the order of the configuration means nothing. */
export const connectorRoleArns = [
  ...new Set([...integrations.values()].map(({ roleArn }) => roleArn)),
].toSorted();

const directory = integrations.get(config.directory);
if (!directory) throw new Error(`curfew.config.ts: there is no integration ${config.directory}`);

/** The role that reads IAM Identity Center's directory. */
export const directoryRoleArn = directory.roleArn;
