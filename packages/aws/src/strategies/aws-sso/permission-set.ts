import { type Attempt, WorkflowError, workflowErrors } from "@curfew/core";
import { once, repeatable } from "../../clients.ts";
import { wasRefused } from "../../errors.ts";
import type { StrategyDeps } from "../deps.ts";
import { type Assignment, assignmentOf, type OperationStatus } from "./assignment.ts";
import type { IdentityCenterClients } from "./clients.ts";
import { paces, poller, refusedPauses, type Until } from "./poller.ts";
import type { SessionDuration } from "./session-duration.ts";
import type { Steps } from "./strategy.ts";

/**
 * Stands in a lease for a creation whose id is not known: written down before the call, replaced by the id that it answers. Where it is left, a creation may be
 * in progress that nobody has the id of, and has to be looked for before the access is taken away.
 */
const unknownCreation = "unknown";

/** Gives permission sets through account assignments, and takes them away. */
export const permissionSetSteps = (
  deps: StrategyDeps,
  clients: IdentityCenterClients,
  sessionDuration: SessionDuration,
): Steps => ({
  inspect: ({ access }) => {
    const assignment = assignmentOf(deps.sessions, clients, access, once);
    return poller(deps, refusedPauses.giving)(() => assignment.isListed());
  },

  escalate: async ({ access }, attempt) => {
    const assignment = assignmentOf(deps.sessions, clients, access, once);
    const until = poller(deps, refusedPauses.giving);
    const isThere = (): Promise<boolean> => until(() => assignment.isListed());
    const created = await settle(assignment, attempt, until, knownIn(attempt));
    const nothingToSee = attempt.absent || attempt.mayBeLag;
    if (!created.succeeded && (nothingToSee || !(await isThere())))
      await create(assignment, attempt, until);
    await until(async () => ((await assignment.isListed()) ? true : undefined));
    return { sessionSeconds: await sessionDuration(access) };
  },

  deescalate: async ({ access }, attempt) => {
    const assignment = assignmentOf(deps.sessions, clients, access, repeatable);
    const until = poller(deps, refusedPauses.taking);
    // A creation that is still in progress would give the access after it was taken away.
    const lost = attempt.pending.includes(unknownCreation)
      ? await until(() => assignment.creationsInProgress())
      : [];
    await settle(assignment, attempt, until, [...new Set([...knownIn(attempt), ...lost])], true);
    await remove(assignment, attempt, until);
    await until(async () => ((await assignment.isListed()) ? undefined : true));
    return {};
  },
});

const knownIn = ({ pending }: Attempt): string[] => pending.filter((id) => id !== unknownCreation);

const create = async (assignment: Assignment, attempt: Attempt, until: Until): Promise<void> => {
  // What an earlier attempt has left there stays: its creation has no id yet, whatever becomes of this one.
  const lost = attempt.pending.includes(unknownCreation);
  if (!lost) await attempt.remember(unknownCreation);
  const begun = await change(assignment, attempt, until, () => assignment.create()).catch(
    async (error: unknown) => {
      if (!lost && wasRefused(error)) await attempt.forget(unknownCreation);
      throw error;
    },
  );
  await attempt.remember(begun.id, lost ? undefined : unknownCreation);
  await settle(assignment, attempt, until, [begun.id]);
};

/** Waits until these creations have come to an end. Those that failed are an error, unless it is all the same (`whatever`). */
const settle = async (
  assignment: Assignment,
  attempt: Attempt,
  until: Until,
  creations: readonly string[],
  whatever = false,
): Promise<{ succeeded: boolean }> => {
  let succeeded = false;
  for (const id of creations) {
    const look = async () => ended(await assignment.creation(id));
    const status = await until(look, paces.result);
    await attempt.forget(id);
    if (status.state === "succeeded") succeeded = true;
    if (status.state === "failed" && !whatever)
      throw new WorkflowError(
        workflowErrors.escalationFailed,
        `Identity Center could not assign the permission set: ${status.reason ?? "no reason given"}`,
      );
  }
  return { succeeded };
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

/** What a deletion of something that does not exist may say. The list has the last word: it must show the assignment absent. */
const saysNotFound = (reason = ""): boolean => /not found|does not exist|\b404\b/i.test(reason);

const ended = (status: OperationStatus): OperationStatus | undefined =>
  status.state === "in-progress" ? undefined : status;

/**
 * Makes one changing call. One change at a time is what Identity Center allows per account, and 20 calls a second: its refusal, which changed nothing, is waited
 * out.
 */
const change = async <T>(
  assignment: Assignment,
  attempt: Attempt,
  until: Until,
  call: () => Promise<T>,
): Promise<T> => {
  const { answer } = await until(async () => {
    await assignment.signIn();
    await attempt.beforeChange();
    return { answer: await call() };
  });
  return answer;
};
