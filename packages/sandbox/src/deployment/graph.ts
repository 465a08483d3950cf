import * as z from "zod";
import { resourceTypes } from "./resources.ts";

/** The form of `deployment.json`, which `npm run synth` writes by evaluating the real `sst.config.ts`. */
export const DeploymentFile = z.strictObject({
  version: z.literal(1),
  app: z.string(),
  stage: z.string(),
  region: z.string(),
  accountId: z.string().regex(/^\d{12}$/),
  resources: z.array(
    z.strictObject({
      type: z.string(),
      /** Pulumi's name, unique for a type. */
      name: z.string(),
      /** The provider's id, by which other resources name this one. */
      id: z.string().optional(),
      properties: z.record(z.string(), z.unknown()),
    }),
  ),
  builds: z.array(
    z.strictObject({
      function: z.string(),
      handler: z.string(),
      links: z.record(z.string(), z.record(z.string(), z.unknown())),
      esbuild: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});
export type DeploymentFile = z.infer<typeof DeploymentFile>;

/** Answers the value, or says what the graph lacks. */
export const present = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`deployment.json: there is no ${what}`);
  return value;
};

/** Every resource of the graph that the sandbox reads, by kind, with the id that others refer to it by. */
export const resourcesOf = (file: DeploymentFile) => {
  const all = <S extends z.ZodObject>(kind: { type: string; schema: S }) =>
    file.resources
      .filter((resource) => resource.type === kind.type)
      .map((resource) => {
        const parsed = kind.schema.safeParse(resource.properties);
        if (parsed.success) return { ...parsed.data, resourceId: resource.id ?? resource.name };
        throw new Error(
          `deployment.json: ${kind.type} "${resource.name}": ${z.prettifyError(parsed.error)}`,
        );
      });

  return {
    functions: all(resourceTypes.function),
    asyncConfigs: all(resourceTypes.asyncConfig),
    permissions: all(resourceTypes.permission),
    machines: all(resourceTypes.machine),
    scheduleGroups: all(resourceTypes.scheduleGroup),
    rules: all(resourceTypes.rule),
    targets: all(resourceTypes.target),
    queues: all(resourceTypes.queue),
    queuePolicies: all(resourceTypes.queuePolicy),
    topics: all(resourceTypes.topic),
    tables: all(resourceTypes.table),
    routes: all(resourceTypes.route),
    integrations: all(resourceTypes.integration),
    authorizers: all(resourceTypes.authorizer),
    roles: all(resourceTypes.role),
    rolePolicies: all(resourceTypes.rolePolicy),
  };
};
export type Resources = ReturnType<typeof resourcesOf>;
