import type { VirtualClock } from "@curfew/core/testing";
import type { AccessLog } from "./access-log.ts";
import { exception, notFound } from "./exceptions.ts";

/** What an assignment's call names. */
interface AssignmentInput {
  TargetId: string;
  PermissionSetArn: string;
  PrincipalId: string;
}

/** What a membership's call names. */
interface MembershipInput {
  GroupId: string;
  MemberId: { UserId: string };
}

interface Operation {
  kind: "create" | "delete";
  id: string;
  input: AssignmentInput;
  at: number;
  doneAt: number;
  failure?: string;
}

interface Membership {
  id: string;
  input: MembershipInput;
  createdAt: number;
  deletedAt?: number;
}

/** Names one person's assignment in the access log. */
export const assignmentKey = (account: string, permissionSet: string, user: string): string =>
  ["assignment", account, permissionSet, user].join("#");

/** Names one person's membership in the access log. */
export const membershipKey = (group: string, user: string): string =>
  ["membership", group, user].join("#");

/** How the service behaves, in milliseconds. */
export interface ServiceTiming {
  /** How long a change of an assignment takes. */
  operation: number;
  /** How much later Lists and look-ups show a change. */
  lag: number;
}

/** Assignments that exist without an operation, such as standing access. */
const identify = (key: string): { PrincipalType: "USER"; PrincipalId: string } => ({
  PrincipalType: "USER",
  PrincipalId: key.slice(key.lastIndexOf("#") + 1),
});

/**
 * The operations of IAM Identity Center that the strategies call, by name, on a virtual clock:
 * changes of assignments are asynchronous, one per account at a time; changes of memberships take
 * effect at once; Lists and look-ups lag behind both.
 */
