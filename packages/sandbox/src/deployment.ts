import { readFileSync } from "node:fs";
import { DeploymentFile, resourcesOf } from "./deployment/graph.ts";
import {
  functionArn,
  joinAsyncConfigs,
  joinFunctions,
  joinRoles,
  joinRoutes,
  joinRules,
} from "./deployment/join.ts";
import type { Deployment } from "./deployment/model.ts";

export { DeploymentFile } from "./deployment/graph.ts";
export type * from "./deployment/model.ts";

/**
 * Turns the graph of {@link DeploymentFile} into what the sandbox runs.
 *
 * @throws Error that names the resource which is not as it should be
 */
export const readDeployment = (content: unknown): Deployment => {
  const file = DeploymentFile.parse(content);
  const resources = resourcesOf(file);
  const { app, stage, region, accountId } = file;
  return {
    app,
    stage,
    region,
    accountId,
    functions: joinFunctions(resources, file.builds),
    asyncConfigs: joinAsyncConfigs(resources),
    permissions: resources.permissions.map((it) => ({
      functionArn: functionArn(resources, it.function),
      action: it.action,
      principal: it.principal,
      sourceArn: it.sourceArn,
      sourceAccount: it.sourceAccount,
    })),
    machines: resources.machines,
    scheduleGroups: resources.scheduleGroups,
    rules: joinRules(resources),
    queues: resources.queues.map(({ name, arn, url, resourceId, messageRetentionSeconds }) => ({
      name,
      arn,
      retention: messageRetentionSeconds,
      policy: resources.queuePolicies.find(
        ({ queueUrl }) => queueUrl === url || queueUrl === resourceId,
      )?.policy,
    })),
    topics: resources.topics,
    tables: resources.tables,
    routes: joinRoutes(resources),
    roles: joinRoles(resources),
  };
};

/**
 * Reads and checks the file.
 *
 * @throws Error when it is missing, or not in form
 */
export const loadDeployment = (path: string): Deployment => {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new Error(`cannot read ${path}: \`npm run synth\` writes it`, { cause });
  }
  return readDeployment(JSON.parse(text));
};
