import { fileURLToPath } from "node:url";
import type { CustomerFunction, Group, Organization, PermissionSet, User } from "./organization.ts";
import type { Role } from "./roles.ts";

const hub = "666666666666";
const management = "111111111111";
const staging = "333333333333";
const tools = "555555555555";
const root = "r-acme";
const instance = "ssoins-acme00000000000a";

const account = (id: string, name: string, parentId: string) => ({
  id,
  name,
  email: `aws-${name}@acme.example`,
  parentId,
});

const permissionSet = (
  id: string,
  name: string,
  description: string,
  sessionDuration = "PT1H",
): PermissionSet => ({
  arn: `arn:aws:sso:::permissionSet/${instance}/${id}`,
  name,
  description,
  sessionDuration,
});

const readOnly = permissionSet("ps-readonly0000000a", "ReadOnly", "Sees everything");
const powerUser = permissionSet("ps-poweruser000000a", "PowerUser", "Everything but IAM", "PT4H");
const administrator = permissionSet("ps-administrator00a", "Administrator", "Everything");

const user = (id: string, givenName: string, familyName: string): User => ({
  id,
  userName: `${givenName.toLowerCase()}@acme.example`,
  displayName: `${givenName} ${familyName}`,
  givenName,
  familyName,
  email: `${givenName.toLowerCase()}@acme.example`,
});

const alice = user("a11ce000-0000-4000-8000-000000000001", "Alice", "Archer");
const bob = user("b0b00000-0000-4000-8000-000000000002", "Bob", "Baker");
const carol = user("ca201000-0000-4000-8000-000000000003", "Carol", "Cook");
const dave = user("da7e0000-0000-4000-8000-000000000004", "Dave", "Dyer");
const erin = user("e2140000-0000-4000-8000-000000000005", "Erin", "Ellis");

const group = (id: string, name: string, description: string): Group => ({ id, name, description });

const engineers = group("e4614ee2-0000-4000-8000-000000000011", "engineers", "May ask for access");
const approvers = group("a4420e22-0000-4000-8000-000000000012", "approvers", "Decide on requests");
const admins = group("ad3145e0-0000-4000-8000-000000000013", "admins", "Run Curfew");
const oncall = group("04ca1100-0000-4000-8000-000000000014", "oncall", "Carry the pager");

const members = (of: Group, ...users: User[]) =>
  users.map((member) => ({ groupId: of.id, userId: member.id }));

/**
 * A connector's role. Source identity and session tags stand in a statement of their own: they
 * know no `sts:ExternalId`, so a condition on it would refuse them.
 */
const connector = (accountId: string, name: string, Action: readonly string[]): Role => {
  const Principal = { AWS: `arn:aws:iam::${hub}:root` };
  const ArnLike = { "aws:PrincipalArn": `arn:aws:iam::${hub}:role/curfew/*` };
  return {
    arn: `arn:aws:iam::${accountId}:role/curfew/${name}`,
    trust: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal,
          Action: "sts:AssumeRole",
          Condition: { ArnLike, StringEquals: { "sts:ExternalId": "acme-curfew" } },
        },
        {
          Effect: "Allow",
          Principal,
          Action: ["sts:SetSourceIdentity", "sts:TagSession"],
          Condition: { ArnLike },
        },
      ],
    },
    policies: [
      {
        name: "connector",
        document: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action, Resource: "*" }],
        },
      },
    ],
  };
};

const functionInTools = (name: string, description: string): CustomerFunction => ({
  accountId: tools,
  name,
  description,
  file: fileURLToPath(new URL(`./acme-functions/${name}.ts`, import.meta.url)),
});

/** The sandbox's organisation. Its ids are fixed, so that scenarios can be written against them. */
export const acme: Organization = {
  id: "o-acme000001",
  rootId: root,
  managementAccount: management,
  accounts: [
    account(management, "management", root),
    account("222222222222", "prod", "ou-acme-workloads"),
    account(staging, "staging", "ou-acme-workloads"),
    account("444444444444", "playground", "ou-acme-playground"),
    account(tools, "tools", root),
    account(hub, "hub", root),
  ],
  units: [
    { id: "ou-acme-workloads", name: "workloads", parentId: root },
    { id: "ou-acme-playground", name: "playground", parentId: root },
  ],
  instanceArn: `arn:aws:sso:::instance/${instance}`,
  identityStoreId: "d-ace0000001",
  permissionSets: [readOnly, powerUser, administrator],
  users: [alice, bob, carol, dave, erin],
  groups: [engineers, approvers, admins, oncall],
  memberships: [
    ...members(engineers, alice, bob, dave, erin),
    ...members(approvers, bob, carol),
    ...members(admins, carol),
    ...members(oncall, dave),
  ],
  assignments: [
    {
      accountId: staging,
      permissionSetArn: readOnly.arn,
      principalType: "USER",
      principalId: dave.id,
    },
  ],
  functions: [
    functionInTools("db-admin", "Answers well"),
    functionInTools("noisy", "Answers with errors"),
    functionInTools("silent", "Answers nothing"),
    functionInTools("crash", "Crashes"),
    functionInTools("slow", "Answers well after 10 seconds"),
  ],
  connectors: [
    connector(management, "CurfewIdentityCenter", [
      "sso:CreateAccountAssignment",
      "sso:DeleteAccountAssignment",
      "sso:DescribeAccountAssignmentCreationStatus",
      "sso:DescribeAccountAssignmentDeletionStatus",
      "sso:DescribePermissionSet",
      "sso:ListAccountAssignmentCreationStatus",
      "sso:ListAccountAssignmentDeletionStatus",
      "sso:ListAccountAssignments",
      "sso:ListInstances",
      "sso:ListPermissionSets",
      "identitystore:CreateGroupMembership",
      "identitystore:DeleteGroupMembership",
      "identitystore:DescribeUser",
      "identitystore:DescribeGroupMembership",
      "identitystore:GetGroupMembershipId",
      "identitystore:GetUserId",
      "identitystore:IsMemberInGroups",
      "identitystore:ListGroupMemberships",
      "identitystore:ListGroups",
      "identitystore:ListUsers",
      "organizations:ListAccounts",
      "organizations:ListAccountsForParent",
      "organizations:ListOrganizationalUnitsForParent",
      "organizations:ListRoots",
    ]),
    connector(tools, "CurfewLambda", ["lambda:InvokeFunction", "lambda:ListFunctions"]),
  ],
};
