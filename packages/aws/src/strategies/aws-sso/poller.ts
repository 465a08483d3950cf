import { WorkflowError, workflowErrors } from "@curfew/core";
import { isRefusedForNow } from "../../errors.ts";
import type { StrategyDeps } from "../deps.ts";

/** How long one invocation waits for Identity Center, in milliseconds; after that the workflow comes back. */
const patience = 20_000;

/** How often to look: milliseconds before the first look and between the first two; the longest pause. */
export interface Pace {
  before: number;
  first: number;
  longest: number;
}

/** When to look for the result of a change, which is never over in less than a second, and for what a List shows. */
export const paces = {
  result: { before: 1_000, first: 1_000, longest: 3_000 },
  list: { before: 0, first: 1_000, longest: 2_000 },
} as const satisfies Record<string, Pace>;

/**
 * How long to wait after a refusal, in milliseconds. All of an organisation shares 20 calls a second, and an account takes one change at a time: what takes
 * access away asks more often than what gives it, and so comes first where many wait.
 */
export const refusedPauses = { giving: 2_000, taking: 300 } as const;

/** Looks again and again until there is something to see. */
export type Until = <T>(look: () => Promise<T | undefined>, pace?: Pace) => Promise<T>;

/**
 * Looks again and again until there is something to see. A look that the service refused for now, which had no effect, counts as one that saw nothing.
 * All waits of one invocation share its patience. Throws WorkflowError `StillProvisioning` when that is over.
 */
export const poller = (
  { clock, random = Math.random }: Pick<StrategyDeps, "clock" | "random">,
  refusedPause: number,
): Until => {
  // Between three and five quarters of a pause, so that callers refused together retry apart.
  const jittered = (pause: number): number => pause * (0.75 + random() / 2);
  const giveUp = clock.now() + patience;
  return async (look, { before, first, longest } = paces.list) => {
    if (before > 0) await clock.sleep(jittered(before));
    for (let pause = first; ; ) {
      let refused = false;
      const seen = await look().catch((error: unknown) => {
        if (!isRefusedForNow(error) || clock.now() + refusedPause > giveUp) throw error;
        refused = true;
        return undefined;
      });
      if (seen !== undefined) return seen;
      const next = refused ? refusedPause : pause;
      if (clock.now() + next > giveUp)
        throw new WorkflowError(
          workflowErrors.stillProvisioning,
          "Identity Center is still at work.",
        );
      await clock.sleep(jittered(next));
      if (!refused) pause = Math.min(pause * 1.5, longest);
    }
  };
};
