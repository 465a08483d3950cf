import { type Attempt, WorkflowError, workflowErrors } from "@curfew/core";
import { once, repeatable } from "../../clients.ts";
import { changeFailureOf } from "../../errors.ts";
import type { StrategyDeps } from "../deps.ts";
import { type Assignment, assignmentOf, type OperationStatus } from "./assignment.ts";
import type { IdentityCenterClients } from "./clients.ts";
import { paces, poller, refusedPauses, type Until } from "./poller.ts";
import type { SessionDuration } from "./session-duration.ts";
import type { Steps } from "./strategy.ts";

/** Gives permission sets through account assignments, and takes them away. */
export const permissionSetSteps = (
  deps: StrategyDeps,
  clients: IdentityCenterClients,
  sessionDuration: SessionDuration,
): Steps => ({
  inspect: async ({ access }) => {
    using assignment = assignmentOf(deps.sessions, clients, access, once);
    return await poller(deps, refusedPauses.giving)(() => assignment.isListed());
  },

  escalate: async ({ access }, attempt) => {
    using assignment = assignmentOf(deps.sessions, clients, access, once);
    const until = poller(deps, refusedPauses.giving);
    const isThere = (): Promise<boolean> => until(() => assignment.isListed());
    const earlier = await settle(assignment, attempt, until, knownIn(attempt));
    const hasSucceeded = earlier.some(({ state }) => state === "succeeded");
    const nothingToSee = attempt.absent || attempt.mayBeLag;
    // Another holder's creation, or an earlier attempt's, may have failed: this attempt has its own.
    if (!hasSucceeded && (nothingToSee || !(await isThere())))
      await create(assignment, attempt, until);
    await until(async () => ((await assignment.isListed()) ? true : undefined));
    return { sessionSeconds: await sessionDuration(access) };
  },

  deescalate: async ({ access, request }, attempt) => {
    using assignment = assignmentOf(deps.sessions, clients, access, repeatable);
    const until = poller(deps, refusedPauses.taking);
    // A creation that is still in progress would give the access after it was taken away.
    const lost =
      attempt.unanswered.length > 0 || attempt.pending.includes(unknownCreation)
        ? await creationsOf(assignment, until, "IN_PROGRESS")
        : [];
    await settle(assignment, attempt, until, [...new Set([...knownIn(attempt), ...lost])]);
    await remove(assignment, attempt, until);
    await until(async () => ((await assignment.isListed()) ? undefined : true));
    // Known unless the access came without an answer to the escalation.
    return request.sessionSeconds === undefined
      ? { sessionSeconds: await sessionDuration(access) }
      : {};
  },

  // The deletion ended every assignment that was created before the release.
  creationsWithin: async ({ access }, { released, until }) => {
    using assignment = assignmentOf(deps.sessions, clients, access, repeatable);
    const poll = poller(deps, refusedPauses.giving);
    const creations = await creationsOf(assignment, poll, "SUCCEEDED", { released, until });
    return creations.length;
  },
});

/** Marks a creation without an id in leases of earlier versions. */
const unknownCreation = "unknown";

const knownIn = ({ pending }: Attempt): string[] => pending.filter((id) => id !== unknownCreation);

/**
 * Ids of the creations of this assignment with that status, whoever sent them. The List names
 * neither account nor principal, so each creation is described, one at a time.
 */
const creationsOf = async (
  assignment: Assignment,
  until: Until,
  status: "IN_PROGRESS" | "SUCCEEDED",
  window: { released: number; until: number } = { released: 0, until: Number.POSITIVE_INFINITY },
): Promise<string[]> => {
  const listed = await until(() => assignment.creations(status));
  const ids: string[] = [];
  for (const { id, createdAt } of listed) {
    if (createdAt < window.released || createdAt > window.until) continue;
    if (await until(() => assignment.isCreatedBy(id))) ids.push(id);
  }
  return ids;
};

const create = async (assignment: Assignment, attempt: Attempt, until: Until): Promise<void> => {
  const begun = await change(
    assignment,
    attempt,
    until,
    () => assignment.create(),
    ({ id }) => id,
  );
  const [ended] = await settle(assignment, attempt, until, [begun.id]);
  if (ended?.state !== "failed") return;
  throw new WorkflowError(
    workflowErrors.escalationFailed,
    `Identity Center could not assign the permission set: ${ended.reason ?? "no reason given"}`,
  );
};

/** Waits until these creations have ended, and returns how. */
const settle = async (
  assignment: Assignment,
  attempt: Attempt,
  until: Until,
  creations: readonly string[],
): Promise<OperationStatus[]> => {
  const statuses: OperationStatus[] = [];
  for (const id of creations) {
    const look = async () => ended(await assignment.creation(id));
    statuses.push(await until(look, paces.result));
    await attempt.forget(id);
  }
  return statuses;
};

const remove = async (assignment: Assignment, attempt: Attempt, until: Until): Promise<void> => {
  const begun = await change(assignment, attempt, until, () => assignment.delete());
  if (begun === undefined) return;
  const status = await until(async () => ended(await assignment.deletion(begun.id)), paces.result);
  if (status.state !== "failed" || saysNotFound(status.reason)) return;
  throw new WorkflowError(
    workflowErrors.deescalationFailed,
    `Identity Center could not delete the assignment: ${status.reason ?? "no reason given"}`,
  );
};

/**
 * Whether a failed deletion says that there was nothing to delete. The List has the last word: it
 * must show the assignment absent.
 */
const saysNotFound = (reason = ""): boolean => /not found|does not exist|\b404\b/i.test(reason);

const ended = (status: OperationStatus): OperationStatus | undefined =>
  status.state === "in-progress" ? undefined : status;

/**
 * Makes one changing call. Identity Center allows one change per account at a time, and 20 calls a
 * second: a refusal, which changed nothing, is retried.
 */
const change = async <T>(
  assignment: Assignment,
  attempt: Attempt,
  until: Until,
  call: () => Promise<T>,
  creates?: (result: T) => string | undefined,
): Promise<T> => {
  const { result } = await until(async () => {
    await assignment.signIn();
    const given = {
      call,
      failureOf: changeFailureOf,
      ...(creates === undefined ? {} : { creates }),
    };
    return { result: await attempt.change(given) };
  });
  return result;
};
