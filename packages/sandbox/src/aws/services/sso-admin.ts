import type * as z from "zod";
import type { Assignments, Operation } from "../identity-center/assignments.ts";
import * as inputs from "../identity-center/inputs.ts";
import { inAccount } from "../in-account.ts";
import type { Assignment, Organization } from "../organization.ts";
import { paginate } from "../pagination.ts";
import { AwsError, type Call, type Service } from "../service.ts";
import { validate } from "../validate.ts";

/**
 * What a deletion of an assignment that does not exist comes to: `failed` is a status FAILED later,
 * `refused` a ResourceNotFoundException at once.
 */
export type AbsentDeletion = "failed" | "refused";

/** Not established for the real service: callers must cope with either. */
const absentDeletion: AbsentDeletion = "failed";

/** When everything in the sandbox's Identity Center began. */
const beginning = new Date("2024-01-01T00:00:00Z");

const describeOperation = (operation: Operation) => ({
  Status: operation.status,
  RequestId: operation.id,
  FailureReason: operation.failureReason,
  TargetId: operation.accountId,
  TargetType: "AWS_ACCOUNT",
  PermissionSetArn: operation.permissionSetArn,
  PrincipalType: operation.principalType,
  PrincipalId: operation.principalId,
  CreatedDate: new Date(operation.createdAt),
});

const describeAssignment = (assignment: Assignment) => ({
  AccountId: assignment.accountId,
  PermissionSetArn: assignment.permissionSetArn,
  PrincipalType: assignment.principalType,
  PrincipalId: assignment.principalId,
});

