import type { Cycle } from "./cycle.ts";
import {
  customersFunction,
  group,
  long,
  permissionSet,
  standingGroup,
  standingPermissionSet,
} from "./targets.ts";

const reconciler = "reconcile";
const recoverer = "recover";

/** What gives access and takes it away: these calls differ by the kind of target. */
export const byTarget = (functionName: string): boolean => functionName.includes("escalate-");

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
    // By the clock it would run now and then. So it runs exactly when there is something for it:
    // access that is active, and a quarter of an hour later the lease that is to be checked again.
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
