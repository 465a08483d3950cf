import type { CustomerFunction } from "../aws/organization.ts";
import type { Deployment, FunctionConfig } from "../deployment.ts";
import type { Bundle } from "./bundles.ts";
import { staticEnvironment } from "./environment.ts";
import type { FunctionSpec } from "./spec.ts";

/**
 * The deployment's functions, ready to run.
 *
 * @param endpoint answers the URL of the AWS endpoint, once it listens
 */
export const deployedFunctions = (
  deployment: Pick<Deployment, "functions" | "app" | "stage" | "region">,
  bundles: ReadonlyMap<string, Bundle>,
  endpoint: () => string,
): FunctionSpec[] => {
  const { app, stage, region } = deployment;
  const toSpec = (config: FunctionConfig): FunctionSpec => {
    const bundle = bundles.get(config.name);
    if (bundle === undefined) throw new Error(`${config.name} was not bundled`);
    const { name, arn, description, role, runtime, timeout, memory } = config;
    const environment = (): Record<string, string> =>
      staticEnvironment(config, { app, stage, region, endpoint: endpoint() });
    return { name, arn, description, role, runtime, timeout, memory, ...bundle, environment };
  };
  return deployment.functions.map(toSpec);
};

/** Seconds, and MB: a small function's settings. */
const customerLimits = { timeout: 30, memory: 128 };

/** The functions that other accounts have deployed: modules that run as they are. */
export const customerFunctions = (
  functions: readonly CustomerFunction[],
  region: string,
): FunctionSpec[] =>
  functions.map(({ accountId, name, description, file }) => ({
    name,
    arn: `arn:aws:lambda:${region}:${accountId}:function:${name}`,
    description,
    role: `arn:aws:iam::${accountId}:role/${name}`,
    runtime: "nodejs24.x",
    ...customerLimits,
    file,
    exportName: "handler",
    environment: () => ({ AWS_REGION: region, AWS_LAMBDA_FUNCTION_NAME: name }),
  }));
