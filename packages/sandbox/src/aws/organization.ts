import type { Role } from "./roles.ts";

export interface Account {
  id: string;
  name: string;
  email: string;
  /** The OU, or the root. */
  parentId: string;
  /** Whether it was closed. */
  isSuspended?: boolean;
}

export interface User {
  /** UUID. */
  id: string;
  userName: string;
  displayName: string;
  givenName: string;
  familyName: string;
  email: string;
}

export interface Group {
  /** UUID. */
  id: string;
  name: string;
  description: string;
}

export interface PermissionSet {
  arn: string;
  name: string;
  description: string;
  /** ISO 8601 duration. */
  sessionDuration: string;
}

/** An assignment of a permission set in an account. */
export interface Assignment {
  accountId: string;
  permissionSetArn: string;
  principalType: "USER" | "GROUP";
  principalId: string;
}

/** A Lambda function of an account other than the hub: a module that exports `handler`. */
export interface CustomerFunction {
  accountId: string;
  name: string;
  description: string;
  /** The module's path. */
  file: string;
}

/**
 * An AWS organisation with its Identity Center, as the sandbox begins. Memberships and assignments
 * change from there; accounts, users, groups and permission sets can be deleted.
 */
export interface Organization {
  id: string;
  rootId: string;
  managementAccount: string;
  accounts: readonly Account[];
  units: readonly { id: string; name: string; parentId: string }[];
  instanceArn: string;
  identityStoreId: string;
  permissionSets: readonly PermissionSet[];
  users: readonly User[];
  groups: readonly Group[];
  memberships: readonly { groupId: string; userId: string }[];
  assignments: readonly Assignment[];
  /** The functions that the accounts other than the hub have deployed. */
  functions: readonly CustomerFunction[];
  /** The roles that the accounts other than the hub have deployed. */
  connectors: readonly Role[];
}
