import type { VirtualClock } from "./clock.ts";

/** One person's one permission in one account. */
export interface Assignment {
  account: string;
  permission: string;
  person: string;
}

/** What an operation of the service has come to. */
export type OperationState = "IN_PROGRESS" | "SUCCEEDED" | "FAILED";

/** The service's calls. Each may be made to fail from outside, by a fault hook around it. */
export interface AccessApi {
  /** Whether a List shows the assignment. It lags behind the truth. */
  list(assignment: Assignment): Promise<boolean>;
  /** Begins to create the assignment, and names the operation. Throws {@link Conflict} while another one changes the account. */
  create(assignment: Assignment): Promise<string>;
  /** Begins to delete the assignment, and names the operation. Throws {@link Conflict} while another one changes the account. */
  delete(assignment: Assignment): Promise<string>;
  status(operation: string): Promise<OperationState>;
  /** The creations of this assignment that are in progress, whoever began them. */
  creationsInProgress(assignment: Assignment): Promise<string[]>;
}

/** One change per account at a time. */
export class Conflict extends Error {
  override readonly name = "ConflictException";
}

/** A mutating call that the service accepted. */
export interface AcceptedChange {
  kind: "create" | "delete";
  key: string;
  /** When it was accepted, and when it took or takes effect, in milliseconds since the epoch. */
  at: number;
  doneAt: number;
}

/** The service as its administrator sees it. */
export interface AccessService extends AccessApi {
  /** Whether the person can use the access now, or could at a moment (milliseconds since the epoch). */
  has(assignment: Assignment, at?: number): boolean;
  /** Gives the access by hand, long ago. */
  give(assignment: Assignment): void;
  /** Everything that was accepted, failed or not. */
  changes: AcceptedChange[];
  /** The next so many operations are accepted and then fail. */
  failNext(count: number): void;
  /** How long an operation takes, and how much longer the List does not show it (milliseconds). May be changed at any time. */
  timing: { operation: number; lag: number };
}

interface Operation extends AcceptedChange {
  id: string;
  account: string;
  fails: boolean;
}

/** The name of an assignment in {@link AccessService.changes}. */
export const assignmentKey = ({ account, permission, person }: Assignment): string =>
  `${account}#${permission}#${person}`;

/** A service that behaves like IAM Identity Center where it matters: changes are asynchronous, one per account at a time, and a List lags. */
export const accessService = (clock: VirtualClock): AccessService => {
  const operations: Operation[] = [];
  const given = new Set<string>();
  const timing = { operation: 1_000, lag: 300 };
  let failures = 0;

  const stateOf = (operation: Operation): OperationState => {
    if (operation.doneAt > clock.now()) return "IN_PROGRESS";
    return operation.fails ? "FAILED" : "SUCCEEDED";
  };

  /** What was so at a moment: the last change that was done by then decides. */
  const wasThere = (key: string, at: number): boolean => {
    const done = operations.filter(
      (operation) => operation.key === key && !operation.fails && operation.doneAt <= at,
    );
    const last = done.at(-1);
    return last === undefined ? given.has(key) : last.kind === "create";
  };

  const begin = (kind: Operation["kind"], assignment: Assignment): string => {
    const { account } = assignment;
    const busy = operations.some(
      (operation) => operation.account === account && stateOf(operation) === "IN_PROGRESS",
    );
    if (busy) throw new Conflict(`The account ${account} is being changed.`);
    const id = `operation-${operations.length + 1}`;
    const [key, at] = [assignmentKey(assignment), clock.now()];
    // Deleting what is not there is over at once.
    const idle = kind === "delete" && !wasThere(key, at);
    const change = { kind, key, at, doneAt: at + (idle ? 0 : timing.operation) };
    const fails = failures > 0;
    if (fails) failures -= 1;
    operations.push({ ...change, id, account, fails });
    return id;
  };

  return {
    list: async (assignment) => wasThere(assignmentKey(assignment), clock.now() - timing.lag),
    create: async (assignment) => begin("create", assignment),
    delete: async (assignment) => begin("delete", assignment),
    status: async (id) => {
      const operation = operations.find((candidate) => candidate.id === id);
      if (operation === undefined) throw new Error(`There is no operation ${id}.`);
      return stateOf(operation);
    },
    creationsInProgress: async (assignment) =>
      operations
        .filter(({ kind, key }) => kind === "create" && key === assignmentKey(assignment))
        .filter((operation) => stateOf(operation) === "IN_PROGRESS")
        .map(({ id }) => id),
    has: (assignment, at = clock.now()) => wasThere(assignmentKey(assignment), at),
    give: (assignment) => {
      given.add(assignmentKey(assignment));
    },
    changes: operations,
    failNext: (count) => {
      failures = count;
    },
    timing,
  };
};
