import {
  paginateListAccountAssignmentCreationStatus,
  paginateListAccountAssignments,
  paginateListAccountAssignmentsForPrincipal,
  paginateListPermissionSets,
  SSOAdmin,
} from "@aws-sdk/client-sso-admin";
import { expect } from "vitest";
import { acme } from "../acme.ts";
import type { Contract, PagedList } from "./contract.ts";
import type { World } from "./world.ts";

const as = (config: World["hub"]) => new SSOAdmin(config);
const InstanceArn = acme.instanceArn;
const inInstance = { InstanceArn };
const staging = "333333333333";
const playground = "444444444444";
const PermissionSetArn = acme.permissionSets[0]?.arn ?? "";
const administratorSet = acme.permissionSets[2]?.arn ?? "";
const unknownSet = `${PermissionSetArn.slice(0, -1)}b`;
const alice = acme.users[0]?.id ?? "";
const dave = acme.users[3]?.id ?? "";
const nobody = "00000000-0000-4000-8000-000000000000";

const assignment = (TargetId: string, PrincipalId = alice) => ({
  InstanceArn,
  TargetId,
  TargetType: "AWS_ACCOUNT" as const,
  PermissionSetArn,
  PrincipalType: "USER" as const,
  PrincipalId,
});
const ofPrincipal = { InstanceArn, PrincipalId: dave, PrincipalType: "USER" as const };
const inStaging = { InstanceArn, AccountId: staging };
const badToken = { InstanceArn, NextToken: "none of ours" };

/** Creates an assignment, and waits until Lists show it. */
const assign = async ({ management, clock }: World, accountId: string) => {
  const created = await as(management).createAccountAssignment(assignment(accountId));
  await clock.advance(2_000);
  return created.AccountAssignmentCreationStatus?.RequestId;
};

const unassign = async ({ management, clock }: World, accountId: string) => {
  const deleted = await as(management).deleteAccountAssignment(assignment(accountId));
  await clock.advance(2_000);
  return deleted.AccountAssignmentDeletionStatus?.RequestId;
};

