import type { Clock, Log, Strategy } from "@curfew/core";
import type { Sessions } from "../sessions.ts";
import { createAwsLambda } from "./aws-lambda/strategy.ts";
import { createAwsSso } from "./aws-sso/strategy.ts";

const factories: Readonly<
  Record<string, (sessions: Sessions, clock: Clock, log: Log) => Strategy>
> = {
  aws_sso: createAwsSso,
  aws_lambda: createAwsLambda,
};

/** The strategy of that name, ready for use. Throws if there is none, which a parsed configuration rules out. */
export const createStrategy = (
  name: string,
  sessions: Sessions,
  clock: Clock,
  log: Log,
): Strategy => {
  const create = factories[name];
  if (create === undefined) throw new Error(`There is no strategy ${name}.`);
  return create(sessions, clock, log);
};
