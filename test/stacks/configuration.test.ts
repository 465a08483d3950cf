import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { synthesize } from "../../scripts/synth/synthesize.ts";

const roleArn = "arn:aws:iam::123456789012:role/curfew/Elsewhere";

/** A configuration of another organisation, as somebody might keep it outside of the repository. */
const configuration = (directory: string, flows: string): string => `
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
  flows: ${flows},
});`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "curfew-configuration-"));
});
afterEach(() => rm(folder, { recursive: true }));

const synthesizeWith = async (directory: string, flows = "{}") => {
  const configFile = join(folder, "other.config.ts");
  await writeFile(configFile, configuration(directory, flows));
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

test("a configuration that breaks rules stops the synthesis, with every problem and its path", async () => {
  const flow = `{ strategy: "magic", targets: ["x"], requesters: "everyone", allowRevoke: false, scheduleDeescalation: false }`;
  await expect(synthesizeWith("nowhere", `{ broken: ${flow} }`)).rejects.toThrow(
    `Evaluating sst.config.ts failed.
The configuration is not valid:
  flows.broken: must allow revoking or schedule its deescalation, or both
  flows.broken.strategy: there is no strategy magic
  directory: there is no integration nowhere
`,
  );
});
