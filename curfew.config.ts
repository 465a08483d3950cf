import { defineConfig } from "@curfew/core";

/** Groups of IAM Identity Center, by the ids that never change. */
const groups = {
  engineers: "e4614ee2-0000-4000-8000-000000000011",
  approvers: "a4420e22-0000-4000-8000-000000000012",
  admins: "ad3145e0-0000-4000-8000-000000000013",
};

const permissionSets = "arn:aws:sso:::permissionSet/ssoins-acme00000000000a";

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
  },
  strategies: {
    "identity-center": { type: "aws_sso", integration: "identity-center" },
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
  },
});
