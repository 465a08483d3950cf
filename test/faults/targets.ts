import { databaseAdmin, oncall, prodReadOnly, stagingReadOnly } from "./things.ts";

/** What a cycle asks for. */
export const permissionSet = {
  flow: "prod-access",
  target: "prod-readonly",
  duration: "3m",
  requesters: ["alice", "dave", "erin"],
  approver: "bob",
  thing: prodReadOnly,
};

export const group = {
  flow: "prod-access",
  target: "oncall",
  duration: "3m",
  requesters: ["alice", "bob", "erin"],
  approver: "carol",
  thing: oncall,
};

export const customersFunction = {
  flow: "database-admin",
  target: "db-admin",
  duration: "3m",
  requesters: ["alice"],
  thing: databaseAdmin,
};

export const standingPermissionSet = {
  flow: "staging-access",
  target: "staging-readonly",
  duration: "3m",
  requesters: ["dave"],
  thing: stagingReadOnly,
  isStanding: true,
};

export const standingGroup = { ...group, requesters: ["dave"], isStanding: true };

/** It lasts long enough to be seen to be active while time is skipped. */
export const long = "45m";
