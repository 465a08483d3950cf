/** The organisation's configuration, as far as the stacks need it. */
export const config = {
  identity: { issuer: "http://localhost:4100", audience: "curfew" },
  integrations: {
    "identity-center": { roleArn: "arn:aws:iam::111111111111:role/curfew/CurfewIdentityCenter" },
    tools: { roleArn: "arn:aws:iam::555555555555:role/curfew/CurfewLambda" },
  },
};
