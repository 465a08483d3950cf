import {
  type GroupMembership,
  type IdentitystoreClient,
  ListGroupMembershipsCommand,
} from "@aws-sdk/client-identitystore";
import { ListAccountAssignmentsCommand, type SSOAdminClient } from "@aws-sdk/client-sso-admin";
import { acme } from "../support/acme.ts";

/** What a customer's function was called with. */
export interface Invocation {
  type: string;
  username: string;
}

/** What is looked with. */
export interface Eyes {
  sso: SSOAdminClient;
  store: IdentitystoreClient;
  /** Every invocation of a function, oldest first. */
  invocations(name: string): Promise<Invocation[]>;
  /** The e-mail address of a user of Identity Center. */
  emailOf(userId: string): Promise<string>;
}

/** One who has something. */
export interface Holder {
  email: string;
  /** The id under which the service keeps it, where there is one: what is taken away and given back has another. */
  entry?: string | undefined;
}

/** Something that people may have. */
export interface Thing {
  name: string;
  holders(eyes: Eyes): Promise<Holder[]>;
}

const permissionSetIds = {
  ReadOnly: "ps-readonly0000000a",
  PowerUser: "ps-poweruser000000a",
  Administrator: "ps-administrator00a",
};
type PermissionSet = keyof typeof permissionSetIds;

const complete = <T>(items: readonly T[] | undefined, nextToken: string | undefined): T[] => {
  if (nextToken !== undefined) throw new Error("There is more than one page.");
  return [...(items ?? [])];
};

/** Nobody has what does not exist any more. */
const unlessDeleted =
  (holders: Thing["holders"]): Thing["holders"] =>
  async (eyes) => {
    try {
      return await holders(eyes);
    } catch (error) {
      if (error instanceof Error && error.name === "ResourceNotFoundException") return [];
      throw error;
    }
  };

/** A permission set in an account. */
export const assignment = (account: string, permissionSet: PermissionSet): Thing => ({
  name: `${permissionSet} on ${account}`,
  holders: unlessDeleted(async ({ sso, emailOf }) => {
    const id = permissionSetIds[permissionSet];
    const answer = await sso.send(
      new ListAccountAssignmentsCommand({
        InstanceArn: acme.instanceArn,
        AccountId: account,
        PermissionSetArn: acme.readOnly.replace(permissionSetIds.ReadOnly, id),
      }),
    );
    const listed = complete(answer.AccountAssignments, answer.NextToken);
    return Promise.all(
      listed.map(async ({ PrincipalId = "" }) => ({ email: await emailOf(PrincipalId) })),
    );
  }),
});

/** A group. */
export const group = (name: string, id: string): Thing => ({
  name: `the group ${name}`,
  holders: unlessDeleted(async ({ store, emailOf }) => {
    const answer = await store.send(
      new ListGroupMembershipsCommand({ IdentityStoreId: acme.identityStoreId, GroupId: id }),
    );
    const holder = async ({ MemberId, MembershipId }: GroupMembership): Promise<Holder> => ({
      email: await emailOf(MemberId?.UserId ?? ""),
      entry: MembershipId,
    });
    return Promise.all(complete(answer.GroupMemberships, answer.NextToken).map(holder));
  }),
});

/** What a customer's function gives: whoever it was last told to give it to, and not since to take it from. */
export const givenByFunction = (name: string): Thing => ({
  name: `what ${name} gives`,
  holders: async ({ invocations }) => holdersBy(await invocations(name)),
});

/** Who has what a function gives, after these invocations: its last word counts. */
export const holdersBy = (invocations: readonly Invocation[]): Holder[] => {
  const lastWords = new Map(invocations.map(({ username, type }) => [username, type]));
  return [...lastWords].filter(([, type]) => type === "escalate").map(([email]) => ({ email }));
};

export const stagingReadOnly = assignment(acme.staging, "ReadOnly");
export const prodPowerUser = assignment(acme.prod, "PowerUser");
export const prodReadOnly = assignment(acme.prod, "ReadOnly");
export const oncall = group("oncall", acme.oncall);
export const databaseAdmin = givenByFunction("db-admin");

/** All there is to have in Acme. */
export const allThings: readonly Thing[] = [
  ...[acme.prod, acme.staging, "444444444444"].flatMap((account) =>
    (["ReadOnly", "PowerUser", "Administrator"] as const).map((permissionSet) =>
      assignment(account, permissionSet),
    ),
  ),
  oncall,
  group("engineers", "e4614ee2-0000-4000-8000-000000000011"),
  group("approvers", "a4420e22-0000-4000-8000-000000000012"),
  group("admins", "ad3145e0-0000-4000-8000-000000000013"),
  databaseAdmin,
];
