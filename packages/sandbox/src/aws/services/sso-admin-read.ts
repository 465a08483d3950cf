import type * as z from "zod";
import type { Assignments } from "../identity-center/assignments.ts";
import * as inputs from "../identity-center/inputs.ts";
import type { Assignment, Organization, PermissionSet } from "../organization.ts";
import { paginate } from "../pagination.ts";
import type { Call, Service } from "../service.ts";
import { validate } from "../validate.ts";

/** What the reading operations look things up with. The lookups throw the service's errors. */
interface ReadDeps {
  organization: Organization;
  assignments: Assignments;
  /** The groups a user is in now, by id. */
  groupsOf: (userId: string) => readonly string[];
  parse: <S extends z.ZodType<{ InstanceArn: string }>>(schema: S, call: Call) => z.infer<S>;
  permissionSet: (arn: string) => PermissionSet;
}

interface PageInput {
  MaxResults: number;
  NextToken?: string | undefined;
}

/** When everything in the sandbox's Identity Center began. */
const beginning = new Date("2024-01-01T00:00:00Z");

const describeAssignment = (assignment: Assignment) => ({
  AccountId: assignment.accountId,
  PermissionSetArn: assignment.permissionSetArn,
  PrincipalType: assignment.principalType,
  PrincipalId: assignment.principalId,
});

const describeSet = (set: PermissionSet) => ({
  Name: set.name,
  PermissionSetArn: set.arn,
  Description: set.description,
  CreatedDate: beginning,
  SessionDuration: set.sessionDuration,
});

const describeInstance = (organization: Organization) => ({
  InstanceArn: organization.instanceArn,
  IdentityStoreId: organization.identityStoreId,
  OwnerAccountId: organization.managementAccount,
  Name: "acme",
  CreatedDate: beginning,
  Status: "ACTIVE",
});

/** One page of ids, each of them once. */
const pageOf = (list: string, ids: readonly string[], input: PageInput) =>
  paginate([...new Set(ids)], (id) => id, {
    list,
    token: input.NextToken,
    size: input.MaxResults,
  });

/** The operations of Identity Center's administration that change nothing, but for those on changes under way. */
export const readOperations = (deps: ReadDeps): Service["operations"] => {
  const { organization, assignments, groupsOf, parse, permissionSet } = deps;

  const listAssignments = (
    list: string,
    input: PageInput & { lag: number | undefined },
    wanted: (assignment: Assignment) => boolean,
  ) => {
    const { items, nextToken } = paginate(
      assignments.listed(input.lag).filter(wanted),
      (it) => `${it.accountId}/${it.permissionSetArn}/${it.principalType}/${it.principalId}`,
      { list, token: input.NextToken, size: input.MaxResults },
    );
    return { AccountAssignments: items.map(describeAssignment), NextToken: nextToken };
  };

  const listForPrincipal = (call: Call) => {
    const input = { ...parse(inputs.ListForPrincipal, call), lag: call.lag };
    const { PrincipalId, PrincipalType, Filter } = input;
    const groups = new Set(PrincipalType === "USER" ? groupsOf(PrincipalId) : []);
    return listAssignments(`principal:${PrincipalId}:${Filter?.AccountId ?? ""}`, input, (it) => {
      if (Filter?.AccountId !== undefined && Filter.AccountId !== it.accountId) return false;
      if (it.principalType === "GROUP" && groups.has(it.principalId)) return true;
      return it.principalType === PrincipalType && it.principalId === PrincipalId;
    });
  };

  /** What is assigned is provisioned, and nothing is ever behind its permission set. */
  const provisioned = (status: string | undefined, { lag }: Call): Assignment[] =>
    status === "LATEST_PERMISSION_SET_NOT_PROVISIONED" ? [] : assignments.listed(lag);

  return {
    ListAccountAssignments: (call) => {
      const input = { ...parse(inputs.ListAssignments, call), lag: call.lag };
      const { AccountId, PermissionSetArn } = input;
      permissionSet(PermissionSetArn);
      return listAssignments(
        `assignments:${AccountId}:${PermissionSetArn}`,
        input,
        (it) => it.accountId === AccountId && it.permissionSetArn === PermissionSetArn,
      );
    },
    ListAccountAssignmentsForPrincipal: listForPrincipal,
    ListAccountsForProvisionedPermissionSet: (call) => {
      const input = parse(inputs.AccountsOfSet, call);
      const { PermissionSetArn, ProvisioningStatus: status } = input;
      permissionSet(PermissionSetArn);
      const ids = provisioned(status, call)
        .filter((it) => it.permissionSetArn === PermissionSetArn)
        .map(({ accountId }) => accountId);
      const page = pageOf(`accounts:${PermissionSetArn}:${status}`, ids, input);
      return { AccountIds: page.items, NextToken: page.nextToken };
    },
    ListPermissionSetsProvisionedToAccount: (call) => {
      const input = parse(inputs.SetsOfAccount, call);
      const { AccountId, ProvisioningStatus: status } = input;
      const arns = provisioned(status, call)
        .filter((it) => it.accountId === AccountId)
        .map(({ permissionSetArn }) => permissionSetArn);
      const page = pageOf(`sets:${AccountId}:${status}`, arns, input);
      return { PermissionSets: page.items, NextToken: page.nextToken };
    },
    ListInstances: (call) => {
      validate(inputs.ListInstances, call.input);
      return { Instances: [describeInstance(organization)] };
    },
    DescribeInstance: (call) => {
      parse(inputs.OfInstance, call);
      return describeInstance(organization);
    },
    ListPermissionSets: (call) => {
      const input = parse(inputs.ListSets, call);
      const arns = organization.permissionSets.map(({ arn }) => arn);
      const page = pageOf("permission-sets", arns, input);
      return { PermissionSets: page.items, NextToken: page.nextToken };
    },
    DescribePermissionSet: (call) => ({
      PermissionSet: describeSet(permissionSet(parse(inputs.DescribeSet, call).PermissionSetArn)),
    }),
  };
};
