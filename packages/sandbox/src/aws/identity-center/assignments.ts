import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock.ts";
import { longestLag } from "../../faults/fault.ts";
import type { Store } from "../../store.ts";
import type { Assignment, Organization } from "../organization.ts";
import { seedOnce } from "../seed.ts";
import { AwsError } from "../service.ts";
import { type Limits, relaxed, throttled } from "./limits.ts";

/** A creation or deletion of an assignment, which Identity Center works on after it has answered. */
export interface Operation extends Assignment {
  id: string;
  kind: "creation" | "deletion";
  status: "IN_PROGRESS" | "SUCCEEDED" | "FAILED";
  failureReason?: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Milliseconds since the epoch. */
  settlesAt: number;
}

export interface Assignments {
  /**
   * What a List shows: behind what is, by {@link Limits.listLag}.
   *
   * @param lag by how many milliseconds more
   */
  listed(lag?: number): Assignment[];
  /** Whether the permission set is assigned to anybody, though a List may not show it yet. */
  isAssigned(permissionSetArn: string): boolean;
  /** Whether the assignment is there, though a List may not show it yet. */
  has(assignment: Assignment): boolean;
  /**
   * Begins a change. It is on disk when this returns, and settles after a restart, too.
   *
   * @throws AwsError `ConflictException` while another change of the same account is in progress,
   *   `ThrottlingException` for one creation too many
   */
  begin(kind: Operation["kind"], assignment: Assignment): Operation;
  operations(kind: Operation["kind"]): Operation[];
}

/** Milliseconds. */
const memoryOfOperations = 7 * 24 * 3600_000;

interface StoredAssignment extends Assignment {
  listedFrom: number;
  /** Set when it was deleted: from then on it is gone, but a List shows it until this time. */
  listedUntil?: number;
  /** When a List showed it before it was deleted and created again, for Lists that lag. */
  earlier?: { from: number; until: number }[];
}

/**
 * The words of the service about an account that is closed, as reported:
 * https://github.com/aws-samples/aws-identitycenter-codepipeline-auto-assignment/issues/31
 */
const outOfReach = (accountId: string): string =>
  `AWS SSO is unable to complete your request at this time. Obtaining permissions to manage your AWS account '${accountId}' takes longer than usual. Please try again in a few minutes. If this problem continues, contact AWS Support.`;

const keyOf = (assignment: Assignment): string =>
  [
    assignment.accountId,
    assignment.permissionSetArn,
    assignment.principalType,
    assignment.principalId,
  ].join("|");

