import {
  GetUserIdCommand,
  IdentitystoreClient,
  IsMemberInGroupsCommand,
} from "@aws-sdk/client-identitystore";
import { paginateListAccountAssignments, SSOAdminClient } from "@aws-sdk/client-sso-admin";

/** The sandbox's fixed organisation, as far as tests need it. */
export const acme = {
  instanceArn: "arn:aws:sso:::instance/ssoins-acme00000000000a",
  identityStoreId: "d-ace0000001",
  readOnly: "arn:aws:sso:::permissionSet/ssoins-acme00000000000a/ps-readonly0000000a",
  powerUser: "arn:aws:sso:::permissionSet/ssoins-acme00000000000a/ps-poweruser000000a",
  prod: "222222222222",
  staging: "333333333333",
  oncall: "04ca1100-0000-4000-8000-000000000014",
} as const;

/** Configuration of an SDK client that is an administrator of an account: the management account unless another is named. */
export const administrator = (endpoint: string, account?: string) => ({
  endpoint,
  region: "us-east-1",
  credentials: {
    accessKeyId: account === undefined ? "sandbox" : `sandbox-${account}`,
    secretAccessKey: "any",
  },
});

/** Looks at Acme's Identity Center as an administrator would. */
export const identityCenter = (awsUrl: string) => {
  const sso = new SSOAdminClient(administrator(awsUrl));
  const store = new IdentitystoreClient(administrator(awsUrl));

  const userId = async (name: string): Promise<string> => {
    const answer = await store.send(
      new GetUserIdCommand({
        IdentityStoreId: acme.identityStoreId,
        AlternateIdentifier: {
          UniqueAttribute: {
            AttributePath: "userName",
            AttributeValue: `${name}@acme.example`,
          },
        },
      }),
    );
    return answer.UserId ?? "";
  };

  const isAssigned = async (
    name: string,
    account: string,
    permissionSet: string,
  ): Promise<boolean> => {
    const user = await userId(name);
    const pages = paginateListAccountAssignments(
      { client: sso },
      { InstanceArn: acme.instanceArn, AccountId: account, PermissionSetArn: permissionSet },
    );
    for await (const { AccountAssignments = [] } of pages)
      if (AccountAssignments.some((assignment) => assignment.PrincipalId === user)) return true;
    return false;
  };

  return {
    userId,
    /** Whether the person is assigned the permission set in the account. */
    isAssigned,
    /** Whether the person is assigned ReadOnly on staging. */
    hasStagingReadOnly: (name: string) => isAssigned(name, acme.staging, acme.readOnly),
    /** Whether the person is a member of the group oncall. */
    isOncall: async (name: string): Promise<boolean> => {
      const answer = await store.send(
        new IsMemberInGroupsCommand({
          IdentityStoreId: acme.identityStoreId,
          MemberId: { UserId: await userId(name) },
          GroupIds: [acme.oncall],
        }),
      );
      return answer.Results?.[0]?.MembershipExists === true;
    },
  };
};
