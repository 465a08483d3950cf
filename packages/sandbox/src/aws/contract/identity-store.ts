import {
  Identitystore,
  paginateListGroupMemberships,
  paginateListGroupMembershipsForMember,
  paginateListGroups,
  paginateListUsers,
} from "@aws-sdk/client-identitystore";
import { expect } from "vitest";
import { acme } from "../acme.ts";
import type { Contract, PagedList } from "./contract.ts";
import type { World } from "./world.ts";

const as = (config: World["hub"]) => new Identitystore(config);
const IdentityStoreId = acme.identityStoreId;
const inStore = { IdentityStoreId };
const otherStore = { IdentityStoreId: "d-ace0000002" };
const alice = acme.users[0]?.id ?? "";
const bob = acme.users[1]?.id ?? "";
const carol = acme.users[2]?.id ?? "";
const [engineers = "", approvers = "", admins = ""] = acme.groups.map(({ id }) => id);
const nobody = "00000000-0000-4000-8000-000000000000";
const pair = (GroupId: string, UserId: string) => ({
  IdentityStoreId,
  GroupId,
  MemberId: { UserId },
});
const by = (AttributePath: string, AttributeValue: string) => ({
  IdentityStoreId,
  AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
});

export const identityStore: Contract = {
  CreateGroupMembership: {
    answers: async ({ management }) => {
      const { MembershipId } = await as(management).createGroupMembership(pair(admins, alice));
      expect(MembershipId).toEqual(expect.any(String));
    },
    refuses: {
      ConflictException: ({ management }) =>
        as(management).createGroupMembership(pair(engineers, alice)),
      ResourceNotFoundException: ({ management }) =>
        as(management).createGroupMembership(pair(admins, nobody)),
      AccessDeniedException: ({ hub }) => as(hub).createGroupMembership(pair(admins, bob)),
    },
  },
  DeleteGroupMembership: {
    answers: async ({ management }) => {
      const client = as(management);
      const { MembershipId } = await client.createGroupMembership(pair(admins, bob));
      await client.deleteGroupMembership({ IdentityStoreId, MembershipId });
      await expect(client.getGroupMembershipId(pair(admins, bob))).rejects.toMatchObject({
        ResourceType: "GROUP_MEMBERSHIP",
      });
    },
    refuses: {
      ResourceNotFoundException: ({ management }) =>
        as(management).deleteGroupMembership({ IdentityStoreId, MembershipId: nobody }),
    },
  },
  DescribeGroup: {
    answers: async ({ management }) => {
      const group = await as(management).describeGroup({ IdentityStoreId, GroupId: engineers });
      expect(group).toMatchObject({ GroupId: engineers, DisplayName: "engineers" });
    },
    refuses: {
      ResourceNotFoundException: ({ management }) =>
        as(management).describeGroup({ IdentityStoreId, GroupId: nobody }),
    },
  },
  DescribeGroupMembership: {
    answers: async ({ management }) => {
      const client = as(management);
      const { MembershipId } = await client.getGroupMembershipId(pair(engineers, alice));
      const found = await client.describeGroupMembership({ IdentityStoreId, MembershipId });
      expect(found).toMatchObject({ GroupId: engineers, MemberId: { UserId: alice } });
      const added = await client.createGroupMembership(pair(approvers, alice));
      const described = await client.describeGroupMembership({
        IdentityStoreId,
        MembershipId: added.MembershipId,
      });
      expect(described).toMatchObject({
        CreatedAt: expect.any(Date),
        CreatedBy: "arn:aws:iam::111111111111:user/sandbox",
      });
      await client.deleteGroupMembership({ IdentityStoreId, MembershipId: added.MembershipId });
    },
    refuses: {
      ResourceNotFoundException: ({ management }) =>
        as(management).describeGroupMembership({ IdentityStoreId, MembershipId: nobody }),
    },
  },
  DescribeUser: {
    answers: async ({ management }) => {
      const user = await as(management).describeUser({ IdentityStoreId, UserId: alice });
      expect(user).toMatchObject({ UserName: "alice@acme.example", UserStatus: "ENABLED" });
    },
    refuses: {
      ResourceNotFoundException: ({ management }) =>
        as(management).describeUser({ IdentityStoreId, UserId: nobody }),
      ValidationException: ({ management }) =>
        as(management).describeUser({ IdentityStoreId, UserId: "alice" }),
    },
  },
  GetGroupId: {
    answers: async ({ management }) => {
      const { GroupId } = await as(management).getGroupId(by("displayName", "engineers"));
      expect(GroupId).toBe(engineers);
    },
    refuses: {
      ResourceNotFoundException: ({ management }) =>
        as(management).getGroupId(by("displayName", "nobodies")),
      ValidationException: ({ management }) =>
        as(management).getGroupId(by("description", "Run Curfew")),
    },
  },
  GetGroupMembershipId: {
    answers: async ({ management }) => {
      const found = await as(management).getGroupMembershipId(pair(engineers, alice));
      expect(found.MembershipId).toEqual(expect.any(String));
    },
    refuses: {
      ResourceNotFoundException: ({ management }) =>
        as(management).getGroupMembershipId(pair(approvers, alice)),
    },
  },
  GetUserId: {
    answers: async ({ management }) => {
      const { UserId } = await as(management).getUserId(by("emails.value", "alice@acme.example"));
      expect(UserId).toBe(alice);
    },
    refuses: {
      ResourceNotFoundException: ({ management }) =>
        as(management).getUserId(by("userName", "mallory@acme.example")),
      ValidationException: ({ management }) => as(management).getUserId(by("nickName", "al")),
    },
  },
  IsMemberInGroups: {
    answers: async ({ management }) => {
      const { Results } = await as(management).isMemberInGroups({
        IdentityStoreId,
        MemberId: { UserId: alice },
        GroupIds: [engineers, approvers],
      });
      expect(Results?.map(({ MembershipExists }) => MembershipExists)).toEqual([true, false]);
    },
    refuses: {
      ValidationException: ({ management }) =>
        as(management).isMemberInGroups({
          IdentityStoreId,
          MemberId: { UserId: alice },
          GroupIds: [],
        }),
    },
  },
  ListGroupMemberships: {
    answers: async ({ management }) => {
      const listed = await as(management).listGroupMemberships({
        IdentityStoreId,
        GroupId: engineers,
      });
      expect(listed.GroupMemberships).toHaveLength(4);
    },
    refuses: {
      ResourceNotFoundException: ({ management }) =>
        as(management).listGroupMemberships({ IdentityStoreId, GroupId: nobody }),
    },
  },
  ListGroupMembershipsForMember: {
    answers: async ({ management }) => {
      const listed = await as(management).listGroupMembershipsForMember({
        IdentityStoreId,
        MemberId: { UserId: bob },
      });
      const ids = listed.GroupMemberships?.map(({ GroupId }) => GroupId);
      expect(ids).toEqual(expect.arrayContaining([engineers, approvers]));
    },
    refuses: {
      ResourceNotFoundException: ({ management }) =>
        as(management).listGroupMembershipsForMember({
          IdentityStoreId,
          MemberId: { UserId: nobody },
        }),
    },
  },
  ListGroups: {
    answers: async ({ management }) => {
      const { Groups } = await as(management).listGroups(inStore);
      expect(Groups).toHaveLength(4);
    },
    refuses: {
      ResourceNotFoundException: ({ management }) => as(management).listGroups(otherStore),
      ValidationException: ({ management }) =>
        as(management).listGroups({ IdentityStoreId, NextToken: "none of ours" }),
    },
  },
  ListUsers: {
    answers: async ({ management }) => {
      const { Users } = await as(management).listUsers(inStore);
      expect(Users).toHaveLength(5);
    },
    refuses: {
      ResourceNotFoundException: ({ management }) => as(management).listUsers(otherStore),
      AccessDeniedException: ({ hub }) => as(hub).listUsers(inStore),
    },
  },
  // Last: the others count.
  DeleteGroup: {
    answers: async ({ management }) => {
      await as(management).deleteGroup({ IdentityStoreId, GroupId: admins });
      const { Groups } = await as(management).listGroups(inStore);
      expect(Groups).toHaveLength(3);
    },
    refuses: {
      ResourceNotFoundException: ({ management }) =>
        as(management).deleteGroup({ IdentityStoreId, GroupId: nobody }),
    },
  },
  DeleteUser: {
    answers: async ({ management }) => {
      await as(management).deleteUser({ IdentityStoreId, UserId: carol });
      const { Users } = await as(management).listUsers(inStore);
      expect(Users).toHaveLength(4);
    },
    refuses: {
      ResourceNotFoundException: ({ management }) =>
        as(management).deleteUser({ IdentityStoreId, UserId: nobody }),
      AccessDeniedException: ({ hub }) => as(hub).deleteUser({ IdentityStoreId, UserId: alice }),
    },
  },
};

export const identityStoreLists: readonly PagedList[] = [
  {
    operation: "ListUsers",
    pages: ({ management }, pageSize) =>
      paginateListUsers({ client: as(management), pageSize }, { ...inStore }),
    member: "Users",
  },
  {
    operation: "ListGroups",
    pages: ({ management }, pageSize) =>
      paginateListGroups({ client: as(management), pageSize }, { ...inStore }),
    member: "Groups",
  },
  {
    operation: "ListGroupMemberships",
    pages: ({ management }, pageSize) =>
      paginateListGroupMemberships(
        { client: as(management), pageSize },
        { IdentityStoreId, GroupId: engineers },
      ),
    member: "GroupMemberships",
  },
  {
    operation: "ListGroupMembershipsForMember",
    pages: ({ management }, pageSize) =>
      paginateListGroupMembershipsForMember(
        { client: as(management), pageSize },
        { IdentityStoreId, MemberId: { UserId: bob } },
      ),
    member: "GroupMemberships",
  },
];
