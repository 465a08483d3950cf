import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { synthesize } from "../../scripts/synth/synthesize.ts";
import { writeConfiguration } from "../support/configuration.ts";
import { propertiesOf, reachOf } from "./graph.ts";

const identityCenter = "arn:aws:iam::111111111111:role/curfew/CurfewIdentityCenter";
const moved = "arn:aws:iam::999999999999:role/curfew/CurfewMoved";
const lambda = "arn:aws:iam::555555555555:role/curfew/CurfewLambda";

/** Acme without the integration `tools`, and without all that uses it. */
const withoutTools = (formerIntegrations: object[]): string => `{
  ...acme,
  integrations: { "identity-center": acme.integrations["identity-center"] },
  strategies: { "identity-center": acme.strategies["identity-center"] },
  flows: { "staging-access": acme.flows["staging-access"] },
  formerIntegrations: ${JSON.stringify(formerIntegrations)},
}`;

const graphs: Awaited<ReturnType<typeof synthesize>>["resources"][] = [];

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "curfew-former-"));
  const former = [
    { type: "aws_lambda", roleArn: lambda },
    { type: "aws_sso", roleArn: moved },
  ];
  for (const entries of [[], former]) {
    const configFile = await writeConfiguration(folder, withoutTools(entries));
    graphs.push((await synthesize({ stage: "sandbox", configFile })).resources);
  }
  await rm(folder, { recursive: true });
});

test("former roles are for what takes access away and for the reconciler of leases alone, each for its strategy", () => {
  const [before, after] = graphs.map(reachOf);
  expect(Object.values(before ?? {}).flat()).not.toContain(lambda);
  expect(after).toEqual({
    ...before,
    "deescalate-aws_lambda": [lambda],
    "deescalate-aws_sso": [identityCenter, moved],
    "reconcile-leases": [identityCenter, lambda, moved],
  });
});

test("a strategy that nothing uses keeps the functions that take access away", () => {
  const Named = z.object({ name: z.string() });
  for (const resources of graphs)
    expect(
      propertiesOf("aws:lambda/function:Function", Named, resources).map(({ name }) => name),
    ).toContain("curfew-sandbox-deescalate-aws_lambda");
});