export const createIdentityCenter = (
  clock: VirtualClock,
  log: AccessLog,
  timing: ServiceTiming,
  users: readonly string[],
) => {
  const operations: Operation[] = [];
  const memberships: Membership[] = [];
  const gone = new Set<string>();
  let creationsToFail = 0;

  const keyOf = ({ TargetId, PermissionSetArn, PrincipalId }: AssignmentInput): string =>
    assignmentKey(TargetId, PermissionSetArn, PrincipalId);
  const membershipKeyOf = ({ GroupId, MemberId }: MembershipInput): string =>
    membershipKey(GroupId, MemberId.UserId);

  const mustExist = (...things: string[]): void => {
    for (const thing of things) if (gone.has(thing)) throw notFound(thing);
  };

  const stateOf = ({ doneAt, failure }: Operation): "IN_PROGRESS" | "SUCCEEDED" | "FAILED" => {
    if (doneAt > clock.now()) return "IN_PROGRESS";
    return failure === undefined ? "SUCCEEDED" : "FAILED";
  };

  const begin = (kind: Operation["kind"], input: AssignmentInput): Operation => {
    mustExist(input.PermissionSetArn);
    const busy = operations.some(
      (other) => other.input.TargetId === input.TargetId && stateOf(other) === "IN_PROGRESS",
    );
    if (busy) throw exception("ConflictException", `${input.TargetId} is being changed.`);
    const at = clock.now();
    const key = keyOf(input);
    const isIdle = kind === "delete" && !log.has(key, at);
    const doneAt = at + (isIdle ? 0 : timing.operation);
    const unluckily = kind === "create" && creationsToFail > 0;
    if (unluckily) creationsToFail -= 1;
    const failure = isIdle
      ? "Received a 404 status error: Account assignment not found."
      : gone.has(input.TargetId)
        ? "Received a 404 status error: Account not found."
        : unluckily
          ? "The account's quota of roles is exhausted."
          : undefined;
    const failing = failure === undefined ? {} : { failure };
    const operation = { kind, id: `operation-${operations.length}`, input, at, doneAt, ...failing };
    operations.push(operation);
    const fails = failure !== undefined;
    if (!isIdle) log.record({ kind, key, by: "curfew", at, doneAt, fails });
    return operation;
  };

  const statusOf = (operation: Operation) => ({
    RequestId: operation.id,
    Status: stateOf(operation),
    CreatedDate: new Date(operation.at),
    ...operation.input,
    TargetType: "AWS_ACCOUNT",
    PrincipalType: "USER",
    ...(operation.failure === undefined ? {} : { FailureReason: operation.failure }),
  });
  const operationOf = (kind: Operation["kind"], id: string): Operation => {
    const found = operations.find((operation) => operation.kind === kind && operation.id === id);
    if (found === undefined) throw notFound(id);
    return found;
  };

  const exists = (membership: Membership, at: number): boolean =>
    membership.createdAt <= at && (membership.deletedAt === undefined || membership.deletedAt > at);
  const membershipOf = (input: MembershipInput, at: number): Membership | undefined =>
    memberships.find(
      (membership) =>
        membershipKeyOf(membership.input) === membershipKeyOf(input) && exists(membership, at),
    );
  const addMembership = (input: MembershipInput): Membership => {
    const id = `membership-${memberships.length}`;
    const membership = { id, input, createdAt: clock.now() };
    memberships.push(membership);
    return membership;
  };

  /** Parameters and results are the SDK's; each method carries an operation's name. */
  const api = {
    ListAccountAssignments: async (input: { AccountId: string; PermissionSetArn: string }) => {
      mustExist(input.AccountId, input.PermissionSetArn);
      const keys = users.map((user) =>
        assignmentKey(input.AccountId, input.PermissionSetArn, user),
      );
      const seen = keys.filter((key) => log.has(key, clock.now() - timing.lag));
      return { AccountAssignments: seen.map(identify) };
    },
    CreateAccountAssignment: async (input: AssignmentInput) => ({
      AccountAssignmentCreationStatus: statusOf(begin("create", input)),
    }),
    DeleteAccountAssignment: async (input: AssignmentInput) => ({
      AccountAssignmentDeletionStatus: statusOf(begin("delete", input)),
    }),
    DescribeAccountAssignmentCreationStatus: async (input: {
      AccountAssignmentCreationRequestId: string;
    }) => ({
      AccountAssignmentCreationStatus: statusOf(
        operationOf("create", input.AccountAssignmentCreationRequestId),
      ),
    }),
    DescribeAccountAssignmentDeletionStatus: async (input: {
      AccountAssignmentDeletionRequestId: string;
    }) => ({
      AccountAssignmentDeletionStatus: statusOf(
        operationOf("delete", input.AccountAssignmentDeletionRequestId),
      ),
    }),
    ListAccountAssignmentCreationStatus: async (input: { Filter?: { Status?: string } }) => ({
      AccountAssignmentsCreationStatus: operations
        .filter(({ kind }) => kind === "create")
        .map(statusOf)
        .filter(({ Status }) => (input.Filter?.Status ?? Status) === Status)
        .map(({ RequestId, Status, CreatedDate }) => ({ RequestId, Status, CreatedDate })),
    }),
    DescribePermissionSet: async () => ({ PermissionSet: { SessionDuration: "PT1H" } }),

    GetGroupMembershipId: async (input: MembershipInput) => {
      mustExist(input.GroupId, input.MemberId.UserId);
      const found = membershipOf(input, clock.now() - timing.lag);
      if (found === undefined) throw notFound("The membership");
      return { MembershipId: found.id };
    },
    CreateGroupMembership: async (input: MembershipInput) => {
      mustExist(input.GroupId, input.MemberId.UserId);
      const at = clock.now();
      if (membershipOf(input, at) !== undefined)
        throw exception("ConflictException", "The membership exists.");
      log.record({ kind: "create", key: membershipKeyOf(input), by: "curfew", at, doneAt: at });
      return { MembershipId: addMembership(input).id };
    },
    DescribeGroupMembership: async (input: { MembershipId: string }) => {
      const found = memberships.find(({ id }) => id === input.MembershipId);
      if (found === undefined || !exists(found, clock.now() - timing.lag))
        throw notFound(input.MembershipId);
      return { ...found.input, MembershipId: found.id, CreatedAt: new Date(found.createdAt) };
    },
    DeleteGroupMembership: async (input: { MembershipId: string }) => {
      const found = memberships.find(({ id }) => id === input.MembershipId);
      const at = clock.now();
      if (found === undefined || !exists(found, at)) throw notFound(input.MembershipId);
      mustExist(found.input.GroupId);
      found.deletedAt = at;
      log.record({
        kind: "delete",
        key: membershipKeyOf(found.input),
        by: "curfew",
        at,
        doneAt: at,
      });
      return {};
    },
  };

  return {
    api,
    /** An administrator gives or takes a membership by hand. */
    membershipByHand: (kind: "create" | "delete", group: string, user: string): void => {
      const input = { GroupId: group, MemberId: { UserId: user } };
      if (gone.has(group) || gone.has(user)) return;
      const found = membershipOf(input, clock.now());
      if ((found === undefined) !== (kind === "create")) return;
      if (found === undefined) addMembership(input);
      else found.deletedAt = clock.now();
      log.byHand(kind, membershipKey(group, user));
    },
    /** A group, permission set, user or account is deleted, and everybody's access with it. */
    vanish: (thing: string): void => {
      gone.add(thing);
      const isOf = (key: string): boolean => key.split("#").includes(thing);
      // Operations in progress fail from here on.
      for (const operation of operations)
        if (isOf(keyOf(operation.input)) && stateOf(operation) === "IN_PROGRESS")
          operation.failure ??= `Received a 404 status error: ${thing} not found.`;
      for (const change of log.changes)
        if (isOf(change.key) && change.doneAt > clock.now()) change.fails = true;
      for (const key of new Set(log.changes.map((change) => change.key)))
        if (isOf(key) && log.has(key)) log.byHand("delete", key);
      for (const membership of memberships)
        if (isOf(membershipKeyOf(membership.input))) membership.deletedAt ??= clock.now();
    },
    isGone: (key: string): boolean => key.split("#").some((part) => gone.has(part)),
    /** The next so many creations of assignments are accepted and fail later. */
    failCreations: (count: number): void => {
      creationsToFail = count;
    },
  };
};

export type IdentityCenter = ReturnType<typeof createIdentityCenter>;
