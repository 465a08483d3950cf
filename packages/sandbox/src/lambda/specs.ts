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
