import { devNull } from "node:os";
import type { FunctionConfig } from "../deployment.ts";

/** Keys of a function's role, as `callers.issue` hands them out. */
export interface RoleCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

/** What all functions have in common. */
export interface Surroundings {
  app: string;
  stage: string;
  region: string;
  /** URL of the sandbox's AWS endpoint. */
  endpoint: string;
}

/**
 * The environment of a function before its role's credentials: its own variables, its links, and those
 * that Lambda sets. Nothing of the machine's environment reaches a function.
 */
export const staticEnvironment = (
  config: Pick<FunctionConfig, "name" | "memory" | "environment" | "links">,
  { app, stage, region, endpoint }: Surroundings,
): Record<string, string> => {
  const environment: Record<string, string> = {
    ...config.environment,
    SST_RESOURCE_App: JSON.stringify({ name: app, stage }),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_NAME: config.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.memory),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${config.name}`,
    // The SDK must find neither the developer's profiles nor an instance's role.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
  };
  for (const [name, value] of Object.entries(config.links))
    environment[`SST_RESOURCE_${name}`] = JSON.stringify(value);
  // Where SST would decrypt the links from a file of the deployed package: here they are in the environment.
  delete environment.SST_KEY;
  delete environment.SST_KEY_FILE;
  return environment;
};

/** The variables from which the SDK takes the role's credentials, and when it must read them again. */
export const credentialEnvironment = (keys: RoleCredentials): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: keys.accessKeyId,
  AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  AWS_SESSION_TOKEN: keys.sessionToken,
  AWS_CREDENTIAL_EXPIRATION: keys.expiration.toISOString(),
});
