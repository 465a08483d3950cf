import type { StrategyDefinition } from "@curfew/core";
import * as z from "zod/mini";

/*
 * Keys that are not known are refused in the configuration, and passed over in what was stored with a request: a later version may have written it, and the access has to
 * end all the same.
 */

/** Settings of an integration with IAM Identity Center. */
export const IdentityCenterSettings = z.object({
  instance_arn: z
    .string()
    .check(
      z.regex(
        /^arn:aws[a-z-]*:sso:::instance\/(sso)?ins-[a-zA-Z0-9-.]{16}$/,
        "must be the ARN of an Identity Center instance",
      ),
    ),
  identity_store_id: z
    .string()
    .check(
      z.regex(
        /^d-[0-9a-f]{10}$|^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/,
        "must be the id of an identity store",
      ),
    ),
});

/** Settings of a target `aws_sso_permission_set`. */
export const PermissionSetSettings = z.object({
  account_id: z.string().check(z.regex(/^\d{12}$/, "must be an account id of 12 digits")),
  permission_set_arn: z
    .string()
    .check(
      z.regex(
        /^arn:aws[a-z-]*:sso:::permissionSet\/(sso)?ins-[a-zA-Z0-9-.]{16}\/ps-[a-zA-Z0-9-./]{16}$/,
        "must be the ARN of a permission set",
      ),
    ),
});

/** Settings of a target `aws_sso_group`. */
export const GroupSettings = z.object({
  group_id: z
    .string()
    .check(
      z.regex(
        /^([0-9a-f]{10}-)?[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/,
        "must be the id of a group",
      ),
    ),
});

/** IAM Identity Center: permission sets in accounts, and groups. */
export const awsSsoDefinition: StrategyDefinition = {
  name: "aws_sso",
  integrationSettings: z.strictObject(IdentityCenterSettings.shape),
  targetSettings: {
    aws_sso_permission_set: z.strictObject(PermissionSetSettings.shape),
    aws_sso_group: z.strictObject(GroupSettings.shape),
  },
  leaseKey: ({ integration, target, person }) => {
    const { instance_arn, identity_store_id } = IdentityCenterSettings.parse(integration.settings);
    if (target.type === "aws_sso_group") {
      const { group_id } = GroupSettings.parse(target.settings);
      return ["group", identity_store_id, group_id, person.id].join("#");
    }
    const { account_id, permission_set_arn } = PermissionSetSettings.parse(target.settings);
    return ["sso", instance_arn, account_id, permission_set_arn, person.id].join("#");
  },
};
