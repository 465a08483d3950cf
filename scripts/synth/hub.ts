/** The account and region that an evaluation pretends to deploy into: those of the sandbox's hub. */
export const hub = { accountId: "666666666666", region: "us-east-1", partition: "aws" } as const;

/** The ARN of something in the hub. */
export const hubArn = (service: string, resource: string): string =>
  `arn:${hub.partition}:${service}:${hub.region}:${hub.accountId}:${resource}`;
