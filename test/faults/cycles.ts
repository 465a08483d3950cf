import type { Cycle } from "./cycle.ts";
import { acts } from "./meanwhile.ts";
import { byTarget, plainCycles } from "./plain-cycles.ts";
import { isChanging } from "./points.ts";
import {
  customersFunction,
  group,
  long,
  permissionSet,
  standingGroup,
  standingPermissionSet,
} from "./targets.ts";
import { prodPowerUser } from "./things.ts";

/** The calls that give access, and those that take it away. */
const isGiving = (operation: string): boolean =>
  /^(CreateAccountAssignment|CreateGroupMembership|Invoke)$/.test(operation);
const isTaking = (operation: string): boolean =>
  /^(DeleteAccountAssignment|DeleteGroupMembership|Invoke)$/.test(operation);

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

/**
 * The same person asks for the same again as soon as the first request is over. Not through a
 * customer's function: each of its calls names its request, so that the function can tell a late
 * call for the first from the second.
 */
const nextHolder: readonly Cycle[] = Object.entries({
  "permission set": permissionSet,
  group,
}).map(([target, cycle]) => ({
  ...cycle,
  name: `next holder, ${target}`,
  strikes: (name, operation) =>
    name.startsWith("deescalate-") &&
    // What is written meanwhile is the same for each kind of target.
    (isTaking(operation) || (target === "permission set" && isChanging({ operation }))),
  isNextPressing: true,
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

/**
 * An administrator takes the standing access away that a request has joined; in half of them
 * somebody joins that request only then.
 */
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
