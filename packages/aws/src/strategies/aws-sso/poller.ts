import { type Clock, WorkflowError, workflowErrors } from "@curfew/core";

/** How long one invocation waits for Identity Center, in milliseconds; after that the workflow comes back. */
const patience = 20_000;

/** Pauses between two looks, in milliseconds: they grow, because all of an organisation shares 20 calls a second. */
const firstPause = 250;
const longestPause = 2_000;

/** Looks again and again until there is something to see. */
export type Until = <T>(look: () => Promise<T | undefined>) => Promise<T>;

/** Looks again and again until there is something to see. All waits of one invocation share its patience. Throws WorkflowError `StillProvisioning` when that is over. */
export const poller = (clock: Clock): Until => {
  const giveUp = clock.now() + patience;
  return async (look) => {
    for (let pause = firstPause; ; pause = Math.min(pause * 1.5, longestPause)) {
      const seen = await look();
      if (seen !== undefined) return seen;
      if (clock.now() + pause > giveUp)
        throw new WorkflowError(
          workflowErrors.stillProvisioning,
          "Identity Center is still at work.",
        );
      await clock.sleep(pause);
    }
  };
};
