import * as z from "zod/mini";
import { WorkflowError, workflowErrors } from "../errors/workflow-errors.ts";
import type { Clock } from "../ports/index.ts";
import type { Attempt, ChangeFailure, Strategy, StrategyDefinition } from "../ports/strategy.ts";
import type { Access } from "../request/access.ts";
import { type AccessApi, type Assignment, assignmentKey, Conflict } from "./access-service.ts";

const TargetSettings = z.strictObject({
  account: z.string().check(z.minLength(1)),
  permission: z.string().check(z.minLength(1)),
});

/** The assignment that an access of type `fake_permission` stands for. */
export const assignmentOf = ({ target, person }: Access): Assignment => ({
  ...TargetSettings.parse(target.settings),
  person: person.id,
});

/** The key of the lease for an access of type `fake_permission`. */
export const fakeKey = (access: Access): string => `fake#${assignmentKey(assignmentOf(access))}`;

/** The definition of the strategy `fake`: one type of target, `fake_permission`. */
export const fakeDefinition: StrategyDefinition = {
  name: "fake",
  integrationSettings: z.strictObject({ instance: z.string() }),
  targetSettings: { fake_permission: TargetSettings },
  leaseKey: fakeKey,
};

/** How long one invocation waits for the service, and how often it polls, in milliseconds. */
const patience = 20_000;
const pause = 500;

/** A dead invocation, or one that gave up, got no answer. */
const failureOf = (error: unknown): ChangeFailure => {
  if (error instanceof WorkflowError && error.cause instanceof Conflict) return "refused";
  const isUnanswered = error instanceof Error && ["Crash", "TimeoutError"].includes(error.name);
  return isUnanswered ? "unanswered" : "answered";
};

/**
 * A strategy for the unit tests of the operations. The proofs play the shipped strategies instead,
 * in `test/model`.
 */
export const fakeStrategy = (api: AccessApi, clock: Clock): Strategy => {
  const poll = async (ready: () => Promise<boolean>): Promise<void> => {
    const giveUp = clock.now() + patience;
    while (!(await ready())) {
      if (clock.now() >= giveUp)
        throw new WorkflowError(workflowErrors.stillProvisioning, "The service is still at work.");
      await clock.sleep(pause);
    }
  };

  const finish = async (attempt: Attempt, operations: readonly string[]): Promise<boolean> => {
    let succeeded = false;
    for (const operation of operations) {
      await poll(async () => (await api.status(operation)) !== "IN_PROGRESS");
      await attempt.forget(operation);
      succeeded = (await api.status(operation)) === "SUCCEEDED" || succeeded;
    }
    return succeeded;
  };

  const calling = (call: () => Promise<string>) => async (): Promise<string> => {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      throw new WorkflowError(workflowErrors.serviceUnavailable, error.message, { cause: error });
    }
  };

  return {
    ...fakeDefinition,
    inspect: ({ access }) => api.list(assignmentOf(access)),
    escalate: async ({ access }, attempt) => {
      const assignment = assignmentOf(access);
      const isCreated = await finish(attempt, attempt.pending);
      const nothingToSee = attempt.absent || attempt.mayBeLag;
      if (!isCreated && (nothingToSee || !(await api.list(assignment)))) {
        const call = calling(() => api.create(assignment));
        const operation = await attempt.change({ call, failureOf, creates: (id) => id });
        if (!(await finish(attempt, [operation])))
          throw new WorkflowError(workflowErrors.escalationFailed, "The service could not.");
      }
      await poll(() => api.list(assignment));
      return {};
    },
    deescalate: async ({ access }, attempt) => {
      const assignment = assignmentOf(access);
      await finish(attempt, attempt.pending);
      const operation = await attempt.change({
        call: calling(() => api.delete(assignment)),
        failureOf,
      });
      await poll(async () => (await api.status(operation)) !== "IN_PROGRESS");
      if ((await api.status(operation)) === "FAILED")
        throw new WorkflowError(workflowErrors.deescalationFailed, "The service could not.");
      await poll(async () => !(await api.list(assignment)));
      return {};
    },
  };
};
