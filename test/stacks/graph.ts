/** Reads the synthesized graph, which deployment-file.test.ts holds to what the stacks declare. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const Resource = z.object({
  type: z.string(),
  name: z.string(),
  properties: z.record(z.string(), z.unknown()),
});
type Resource = z.infer<typeof Resource>;

const Graph = z.object({ stage: z.string(), resources: z.array(Resource) });

export const deploymentFile = join(import.meta.dirname, "../../packages/sandbox/deployment.json");

export const graph = Graph.parse(JSON.parse(readFileSync(deploymentFile, "utf8")));

/** The properties of every resource of a type. */
export const propertiesOf = <S extends z.ZodType>(
  type: string,
  schema: S,
  resources: readonly Resource[] = graph.resources,
): z.infer<S>[] =>
  resources
    .filter((resource) => resource.type === type)
    .map(({ properties }) => schema.parse(properties));

/** Policies write a list of one as its element. */
const Strings = z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]);

const Statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.literal("Allow"),
  Action: Strings,
  Resource: Strings,
  Principal: z.record(z.string(), Strings).optional(),
  Condition: z.record(z.string(), z.record(z.string(), Strings)).optional(),
});

const Policy = z.object({ Statement: z.array(Statement) });

const Role = z.object({
  name: z.string(),
  arn: z.string(),
  path: z.string().default("/"),
  assumeRolePolicy: Policy,
  inlinePolicies: z.array(z.object({ policy: Policy })).default([]),
  managedPolicyArns: z.array(z.string()).default([]),
});

/** The roles of a graph, with what they may do. */
const rolesOf = (resources: readonly Resource[]) =>
  propertiesOf("aws:iam/role:Role", Role, resources).map(
    ({ assumeRolePolicy, inlinePolicies, ...role }) => ({
      ...role,
      trust: assumeRolePolicy.Statement,
      statements: inlinePolicies.flatMap(({ policy }) => policy.Statement),
    }),
  );

export const roles = rolesOf(graph.resources);

export const functions = propertiesOf(
  "aws:lambda/function:Function",
  z.object({ name: z.string(), arn: z.string(), role: z.string() }),
);

export const queuePolicies = propertiesOf(
  "aws:sqs/queuePolicy:QueuePolicy",
  z.object({ policy: Policy }),
);

/** Every statement of a role together with the role's name. */
export const grants = roles.flatMap(({ name, statements }) =>
  statements.map((statement) => ({ role: name, ...statement })),
);

/** By function, the roles of other accounts that it may assume, sorted and each once. A function that may assume none is left out. */
export const reachOf = (resources: readonly Resource[]): Record<string, string[]> =>
  Object.fromEntries(
    rolesOf(resources).flatMap(({ name, statements }) => {
      const assuming = statements.filter(({ Action }) => Action.includes("sts:AssumeRole"));
      const reach = [...new Set(assuming.flatMap(({ Resource }) => Resource))].toSorted();
      return reach.length === 0 ? [] : [[name.replace("curfew-sandbox-", ""), reach]];
    }),
  );

/** The one role of this name. */
export const roleNamed = (name: string) => {
  const role = roles.find((candidate) => candidate.name === name);
  if (!role) throw new Error(`There is no role ${name}`);
  return role;
};
