import type { Operator } from "./operator.ts";
import { databaseAdmin, oncall, prodReadOnly, stagingReadOnly, type Thing } from "./things.ts";

/** A kind of request that is played from its creation to its end. */
export interface Cycle {
  name: string;
  flow: string;
  target: string;
  duration: string;
  /** In turn, so that nobody gets what was taken from them a moment ago. */
  requesters: readonly string[];
  /** Without one, the flow asks for none. */
  approver?: string;
  /** What it gives access to. */
  thing: Thing;
  /** Whether whoever asks has it already, and must keep it. */
  isStanding?: boolean;
  /** Whether the calls of a function are struck. Those that are the same in every cycle are struck in one. */
  strikes(functionName: string): boolean;
  /** The rules that are disabled meanwhile. */
  without?: readonly string[];
  /** What an operator does once the access is active. */
  whileActive?(operator: Operator, id: string): Promise<void>;
  /** What an operator does once the request is over. */
  afterwards?(operator: Operator): Promise<void>;
}

/** In the order in which an operator runs them. */
const reconcilers = ["reconcile-requests", "reconcile-leases"];
const recoverer = "recover";

/** What gives access and takes it away: these calls differ by the kind of target. */
const byTarget = (functionName: string): boolean => functionName.includes("escalate-");

const permissionSet = {
  flow: "prod-access",
  target: "prod-readonly",
  duration: "3m",
  requesters: ["alice", "dave", "erin"],
  approver: "bob",
  thing: prodReadOnly,
};

const oncallGroup = {
  flow: "prod-access",
  target: "oncall",
  duration: "3m",
  approver: "carol",
  thing: oncall,
  strikes: byTarget,
};

export const cycles: readonly Cycle[] = [
  {
    ...permissionSet,
    name: "permission set",
    strikes: (name) => !reconcilers.includes(name) && name !== recoverer,
  },
  { ...oncallGroup, name: "group", requesters: ["alice", "bob", "erin"] },
  {
    name: "customer's function",
    flow: "database-admin",
    target: "db-admin",
    duration: "3m",
    requesters: ["alice"],
    thing: databaseAdmin,
    strikes: byTarget,
  },
  {
    name: "standing permission set",
    flow: "staging-access",
    target: "staging-readonly",
    duration: "3m",
    requesters: ["dave"],
    thing: stagingReadOnly,
    isStanding: true,
    strikes: byTarget,
  },
  { ...oncallGroup, name: "standing group", requesters: ["dave"], isStanding: true },
  {
    // By their crons both reconcilers would run at any time. An operator runs them when there is work for them: while the access is active,
    // and a quarter of an hour later, when the closed lease is due for its re-check. The access lasts long enough to be seen while time is skipped.
    ...permissionSet,
    name: "reconciler",
    duration: "45m",
    strikes: (name) => reconcilers.includes(name),
    without: reconcilers,
    whileActive: (operator) => operator.run(...reconcilers),
    afterwards: async (operator) => {
      await operator.wait(16);
      await operator.run(...reconcilers);
    },
  },
  {
    ...permissionSet,
    name: "stopped execution",
    duration: "45m",
    strikes: (name) => name === recoverer,
    whileActive: (operator, id) => operator.stopExecution(id),
  },
];