export const ssoAdmin: Contract = {
  CreateAccountAssignment: {
    answers: async ({ management, clock }) => {
      const created = await as(management).createAccountAssignment(assignment(playground));
      await clock.advance(2_000);
      expect(created.AccountAssignmentCreationStatus).toMatchObject({
        Status: "IN_PROGRESS",
        TargetId: playground,
        CreatedDate: expect.any(Date),
      });
    },
    refuses: {
      ConflictException: async ({ management, clock }) => {
        await as(management).createAccountAssignment(assignment(playground));
        const second = as(management).createAccountAssignment(assignment(playground, dave));
        await second.finally(() => clock.advance(2_000));
      },
      ResourceNotFoundException: ({ management }) =>
        as(management).createAccountAssignment({
          ...assignment(playground),
          PermissionSetArn: unknownSet,
        }),
      ValidationException: ({ management }) =>
        as(management).createAccountAssignment(assignment("playground")),
      AccessDeniedException: ({ hub }) => as(hub).createAccountAssignment(assignment(playground)),
    },
  },
  DeleteAccountAssignment: {
    answers: async (world) => {
      await assign(world, playground);
      expect(await unassign(world, playground)).toEqual(expect.any(String));
    },
    refuses: {
      ResourceNotFoundException: ({ management }) =>
        as(management).deleteAccountAssignment({
          ...assignment(playground),
          PermissionSetArn: unknownSet,
        }),
    },
  },
  DescribeAccountAssignmentCreationStatus: {
    answers: async (world) => {
      const id = await assign(world, playground);
      const { AccountAssignmentCreationStatus: status } = await as(
        world.management,
      ).describeAccountAssignmentCreationStatus({
        InstanceArn,
        AccountAssignmentCreationRequestId: id,
      });
      expect(status).toMatchObject({ RequestId: id, Status: "SUCCEEDED" });
    },
    refuses: {
      ResourceNotFoundException: ({ management }) =>
        as(management).describeAccountAssignmentCreationStatus({
          InstanceArn,
          AccountAssignmentCreationRequestId: nobody,
        }),
    },
  },
  DescribeAccountAssignmentDeletionStatus: {
    answers: async (world) => {
      await assign(world, playground);
      await unassign(world, playground);
      const id = await unassign(world, playground);
      const { AccountAssignmentDeletionStatus: status } = await as(
        world.management,
      ).describeAccountAssignmentDeletionStatus({
        InstanceArn,
        AccountAssignmentDeletionRequestId: id,
      });
      expect(status).toMatchObject({ Status: "FAILED", FailureReason: expect.any(String) });
    },
    refuses: {
      ResourceNotFoundException: ({ management }) =>
        as(management).describeAccountAssignmentDeletionStatus({
          InstanceArn,
          AccountAssignmentDeletionRequestId: nobody,
        }),
    },
  },
  DescribeInstance: {
    answers: async ({ management }) => {
      const instance = await as(management).describeInstance(inInstance);
      expect(instance).toMatchObject({ IdentityStoreId: acme.identityStoreId, Status: "ACTIVE" });
    },
    refuses: {
      ResourceNotFoundException: ({ management }) =>
        as(management).describeInstance({ InstanceArn: `${InstanceArn.slice(0, -1)}b` }),
    },
  },
  DescribePermissionSet: {
    answers: async ({ management }) => {
      const { PermissionSet } = await as(management).describePermissionSet({
        InstanceArn,
        PermissionSetArn,
      });
      expect(PermissionSet).toMatchObject({ Name: "ReadOnly", SessionDuration: "PT1H" });
    },
    refuses: {
      ResourceNotFoundException: ({ management }) =>
        as(management).describePermissionSet({ InstanceArn, PermissionSetArn: unknownSet }),
    },
  },
  ListAccountAssignmentCreationStatus: {
    answers: async (world) => {
      const id = await assign(world, playground);
      const listed = await as(world.management).listAccountAssignmentCreationStatus({
        InstanceArn,
        Filter: { Status: "SUCCEEDED" },
      });
      const ids = listed.AccountAssignmentsCreationStatus?.map(({ RequestId }) => RequestId);
      expect(ids).toContain(id);
    },
    refuses: {
      ValidationException: ({ management }) =>
        as(management).listAccountAssignmentCreationStatus(badToken),
    },
  },
  ListAccountAssignmentDeletionStatus: {
    answers: async (world) => {
      const id = await unassign(world, playground);
      const listed = await as(world.management).listAccountAssignmentDeletionStatus(inInstance);
      const ids = listed.AccountAssignmentsDeletionStatus?.map(({ RequestId }) => RequestId);
      expect(ids).toContain(id);
    },
    refuses: {
      ValidationException: ({ management }) =>
        as(management).listAccountAssignmentDeletionStatus(badToken),
    },
  },
  ListAccountAssignments: {
    answers: async ({ management }) => {
      const { AccountAssignments } = await as(management).listAccountAssignments({
        ...inStaging,
        PermissionSetArn,
      });
      expect(AccountAssignments?.map(({ PrincipalId }) => PrincipalId)).toEqual([dave]);
    },
    refuses: {
      ResourceNotFoundException: ({ management }) =>
        as(management).listAccountAssignments({ ...inStaging, PermissionSetArn: unknownSet }),
      AccessDeniedException: ({ hub }) =>
        as(hub).listAccountAssignments({ ...inStaging, PermissionSetArn }),
    },
  },
  ListAccountAssignmentsForPrincipal: {
    answers: async ({ management }) => {
      const listed = await as(management).listAccountAssignmentsForPrincipal(ofPrincipal);
      expect(listed.AccountAssignments).toEqual([
        { AccountId: staging, PermissionSetArn, PrincipalId: dave, PrincipalType: "USER" },
      ]);
    },
    refuses: {
      ValidationException: ({ management }) =>
        as(management).listAccountAssignmentsForPrincipal({ ...ofPrincipal, PrincipalId: "dave" }),
    },
  },
  ListAccountsForProvisionedPermissionSet: {
    answers: async ({ management }) => {
      const { AccountIds } = await as(management).listAccountsForProvisionedPermissionSet({
        InstanceArn,
        PermissionSetArn,
      });
      expect(AccountIds).toContain(staging);
    },
    refuses: {
      ResourceNotFoundException: ({ management }) =>
        as(management).listAccountsForProvisionedPermissionSet({
          InstanceArn,
          PermissionSetArn: unknownSet,
        }),
    },
  },
  ListInstances: {
    answers: async ({ management }) => {
      const { Instances } = await as(management).listInstances({});
      expect(Instances?.map((it) => it.InstanceArn)).toEqual([InstanceArn]);
    },
    refuses: { AccessDeniedException: ({ hub }) => as(hub).listInstances({}) },
  },
  ListPermissionSets: {
    answers: async ({ management }) => {
      const { PermissionSets } = await as(management).listPermissionSets(inInstance);
      expect(PermissionSets).toHaveLength(3);
    },
    refuses: {
      ValidationException: ({ management }) => as(management).listPermissionSets(badToken),
    },
  },
  ListPermissionSetsProvisionedToAccount: {
    answers: async ({ management }) => {
      const { PermissionSets } =
        await as(management).listPermissionSetsProvisionedToAccount(inStaging);
      expect(PermissionSets).toEqual([PermissionSetArn]);
    },
    refuses: {
      ValidationException: ({ management }) =>
        as(management).listPermissionSetsProvisionedToAccount({
          InstanceArn,
          AccountId: "staging",
        }),
    },
  },
  // Last: the others count.
  DeletePermissionSet: {
    answers: async ({ management }) => {
      const client = as(management);
      await client.deletePermissionSet({ InstanceArn, PermissionSetArn: administratorSet });
      const { PermissionSets } = await client.listPermissionSets(inInstance);
      expect(PermissionSets).toHaveLength(2);
    },
    refuses: {
      ConflictException: ({ management }) =>
        as(management).deletePermissionSet({ InstanceArn, PermissionSetArn }),
      ResourceNotFoundException: ({ management }) =>
        as(management).deletePermissionSet({ InstanceArn, PermissionSetArn: unknownSet }),
    },
  },
};

export const ssoAdminLists: readonly PagedList[] = [
  {
    operation: "ListPermissionSets",
    pages: ({ management }, pageSize) =>
      paginateListPermissionSets({ client: as(management), pageSize }, { ...inInstance }),
    member: "PermissionSets",
  },
  {
    operation: "ListAccountAssignmentCreationStatus",
    pages: ({ management }, pageSize) =>
      paginateListAccountAssignmentCreationStatus(
        { client: as(management), pageSize },
        { ...inInstance },
      ),
    member: "AccountAssignmentsCreationStatus",
  },
  {
    operation: "ListAccountAssignments",
    pages: async function* (world, pageSize) {
      await assign(world, staging);
      yield* paginateListAccountAssignments(
        { client: as(world.management), pageSize },
        { ...inStaging, PermissionSetArn },
      );
    },
    member: "AccountAssignments",
  },
  {
    operation: "ListAccountAssignmentsForPrincipal",
    pages: async function* (world, pageSize) {
      await assign(world, playground);
      await assign(world, "222222222222");
      yield* paginateListAccountAssignmentsForPrincipal(
        { client: as(world.management), pageSize },
        { ...ofPrincipal, PrincipalId: alice },
      );
    },
    member: "AccountAssignments",
  },
];
