import type { Cycle } from "./cycle.ts";
import { acts } from "./meanwhile.ts";
import { isChanging } from "./points.ts";
import { databaseAdmin, oncall, prodPowerUser, prodReadOnly, stagingReadOnly } from "./things.ts";

const reconciler = "reconcile";
const recoverer = "recover";

/** What gives access and takes it away: these calls differ by the kind of target. */
const byTarget = (functionName: string): boolean => functionName.includes("escalate-");

/** The calls that give access, and those that take it away. */
const isGiving = (operation: string): boolean =>
  /^(CreateAccountAssignment|CreateGroupMembership|Invoke)$/.test(operation);
const isTaking = (operation: string): boolean =>
  /^(DeleteAccountAssignment|DeleteGroupMembership|Invoke)$/.test(operation);

const permissionSet = {
  flow: "prod-access",
  target: "prod-readonly",
  duration: "3m",
  requesters: ["alice", "dave", "erin"],
  approver: "bob",
  thing: prodReadOnly,
};

const group = {
  flow: "prod-access",
  target: "oncall",
  duration: "3m",
  requesters: ["alice", "bob", "erin"],
  approver: "carol",
  thing: oncall,
};

const customersFunction = {
  flow: "database-admin",
  target: "db-admin",
  duration: "3m",
  requesters: ["alice"],
  thing: databaseAdmin,
};

const standingPermissionSet = {
  flow: "staging-access",
  target: "staging-readonly",
  duration: "3m",
  requesters: ["dave"],
  thing: stagingReadOnly,
  isStanding: true,
};

const standingGroup = { ...group, requesters: ["dave"], isStanding: true };

/** It lasts long enough to be seen to be active while time is skipped. */
const long = "45m";

/** One request each, of which nothing is different but one call. */
export const plainCycles: readonly Cycle[] = [
  {
    ...permissionSet,
    name: "permission set",
    strikes: (name) => name !== reconciler && name !== recoverer,
    hangs: () => true,
  },
  {
    ...group,
    name: "group",
    strikes: byTarget,
    hangs: (service) => service === "identitystore",
  },
  {
    ...customersFunction,
    name: "customer's function",
    strikes: byTarget,
    hangs: (service) => service === "lambda",
  },
  { ...standingPermissionSet, name: "standing permission set", strikes: byTarget },
  { ...standingGroup, name: "standing group", strikes: byTarget },
  {
    // By the clock it would run now and then. So it runs exactly when there is something for it: access that is active, and a quarter of an hour
    // later the lease that is to be looked at once more.
    ...permissionSet,
    name: "reconciler",
    duration: long,
    strikes: (name) => name === reconciler,
    without: "reconcile",
    whileActive: ({ operator }) => operator.run(reconciler),
    afterwards: async ({ operator }) => {
      await operator.wait(16);
      await operator.run(reconciler);
    },
  },
  {
    ...permissionSet,
    name: "stopped execution",
    duration: long,
    strikes: (name) => name === recoverer,
    whileActive: ({ operator, id }) => operator.stopExecution(id),
  },
];

const targets = {
  "permission set": permissionSet,
  group,
  "customer's function": customersFunction,
};

/** Somebody revokes while the call that is struck is in flight. */
const revoked: readonly Cycle[] = Object.entries(targets).map(([target, cycle]) => ({
  ...cycle,
  name: `revoked meanwhile, ${target}`,
  duration: long,
  strikes: (name, operation) => name.startsWith("escalate-") && isGiving(operation),
  onceStruck: ({ revoke }) => revoke(),
}));

/** The same person asks for the same again as soon as the first request is over. */
const nextHolder: readonly Cycle[] = Object.entries(targets).map(([target, cycle]) => ({
  ...cycle,
  name: `next holder, ${target}`,
  strikes: (name, operation) =>
    name.startsWith("deescalate-") &&
    // What is written meanwhile is the same for each kind of target.
    (isTaking(operation) || (target === "permission set" && isChanging({ operation }))),
  afterwards: ({ askAgain }) => askAgain(long),
}));

/** Identity Center shows each change late, longer than an attempt waits for it, too. */
const behind: readonly Cycle[] = Object.entries({ "permission set": permissionSet, group }).flatMap(
  ([target, cycle]): Cycle[] => [
    {
      ...cycle,
      name: `Lists behind, ${target}`,
      lag: 5_000,
      strikes: (name, operation) => byTarget(name) && (isGiving(operation) || isTaking(operation)),
      afterwards: ({ askAgain }) => askAgain(long),
    },
    {
      ...cycle,
      name: `revoked meanwhile and Lists behind, ${target}`,
      duration: long,
      lag: 15_000,
      strikes: (name, operation) => name.startsWith("escalate-") && isGiving(operation),
      onceStruck: ({ revoke }) => revoke(),
    },
    {
      ...cycle,
      name: `Lists far behind, ${target}`,
      lag: 45_000,
      isUndisturbed: true,
      afterwards: ({ askAgain }) => askAgain(long),
    },
  ],
);

const spoiled = { duration: long, isUndisturbed: true, spoils: true };

/** An administrator deletes what the request is about. */
const deleted: readonly Cycle[] = [
  { ...group, ...spoiled, name: "deleted group", whileActive: acts.deleteGroup },
  {
    ...permissionSet,
    ...spoiled,
    name: "deleted permission set",
    target: "prod-poweruser",
    thing: prodPowerUser,
    whileActive: acts.deletePermissionSet,
  },
  { ...group, ...spoiled, name: "deleted user, group", whileActive: acts.deleteUser },
  {
    ...permissionSet,
    ...spoiled,
    name: "deleted user, permission set",
    whileActive: acts.deleteUser,
  },
  { ...permissionSet, ...spoiled, name: "account that left", whileActive: acts.removeAccount },
  {
    ...permissionSet,
    ...spoiled,
    name: "closed account",
    whileActive: acts.closeAccount,
    staysOpen: true,
  },
];

/** An administrator takes the standing access away that a request has joined; in half of them somebody joins that request only then. */
const takenAway: readonly Cycle[] = Object.entries({
  "permission set": standingPermissionSet,
  group: standingGroup,
}).flatMap(([target, { isStanding: _, ...cycle }]): Cycle[] => [
  {
    ...cycle,
    ...spoiled,
    name: `standing access taken away, ${target}`,
    whileActive: acts.takeAway(cycle.thing),
  },
  {
    ...cycle,
    ...spoiled,
    name: `standing access taken away and asked for again, ${target}`,
    whileActive: async (scene) => {
      await acts.takeAway(cycle.thing)(scene);
      await scene.askAgain("20m");
    },
  },
]);

export const cycles: readonly Cycle[] = [
  ...plainCycles,
  ...revoked,
  ...nextHolder,
  ...behind,
  ...deleted,
  ...takenAway,
];