/** IAM Identity Center's administration, which answers the management account only. */
export const createSsoAdmin = (deps: {
  organization: Organization;
  assignments: Assignments;
  /** The groups a user is in now, by id. */
  groupsOf: (userId: string) => readonly string[];
  absentDeletion?: AbsentDeletion;
}): Service => {
  const { organization, assignments, groupsOf } = deps;

  const requireInstance = (arn: string): void => {
    if (arn === organization.instanceArn) return;
    throw new AwsError("ResourceNotFoundException", `Instance ${arn} was not found.`);
  };

  const permissionSet = (arn: string) => {
    const found = organization.permissionSets.find((set) => set.arn === arn);
    if (found !== undefined) return found;
    throw new AwsError("ResourceNotFoundException", `PermissionSet ${arn} was not found.`);
  };

  /** Parses the input of an operation on the instance, which must be ours. */
  const parse = <S extends z.ZodType<{ InstanceArn: string }>>(schema: S, call: Call) => {
    const input = validate(schema, call.input);
    requireInstance(input.InstanceArn);
    return input;
  };

  const change = (kind: Operation["kind"], call: Call) => {
    const input = parse(inputs.Change, call);
    permissionSet(input.PermissionSetArn);
    const assignment: Assignment = {
      accountId: input.TargetId,
      permissionSetArn: input.PermissionSetArn,
      principalType: input.PrincipalType,
      principalId: input.PrincipalId,
    };
    const refused = (deps.absentDeletion ?? absentDeletion) === "refused";
    if (kind === "deletion" && refused && !assignments.has(assignment)) {
      throw new AwsError("ResourceNotFoundException", "Account assignment not found.");
    }
    return describeOperation(assignments.begin(kind, assignment));
  };

  const status = (kind: Operation["kind"], id: string) => {
    const operation = assignments.operations(kind).find((it) => it.id === id);
    if (operation !== undefined) return describeOperation(operation);
    throw new AwsError("ResourceNotFoundException", `Request ${id} was not found.`);
  };

  const listStatus = (kind: Operation["kind"], call: Call) => {
    const { Filter, MaxResults, NextToken } = parse(inputs.ListStatus, call);
    const wanted = assignments
      .operations(kind)
      .filter((it) => Filter?.Status === undefined || it.status === Filter.Status);
    const { items, nextToken } = paginate(wanted, (it) => `${it.createdAt}/${it.id}`, {
      list: `${kind}:${Filter?.Status ?? ""}`,
      token: NextToken,
      size: MaxResults,
    });
    const found = items.map(describeOperation).map(({ Status, RequestId, CreatedDate }) => ({
      Status,
      RequestId,
      CreatedDate,
    }));
    return { found, NextToken: nextToken };
  };

  const listAssignments = (
    list: string,
    input: { MaxResults: number; NextToken?: string | undefined },
    wanted: (assignment: Assignment) => boolean,
  ) => {
    const { items, nextToken } = paginate(
      assignments.listed().filter(wanted),
      (it) => `${it.accountId}/${it.permissionSetArn}/${it.principalType}/${it.principalId}`,
      { list, token: input.NextToken, size: input.MaxResults },
    );
    return { AccountAssignments: items.map(describeAssignment), NextToken: nextToken };
  };

  const listForPrincipal = (call: Call) => {
    const input = parse(inputs.ListForPrincipal, call);
    const { PrincipalId, PrincipalType, Filter } = input;
    const groups = new Set(PrincipalType === "USER" ? groupsOf(PrincipalId) : []);
    return listAssignments(`principal:${PrincipalId}:${Filter?.AccountId ?? ""}`, input, (it) => {
      if (Filter?.AccountId !== undefined && Filter.AccountId !== it.accountId) return false;
      if (it.principalType === "GROUP" && groups.has(it.principalId)) return true;
      return it.principalType === PrincipalType && it.principalId === PrincipalId;
    });
  };

  const service: Service = {
    signingName: "sso",
    operations: {
      CreateAccountAssignment: (call) => ({
        AccountAssignmentCreationStatus: change("creation", call),
      }),
      DeleteAccountAssignment: (call) => ({
        AccountAssignmentDeletionStatus: change("deletion", call),
      }),
      DescribeAccountAssignmentCreationStatus: (call) => {
        const input = parse(inputs.CreationStatus, call);
        const id = input.AccountAssignmentCreationRequestId;
        return { AccountAssignmentCreationStatus: status("creation", id) };
      },
      DescribeAccountAssignmentDeletionStatus: (call) => {
        const input = parse(inputs.DeletionStatus, call);
        const id = input.AccountAssignmentDeletionRequestId;
        return { AccountAssignmentDeletionStatus: status("deletion", id) };
      },
      ListAccountAssignmentCreationStatus: (call) => {
        const { found, NextToken } = listStatus("creation", call);
        return { AccountAssignmentsCreationStatus: found, NextToken };
      },
      ListAccountAssignmentDeletionStatus: (call) => {
        const { found, NextToken } = listStatus("deletion", call);
        return { AccountAssignmentsDeletionStatus: found, NextToken };
      },
      ListAccountAssignments: (call) => {
        const input = parse(inputs.ListAssignments, call);
        permissionSet(input.PermissionSetArn);
        return listAssignments(
          `assignments:${input.AccountId}:${input.PermissionSetArn}`,
          input,
          (it) =>
            it.accountId === input.AccountId && it.permissionSetArn === input.PermissionSetArn,
        );
      },
      ListAccountAssignmentsForPrincipal: listForPrincipal,
      ListInstances: (call) => {
        validate(inputs.ListInstances, call.input);
        return {
          Instances: [
            {
              InstanceArn: organization.instanceArn,
              IdentityStoreId: organization.identityStoreId,
              OwnerAccountId: organization.managementAccount,
              Name: "acme",
              CreatedDate: beginning,
              Status: "ACTIVE",
            },
          ],
        };
      },
      ListPermissionSets: (call) => {
        const { MaxResults, NextToken } = parse(inputs.ListSets, call);
        const { items, nextToken } = paginate(organization.permissionSets, ({ arn }) => arn, {
          list: "permission-sets",
          token: NextToken,
          size: MaxResults,
        });
        return { PermissionSets: items.map(({ arn }) => arn), NextToken: nextToken };
      },
      DescribePermissionSet: (call) => {
        const found = permissionSet(parse(inputs.DescribeSet, call).PermissionSetArn);
        return {
          PermissionSet: {
            Name: found.name,
            PermissionSetArn: found.arn,
            Description: found.description,
            CreatedDate: beginning,
            SessionDuration: found.sessionDuration,
          },
        };
      },
    },
  };
  return inAccount(service, organization.managementAccount);
};
