import { strategyDefinitions } from "@curfew/aws";
import { type Config, type Person, parseConfig } from "@curfew/core";
import { alice, bob, carol } from "@curfew/core/testing";
import { assignmentKey, membershipKey } from "./identity-center.ts";

const instance = "ssoins-acme00000000000a";
const permissionSet = (name: string): string =>
  `arn:aws:sso:::permissionSet/${instance}/ps-${name}`;

export const accounts = { prod: "222222222222", staging: "333333333333" } as const;
export const permissionSets = {
  readonly: permissionSet("readonly0000000a"),
  power: permissionSet("poweruser000000a"),
} as const;
const approvers = "a4420e22-0000-4000-8000-000000000012";
export const oncall = "04ca1100-0000-4000-8000-000000000014";

/** The requesters; Carol approves. */
export const people = { alice, bob } as const satisfies Record<string, Person>;
export const approver: Person = carol;
export const groups = { [approvers]: [carol.id] };

const assignmentTarget = (account: keyof typeof accounts, name: keyof typeof permissionSets) => ({
  type: "aws_sso_permission_set",
  settings: { account_id: accounts[account], permission_set_arn: permissionSets[name] },
});
const groupTarget = { type: "aws_sso_group", settings: { group_id: oncall } };
const functionTarget = {
  type: "aws_lambda_function",
  settings: { arn: "arn:aws:lambda:us-east-1:555555555555:function:db-admin" },
};

/** Two targets stand for the same assignment, and two for the same group. */
export const targets = {
  "prod-readonly": assignmentTarget("prod", "readonly"),
  "prod-viewer": assignmentTarget("prod", "readonly"),
  "staging-power": assignmentTarget("staging", "power"),
  oncall: groupTarget,
  pager: groupTarget,
  "db-admin": functionTarget,
} as const;

export type PlannedPerson = keyof typeof people;
export type PlannedTarget = keyof typeof targets;

const identityCenterTargets = ["prod-readonly", "prod-viewer", "staging-power", "oncall", "pager"];

const flow = { requesters: "everyone" as const, reasonRequired: false };
const identityCenter = { strategy: "identity-center", targets: identityCenterTargets };
const tools = { strategy: "tools", targets: ["db-admin"] };
const approved = { approvers: { groups: [approvers] }, approvalTimeout: "1h" };
const timed = { duration: { max: "1h" } };

export const config: Config = parseConfig(
  {
    organization: "acme",
    identity: { issuer: "https://login.acme.example", audience: "curfew" },
    directory: "identity-center",
    integrations: {
      "identity-center": {
        roleArn: "arn:aws:iam::111111111111:role/curfew/CurfewIdentityCenter",
        externalId: "acme-curfew",
        region: "us-east-1",
        settings: {
          instance_arn: `arn:aws:sso:::instance/${instance}`,
          identity_store_id: "d-ace0000001",
        },
      },
      tools: {
        roleArn: "arn:aws:iam::555555555555:role/curfew/CurfewLambda",
        externalId: "acme-curfew",
        region: "us-east-1",
      },
    },
    strategies: {
      "identity-center": { type: "aws_sso", integration: "identity-center" },
      tools: { type: "aws_lambda", integration: "tools" },
    },
    targets,
    flows: {
      "identity-center": { ...flow, ...identityCenter, ...timed },
      "identity-center-approved": { ...flow, ...identityCenter, ...timed, ...approved },
      tools: { ...flow, ...tools, ...timed },
      "tools-approved": { ...flow, ...tools, ...timed, ...approved },
    },
  },
  strategyDefinitions,
);

/** The flow through which a plan asks for a target. */
export const flowFor = (target: PlannedTarget, needsApproval: boolean): string =>
  `${target === "db-admin" ? "tools" : "identity-center"}${needsApproval ? "-approved" : ""}`;

/** The access log's key of a thing that is shared and may be standing; undefined for a function's. */
export const sharedKeyOf = (target: PlannedTarget, person: string): string | undefined => {
  if (target === "db-admin") return undefined;
  const { settings } = targets[target];
  return "group_id" in settings
    ? membershipKey(settings.group_id, person)
    : assignmentKey(settings.account_id, settings.permission_set_arn, person);
};
