import type * as z from "zod";
import type { Assignments, Operation } from "../identity-center/assignments.ts";
import * as inputs from "../identity-center/inputs.ts";
import { inAccount } from "../in-account.ts";
import type { LiveOrganization } from "../live-organization.ts";
import type { Assignment } from "../organization.ts";
import { paginate } from "../pagination.ts";
import { AwsError, type Call, type Service } from "../service.ts";
import { validate } from "../validate.ts";
import { readOperations } from "./sso-admin-read.ts";

/**
 * What a deletion of an assignment that does not exist comes to: `failed` is a status FAILED later,
 * `refused` a ResourceNotFoundException at once.
 */
export type AbsentDeletion = "failed" | "refused";

/** Not established for the real service: callers must cope with either. */
const absentDeletion: AbsentDeletion = "failed";

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

/** IAM Identity Center's administration, which answers the management account only. */
export const createSsoAdmin = (deps: {
  organization: LiveOrganization;
  assignments: Assignments;
  /** The groups a user is in now, by id. */
  groupsOf: (userId: string) => readonly string[];
  absentDeletion?: AbsentDeletion;
}): Service => {
  const { organization, assignments } = deps;

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

  const deletePermissionSet = (call: Call): unknown => {
    const { arn } = permissionSet(parse(inputs.DescribeSet, call).PermissionSetArn);
    if (assignments.isAssigned(arn))
      throw new AwsError(
        "ConflictException",
        "Could not delete because PermissionSet has ApplicationProfile associated with it",
      );
    organization.delete("permissionSets", arn);
    return {};
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

  const service: Service = {
    signingName: "sso",
    lagging: [
      "ListAccountAssignments",
      "ListAccountAssignmentsForPrincipal",
      "ListAccountsForProvisionedPermissionSet",
      "ListPermissionSetsProvisionedToAccount",
    ],
    operations: {
      CreateAccountAssignment: (call) => ({
        AccountAssignmentCreationStatus: change("creation", call),
      }),
      DeleteAccountAssignment: (call) => ({
        AccountAssignmentDeletionStatus: change("deletion", call),
      }),
      DeletePermissionSet: deletePermissionSet,
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
      ...readOperations({
        organization,
        assignments,
        groupsOf: deps.groupsOf,
        parse,
        permissionSet,
      }),
    },
  };
  return inAccount(service, organization.managementAccount);
};
