import type { Strategy } from "@curfew/core";
import { createAwsLambda } from "./aws-lambda/strategy.ts";
import { createAwsSso } from "./aws-sso/strategy.ts";
import type { StrategyDeps } from "./deps.ts";

const factories: Readonly<Record<string, (deps: StrategyDeps) => Strategy>> = {
  aws_sso: createAwsSso,
  aws_lambda: createAwsLambda,
};

/** The strategy of that name, ready for use. Throws if there is none, which a parsed configuration rules out. */
export const createStrategy = (name: string, deps: StrategyDeps): Strategy => {
  const create = factories[name];
  if (create === undefined) throw new Error(`There is no strategy ${name}.`);
  return create(deps);
};
