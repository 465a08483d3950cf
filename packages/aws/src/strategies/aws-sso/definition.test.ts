import { Access } from "@curfew/core";
import { describe, expect, it } from "vitest";
import { awsSsoDefinition } from "./definition.ts";

const instance = "ssoins-acme00000000000a";
const integration = {
  instance_arn: `arn:aws:sso:::instance/${instance}`,
  identity_store_id: "d-ace0000001",
};
const targets = {
  aws_sso_permission_set: {
    account_id: "333333333333",
    permission_set_arn: `arn:aws:sso:::permissionSet/${instance}/ps-readonly0000000a`,
  },
  aws_sso_group: { group_id: "04ca1100-0000-4000-8000-000000000014" },
};

const accessTo = (type: string, settings: Record<string, string>) =>
  Access.parse({
    strategy: "aws_sso",
    integration: {
      name: "identity-center",
      roleArn: "arn:aws:iam::111111111111:role/curfew/CurfewIdentityCenter",
      externalId: "acme-curfew",
      region: "us-east-1",
      settings: { ...integration, ...settings },
    },
    target: { name: "target", type, label: "target", settings },
    person: { id: "user", email: "alice@acme.example" },
    session: { name: "session", sourceIdentity: "alice@acme.example" },
  });

describe.each(Object.entries(targets))("a target of type %s", (type, settings) => {
  const configured = awsSsoDefinition.targetSettings[type];

  it("is configured with nothing that is not known", () => {
    expect(configured?.safeParse(settings).success).toBe(true);
    expect(configured?.safeParse({ ...settings, later: "x" }).success).toBe(false);
    const { integrationSettings } = awsSsoDefinition;
    expect(integrationSettings.safeParse(integration).success).toBe(true);
    expect(integrationSettings.safeParse({ ...integration, later: "x" }).success).toBe(false);
  });

  it("is the same thing where a later version has stored more about it", () => {
    const key = awsSsoDefinition.leaseKey(accessTo(type, settings), "req_1");
    expect(awsSsoDefinition.leaseKey(accessTo(type, { ...settings, later: "x" }), "req_1")).toBe(
      key,
    );
  });
});
