import * as z from "zod/mini";
import { WorkflowError, workflowErrors } from "../errors/workflow-errors.ts";
import type { Clock } from "../ports/index.ts";
import type { Attempt, Strategy, StrategyDefinition } from "../ports/strategy.ts";
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

/** The definition of the strategy `fake`: one type of target, `fake_permission`, with an account and a permission. */
export const fakeDefinition: StrategyDefinition = {
  name: "fake",
  integrationSettings: z.strictObject({ instance: z.string() }),
  targetSettings: { fake_permission: TargetSettings },
  leaseKey: fakeKey,
};

/** How long one invocation waits for the service, and how often it looks, in milliseconds. */
const patience = 20_000;
const pause = 500;

/** Stands for a creation whose id is not known yet, or was lost: written down before the call, as the strategy `aws_sso` does. */
const unknownCreation = "unknown";

const knownIn = ({ pending }: Attempt): string[] => pending.filter((id) => id !== unknownCreation);

/** Gives access of an {@link AccessApi} as a careful strategy does. */
export const fakeStrategy = (api: AccessApi, clock: Clock): Strategy => {
  const poll = async (ready: () => Promise<boolean>): Promise<void> => {
    const giveUp = clock.now() + patience;
    while (!(await ready())) {
      if (clock.now() >= giveUp)
        throw new WorkflowError(workflowErrors.stillProvisioning, "The service is still at work.");
      await clock.sleep(pause);
    }
  };

  const finished = async (operation: string): Promise<boolean> => {
    await poll(async () => (await api.status(operation)) !== "IN_PROGRESS");
    return (await api.status(operation)) === "SUCCEEDED";
  };

  const change = async (attempt: Attempt, call: () => Promise<string>): Promise<string> => {
    await attempt.beforeChange();
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
      let created = false;
      for (const operation of knownIn(attempt)) {
        created = (await finished(operation)) || created;
        await attempt.forget(operation);
      }
      const nothingToSee = attempt.absent || attempt.mayBeLag;
      if (!created && (nothingToSee || !(await api.list(assignment)))) {
        const lost = attempt.pending.includes(unknownCreation);
        if (!lost) await attempt.remember(unknownCreation);
        const operation = await change(attempt, () => api.create(assignment));
        await attempt.remember(operation, lost ? undefined : unknownCreation);
        const succeeded = await finished(operation);
        await attempt.forget(operation);
        if (!succeeded)
          throw new WorkflowError(workflowErrors.escalationFailed, "The service could not.");
      }
      await poll(() => api.list(assignment));
      return {};
    },
    deescalate: async ({ access }, attempt) => {
      const assignment = assignmentOf(access);
      const lost = attempt.pending.includes(unknownCreation)
        ? await api.creationsInProgress(assignment)
        : [];
      for (const operation of new Set([...knownIn(attempt), ...lost])) {
        await finished(operation);
        await attempt.forget(operation);
      }
      const operation = await change(attempt, () => api.delete(assignment));
      if (!(await finished(operation)))
        throw new WorkflowError(workflowErrors.deescalationFailed, "The service could not.");
      await poll(async () => !(await api.list(assignment)));
      return {};
    },
  };
};
