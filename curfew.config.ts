import { defineConfig } from "@curfew/core";

/** Groups of IAM Identity Center, by the ids that never change. */
const groups = {
  engineers: "e4614ee2-0000-4000-8000-000000000011",
  approvers: "a4420e22-0000-4000-8000-000000000012",
  admins: "ad3145e0-0000-4000-8000-000000000013",
};

const permissionSets = "arn:aws:sso:::permissionSet/ssoins-acme00000000000a";

/** A function of the account tools that gives access and takes it away: see docs/lambda-targets.md. */
const functionInTools = (name: string, label: string) => ({
  type: "aws_lambda_function",
  label,
  settings: { arn: `arn:aws:lambda:us-east-1:555555555555:function:${name}` },
});

/** The sandbox's organisation, Acme: what people may ask for, and how Curfew reaches the accounts. Replace it by your own. */
export default defineConfig({
  organization: "acme",
  identity: { issuer: "https://login.acme.example", audience: "curfew" },
  directory: "identity-center",
  admins: { groups: [groups.admins] },
  integrations: {
    "identity-center": {
      roleArn: "arn:aws:iam::111111111111:role/curfew/CurfewIdentityCenter",
      externalId: "acme-curfew",
      region: "us-east-1",
      settings: {
        instance_arn: "arn:aws:sso:::instance/ssoins-acme00000000000a",
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
  targets: {
    "staging-readonly": {
      type: "aws_sso_permission_set",
      label: "ReadOnly on staging",
      settings: {
        account_id: "333333333333",
        permission_set_arn: `${permissionSets}/ps-readonly0000000a`,
      },
    },
    "prod-readonly": {
      type: "aws_sso_permission_set",
      label: "ReadOnly on prod",
      settings: {
        account_id: "222222222222",
        permission_set_arn: `${permissionSets}/ps-readonly0000000a`,
      },
    },
    "prod-poweruser": {
      type: "aws_sso_permission_set",
      label: "PowerUser on prod",
      settings: {
        account_id: "222222222222",
        permission_set_arn: `${permissionSets}/ps-poweruser000000a`,
      },
    },
    oncall: {
      type: "aws_sso_group",
      label: "The group oncall",
      settings: { group_id: "04ca1100-0000-4000-8000-000000000014" },
    },
    "db-admin": functionInTools("db-admin", "Administrator of the database"),
    noisy: functionInTools("noisy", "A function that answers with errors"),
    silent: functionInTools("silent", "A function that answers nothing"),
    crash: functionInTools("crash", "A function that crashes"),
    slow: functionInTools("slow", "A function that takes 10 seconds"),
  },
  flows: {
    "staging-access": {
      label: "Access to staging",
      strategy: "identity-center",
      targets: ["staging-readonly"],
      requesters: "everyone",
      duration: { max: "1h" },
    },
    "prod-access": {
      label: "Access to prod",
      strategy: "identity-center",
      targets: ["prod-readonly", "prod-poweruser", "oncall"],
      requesters: { groups: [groups.engineers] },
      approvers: { groups: [groups.approvers] },
      duration: { max: "1h" },
    },
    "database-admin": {
      label: "Administration of databases",
      strategy: "tools",
      targets: ["db-admin", "noisy", "silent", "crash", "slow"],
      requesters: "everyone",
      duration: { max: "1h" },
    },
  },
});
