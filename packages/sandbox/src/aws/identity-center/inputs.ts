import * as z from "zod";

// The inputs of sso-admin, with the patterns of its API reference:
// https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_Operations.html

const instanceArn = z.string().regex(/^arn:aws:sso:::instance\/(sso)?ins-[a-zA-Z0-9-.]{16}$/);
const permissionSetArn = z
  .string()
  .regex(/^arn:aws:sso:::permissionSet\/(sso)?ins-[a-zA-Z0-9-.]{16}\/ps-[a-zA-Z0-9-./]{16}$/);
const accountId = z.string().regex(/^\d{12}$/);
const principalId = z
  .string()
  .regex(/^([0-9a-f]{10}-)?[A-Fa-f0-9]{8}(-[A-Fa-f0-9]{4}){3}-[A-Fa-f0-9]{12}$/);
const principalType = z.enum(["USER", "GROUP"]);
const page = {
  MaxResults: z.number().int().min(1).max(100).default(100),
  NextToken: z.string().max(2048).optional(),
};

export const Change = z.object({
  InstanceArn: instanceArn,
  TargetId: accountId,
  TargetType: z.enum(["AWS_ACCOUNT"]),
  PermissionSetArn: permissionSetArn,
  PrincipalType: principalType,
  PrincipalId: principalId,
});
const requestId = z.string().regex(/^[A-Fa-f0-9]{8}(-[A-Fa-f0-9]{4}){3}-[A-Fa-f0-9]{12}$/);
export const CreationStatus = z.object({
  InstanceArn: instanceArn,
  AccountAssignmentCreationRequestId: requestId,
});
export const DeletionStatus = z.object({
  InstanceArn: instanceArn,
  AccountAssignmentDeletionRequestId: requestId,
});
export const ListStatus = z.object({
  InstanceArn: instanceArn,
  Filter: z
    .object({ Status: z.enum(["IN_PROGRESS", "FAILED", "SUCCEEDED"]).optional() })
    .optional(),
  ...page,
});
export const ListAssignments = z.object({
  InstanceArn: instanceArn,
  AccountId: accountId,
  PermissionSetArn: permissionSetArn,
  ...page,
});
const provisioningStatus = z
  .enum(["LATEST_PERMISSION_SET_PROVISIONED", "LATEST_PERMISSION_SET_NOT_PROVISIONED"])
  .optional();
export const AccountsOfSet = z.object({
  InstanceArn: instanceArn,
  PermissionSetArn: permissionSetArn,
  ProvisioningStatus: provisioningStatus,
  ...page,
});
export const SetsOfAccount = z.object({
  InstanceArn: instanceArn,
  AccountId: accountId,
  ProvisioningStatus: provisioningStatus,
  ...page,
});
export const ListForPrincipal = z.object({
  InstanceArn: instanceArn,
  PrincipalId: principalId,
  PrincipalType: principalType,
  Filter: z.object({ AccountId: accountId.optional() }).optional(),
  ...page,
});
export const ListSets = z.object({ InstanceArn: instanceArn, ...page });
export const DescribeSet = z.object({
  InstanceArn: instanceArn,
  PermissionSetArn: permissionSetArn,
});
export const ListInstances = z.object(page);
export const OfInstance = z.object({ InstanceArn: instanceArn });
