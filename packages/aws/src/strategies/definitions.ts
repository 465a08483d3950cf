import type { StrategyDefinition } from "@curfew/core";
import { awsLambdaDefinition } from "./aws-lambda/definition.ts";
import { awsSsoDefinition } from "./aws-sso/definition.ts";

/** What can be configured: one entry per strategy. Needs no AWS client, so that what only reads the configuration stays small. */
export const strategyDefinitions: readonly StrategyDefinition[] = [
  awsSsoDefinition,
  awsLambdaDefinition,
];