/** Identity Center's assignments: changed asynchronously, one change per account at a time. */
export const createAssignments = (deps: {
  store: Store;
  clock: Clock;
  organization: Organization;
  limits?: Limits;
}): Assignments => {
  const { store, clock, organization, limits = relaxed } = deps;
  const stored = store.collection<StoredAssignment>("assignments");
  const journal = store.collection<Operation>("assignment-operations");

  seedOnce(store, "assignments", () => {
    for (const assignment of organization.assignments) {
      stored.put(keyOf(assignment), { ...assignment, listedFrom: 0 });
    }
  });

  // In memory as well: every change asks for those in progress, and there come to be thousands.
  const operations = new Map<string, Operation>();

  const keep = (operation: Operation): void => {
    journal.put(operation.id, operation);
    operations.set(operation.id, operation);
  };

  /** An account that has left takes its assignments along. */
  const isThere = ({ accountId, listedUntil }: StoredAssignment): boolean =>
    listedUntil === undefined && organization.accounts.some(({ id }) => id === accountId);

  const present = (assignment: Assignment): StoredAssignment | undefined => {
    const found = stored.get(keyOf(assignment));
    return found !== undefined && isThere(found) ? found : undefined;
  };

  const create = (operation: Operation): string | undefined => {
    const { accountId, permissionSetArn, principalType, principalId } = operation;
    const principals = principalType === "USER" ? organization.users : organization.groups;
    const account = organization.accounts.find(({ id }) => id === accountId);
    if (account === undefined) return "Received a 404 status error: Account not found.";
    if (account.isSuspended) return outOfReach(accountId);
    if (!principals.some(({ id }) => id === principalId)) {
      return `Received a 404 status error: ${principalType} not found.`;
    }
    if (present(operation) === undefined) {
      stored.put(keyOf(operation), {
        accountId,
        permissionSetArn,
        principalType,
        principalId,
        listedFrom: clock.now() + limits.listLag,
        earlier: earlierOf(stored.get(keyOf(operation))),
      });
    }
    return undefined;
  };

  /** When a List showed what is created again now, as far as one that lags may show it. */
  const earlierOf = (deleted: StoredAssignment | undefined): { from: number; until: number }[] => {
    if (deleted?.listedUntil === undefined) return [];
    const last = { from: deleted.listedFrom, until: deleted.listedUntil };
    return [...(deleted.earlier ?? []), last].filter(
      ({ until }) => until > clock.now() - longestLag,
    );
  };

  const isListed = (assignment: StoredAssignment, moment: number): boolean => {
    const { listedFrom: from, listedUntil: until, earlier = [] } = assignment;
    const last = { from, until: until ?? Number.POSITIVE_INFINITY };
    return [...earlier, last].some((shown) => shown.from <= moment && shown.until > moment);
  };

  const remove = (operation: Operation): string | undefined => {
    const account = organization.accounts.find(({ id }) => id === operation.accountId);
    if (account === undefined) return "Received a 404 status error: Account not found.";
    if (account.isSuspended) return outOfReach(account.id);
    const found = present(operation);
    if (found === undefined) return "Received a 404 status error: Account assignment not found.";
    stored.put(keyOf(operation), { ...found, listedUntil: clock.now() + limits.listLag });
    return undefined;
  };

  const settle = (id: string): void => {
    const operation = operations.get(id);
    if (operation?.status !== "IN_PROGRESS") return;
    store.transaction(() => {
      const failureReason = operation.kind === "creation" ? create(operation) : remove(operation);
      keep(
        failureReason === undefined
          ? { ...operation, status: "SUCCEEDED" }
          : { ...operation, status: "FAILED", failureReason },
      );
    });
  };

  for (const { id, document } of journal.list()) {
    if (document.status === "IN_PROGRESS") clock.at(document.settlesAt, () => settle(id));
    else if (document.settlesAt + memoryOfOperations < clock.now()) {
      journal.delete(id);
      continue;
    }
    operations.set(id, document);
  }

  return {
    listed: (lag = 0) => {
      const moment = clock.now() - lag;
      return stored
        .list()
        .map(({ document }) => document)
        .filter(({ accountId }) => organization.accounts.some(({ id }) => id === accountId))
        .filter((assignment) => isListed(assignment, moment));
    },
    isAssigned: (permissionSetArn) =>
      stored
        .list()
        .some(
          ({ document }) => document.permissionSetArn === permissionSetArn && isThere(document),
        ),
    has: (assignment) => present(assignment) !== undefined,
    begin: (kind, assignment) => {
      const outstanding = [...operations.values()].filter(({ status }) => status === "IN_PROGRESS");
      if (outstanding.some(({ accountId }) => accountId === assignment.accountId)) {
        throw new AwsError(
          "ConflictException",
          `A change of the assignments of ${assignment.accountId} is in progress.`,
        );
      }
      const creations = outstanding.filter((operation) => operation.kind === "creation");
      if (kind === "creation" && creations.length >= limits.outstandingCreations)
        throw throttled(`${creations.length} creations of account assignments are outstanding.`);
      const createdAt = clock.now();
      const operation: Operation = {
        ...assignment,
        id: randomUUID(),
        kind,
        status: "IN_PROGRESS",
        createdAt,
        settlesAt: createdAt + limits.provisioning,
      };
      keep(operation);
      clock.at(operation.settlesAt, () => settle(operation.id));
      return operation;
    },
    operations: (kind) => [...operations.values()].filter((operation) => operation.kind === kind),
  };
};
