/** Turns an evaluation into what packages/sandbox/deployment.json holds. */
import * as z from "zod";
import type { Build, Evaluation, Resource } from "./evaluation.ts";
import { hub } from "./hub.ts";

/** The resource graph of one stage: what a deployment would create, and the bundles it would make. */
export interface Deployment {
  version: 1;
  app: string;
  stage: string;
  region: string;
  accountId: string;
  resources: Resource[];
  builds: {
    /** The function's name in AWS. */
    function: string;
    /** The entry point's path without its extension, and the export. */
    handler: string;
    /** What `Resource.<Name>` of the sst package answers inside the function. */
    links: Record<string, Record<string, unknown>>;
    /** SST's `nodejs` options of the function. */
    esbuild: Record<string, unknown>;
  }[];
}

/** JSON documents that Pulumi keeps as strings: easier to read, and to compare, as objects. */
const documents = new Set(["assumeRolePolicy", "definition", "eventPattern", "policy"]);

/** Objects get their keys sorted, so that the file is the same in every run. */
const normalize = (value: unknown, key = ""): unknown => {
  if (typeof value === "string" && documents.has(key)) return normalize(JSON.parse(value));
  if (Array.isArray(value)) return value.map((item) => normalize(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, item]) => [name, normalize(item, name)]),
  );
};

const Properties = z.record(z.string(), z.unknown());

/** SST delivers links in an encrypted file with this key; `builds` has them in the clear. */
const withoutKey = (resource: Resource): Resource => {
  if (resource.type !== "aws:lambda/function:Function") return resource;
  const { environment, s3Bucket: _bucket, s3Key: _key, ...rest } = resource.properties;
  const { variables } = z.object({ variables: Properties }).parse(environment);
  const { SST_KEY: _secret, SST_KEY_FILE: _file, ...others } = variables;
  return { ...resource, properties: { ...rest, environment: { variables: others } } };
};

/** Pulumi's mocks put the stack before the type of what has no parent; its engine does not. */
const withoutStack = (link: Record<string, unknown>): Record<string, unknown> => ({
  ...link,
  type: z.string().parse(link.type).replace("pulumi.pulumi.Stack$", ""),
});

const withoutStacks = (links: Build["links"]): Build["links"] =>
  Object.fromEntries(Object.entries(links).map(([name, link]) => [name, withoutStack(link)]));

const order = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/**
 * Sorts and cleans an evaluation.
 *
 * @throws Error when a bundle belongs to no function.
 */
export const toDeployment = (stage: string, evaluation: Evaluation): Deployment => {
  const names = new Map(
    evaluation.resources
      .filter(({ type }) => type === "aws:lambda/function:Function")
      .map(({ name, properties }) => [name, z.string().parse(properties.name)]),
  );
  const functionName = (functionId: string): string => {
    const name = names.get(`${functionId}Function`);
    if (!name) throw new Error(`No Lambda function belongs to the bundle "${functionId}"`);
    return name;
  };
  return {
    version: 1,
    app: evaluation.app,
    stage,
    region: hub.region,
    accountId: hub.accountId,
    resources: evaluation.resources
      .map(withoutKey)
      .map((resource) => ({
        ...resource,
        properties: Properties.parse(normalize(resource.properties)),
      }))
      .toSorted((a, b) => order(a.type, b.type) || order(a.name, b.name)),
    builds: evaluation.builds
      .map(({ functionID, handler, links, properties: { architecture: _, ...nodejs } }) => ({
        function: functionName(functionID),
        handler,
        links: z.record(z.string(), Properties).parse(normalize(withoutStacks(links))),
        esbuild: nodejs,
      }))
      .toSorted((a, b) => order(a.function, b.function)),
  };
};
