import { describe, expect, it } from "vitest";
import { aConfig } from "../testing/index.ts";
import { connectorRoles, formerRoles } from "./connector-roles.ts";

const integration = (roleArn: string) => ({
  roleArn: `arn:aws:iam::111111111111:role/${roleArn}`,
  externalId: "acme-curfew",
  region: "us-east-1",
});

const config = aConfig({
  integrations: { b: integration("B"), a: integration("A"), unused: integration("Unused") },
  strategies: {
    first: { type: "fake", integration: "b" },
    second: { type: "fake", integration: "a" },
    third: { type: "fake", integration: "b" },
    fourth: { type: "other", integration: "a" },
  },
  formerIntegrations: [
    { type: "fake", roleArn: "arn:aws:iam::111111111111:role/Unused" },
    { type: "other", roleArn: "arn:aws:iam::111111111111:role/B" },
  ],
});
const names = (roleArns: string[]) => roleArns.map((arn) => arn.split("/").at(-1));

describe("the roles of a strategy", () => {
  it("are those of the integrations that it is used with, sorted and each once", () => {
    expect(names(connectorRoles(config, "fake"))).toEqual(["A", "B"]);
    expect(names(connectorRoles(config, "other"))).toEqual(["A"]);
    expect(connectorRoles(config, "another")).toEqual([]);
  });

  it("are apart from those that it gives nothing through any more", () => {
    expect(names(formerRoles(config, "fake"))).toEqual(["Unused"]);
    expect(names(formerRoles(config, "other"))).toEqual(["B"]);
  });
});
