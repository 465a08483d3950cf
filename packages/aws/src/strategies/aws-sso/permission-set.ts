import { type Attempt, type Clock, WorkflowError, workflowErrors } from "@curfew/core";
import { isConflict } from "../../errors.ts";
import type { Sessions } from "../../sessions.ts";
import { type Assignment, assignmentOf, type OperationStatus } from "./assignment.ts";
import { poller, type Until } from "./poller.ts";
import type { Steps } from "./strategy.ts";

/** Gives permission sets through account assignments, and takes them away. */
export const permissionSetSteps = (sessions: Sessions, clock: Clock): Steps => ({
  inspect: ({ access }) => assignmentOf(sessions, access).isListed(),

  escalate: async ({ access }, attempt) => {
    const assignment = assignmentOf(sessions, access);
    const until = poller(clock);
    const created = await settle(assignment, attempt, until, attempt.pending);
    if (!created.succeeded && (attempt.mayBeLag || !(await assignment.isListed())))
      await create(assignment, attempt, until);
    await until(async () => ((await assignment.isListed()) ? true : undefined));
    return {};
  },

  deescalate: async ({ access }, attempt) => {
    const assignment = assignmentOf(sessions, access);
    const until = poller(clock);
    // A creation that is still in progress, or whose id was lost with its invocation, would give the access after it was taken away.
    const unknown = await assignment.creationsInProgress();
    await settle(assignment, attempt, until, [...new Set([...attempt.pending, ...unknown])], true);
    await remove(assignment, attempt, until);
    await until(async () => ((await assignment.isListed()) ? undefined : true));
    return {};
  },
});

const create = async (assignment: Assignment, attempt: Attempt, until: Until): Promise<void> => {
  const begun = await change(attempt, until, () => assignment.create());
  await attempt.remember(begun.id);
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
    const status = await until(async () => ended(await assignment.creation(id)));
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
  const begun = await change(attempt, until, () => assignment.delete());
  if (begun === undefined) return;
  const status = await until(async () => ended(await assignment.deletion(begun.id)));
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

/** Makes one changing call. One change at a time is what Identity Center allows per account: its refusal, which changed nothing, is waited out. */
const change = async <T>(attempt: Attempt, until: Until, call: () => Promise<T>): Promise<T> => {
  const { answer } = await until(async () => {
    attempt.beforeChange();
    try {
      return { answer: await call() };
    } catch (error) {
      if (isConflict(error)) return undefined;
      throw error;
    }
  });
  return answer;
};
