import { defineConfig } from "@curfew/core";

/** The sandbox's organisation, Acme: what people may ask for, and how Curfew reaches the accounts. Replace it by your own. */
export default defineConfig({
  organization: "acme",
  identity: { issuer: "https://login.acme.example", audience: "curfew" },
  directory: "identity-center",
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
        permission_set_arn:
          "arn:aws:sso:::permissionSet/ssoins-acme00000000000a/ps-readonly0000000a",
      },
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
  },
});
