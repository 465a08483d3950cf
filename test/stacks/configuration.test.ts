import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { synthesize } from "../../scripts/synth/synthesize.ts";

const roleArn = "arn:aws:iam::123456789012:role/curfew/Elsewhere";

/** A configuration of another organisation, as somebody might keep it outside of the repository. */
const configuration = (directory: string): string => `
import { defineConfig } from "@curfew/core";
export default defineConfig({
  organization: "other",
  identity: { issuer: "https://login.other.example", audience: "other-curfew" },
  directory: "${directory}",
  integrations: {
    center: {
      roleArn: "${roleArn}",
      externalId: "other-curfew",
      region: "eu-west-1",
      settings: {
        instance_arn: "arn:aws:sso:::instance/ssoins-0123456789abcdef",
        identity_store_id: "d-0123456789",
      },
    },
  },
  strategies: {},
  targets: {},
  flows: {},
});`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "curfew-configuration-"));
});
afterEach(() => rm(folder, { recursive: true }));

const synthesizeWith = async (directory: string) => {
  const configFile = join(folder, "other.config.ts");
  await writeFile(configFile, configuration(directory));
  return synthesize({ stage: "sandbox", configFile });
};

test("another configuration brings its own issuer and roles", async () => {
  const { resources } = await synthesizeWith("center");
  const authorizer = resources.find(({ type }) => type.endsWith(":Authorizer"));
  expect(authorizer?.properties.jwtConfiguration).toEqual({
    issuer: "https://login.other.example",
    audiences: ["other-curfew"],
  });
  const listFlows = resources.find(({ name }) => name === "ListFlowsRole");
  expect(JSON.stringify(listFlows)).toContain(roleArn);
  expect(JSON.stringify(resources)).not.toContain("acme");
});

test("a configuration that does not fit together stops the synthesis", async () => {
  await expect(synthesizeWith("nowhere")).rejects.toThrow("there is no integration nowhere");
});
