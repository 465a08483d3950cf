import type { Cycle } from "./cycle.ts";
import {
  customersFunction,
  group,
  long,
  permissionSet,
  standingGroup,
  standingPermissionSet,
} from "./targets.ts";

/** In the order in which an operator runs them. */
const reconcilers = ["reconcile-requests", "reconcile-leases"];
const recoverer = "recover";

/** What gives access and takes it away: these calls differ by the kind of target. */
export const byTarget = (functionName: string): boolean => functionName.includes("escalate-");

/** One request each, of which nothing is different but one call. */
export const plainCycles: readonly Cycle[] = [
  {
    ...permissionSet,
    name: "permission set",
    strikes: (name) => !reconcilers.includes(name) && name !== recoverer,
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
    // By their crons both reconcilers would run at any time. An operator runs them when there is
    // work for them: while the access is active, and a quarter of an hour later, when the closed
    // lease is due for its re-check.
    ...permissionSet,
    name: "reconciler",
    duration: long,
    strikes: (name) => reconcilers.includes(name),
    without: reconcilers,
    whileActive: ({ operator }) => operator.run(...reconcilers),
    afterwards: async ({ operator }) => {
      await operator.wait(16);
      await operator.run(...reconcilers);
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
