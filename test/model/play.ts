import type * as Testing from "@curfew/core/testing";
import * as fc from "fast-check";

/** What plays plans: the sources, or a mutated copy of them. */
export type Player = Pick<
  typeof Testing,
  "simulate" | "checkPromise" | "anyPlan" | "anyBounds" | "smoothPlan" | "smoothBounds"
>;

/** What became of the plans that were played. */
export interface Played {
  cases: number;
  /** Requests of all cases together that became active. */
  granted: number;
  /** What was broken, and by which plan; undefined if nothing was. */
  broken?: { what: string; plan: unknown };
}

/** The seed of a suite: always the same, so that a failure is everybody's; another one by the environment variable CURFEW_MODEL_SEED. */
export const seedOf = (suite: number): number =>
  suite + Number(process.env.CURFEW_MODEL_SEED ?? 20_261_120);

/** Plays random plans until one breaks the promise, or that many are played. */
export const play = async (
  { simulate, checkPromise, ...player }: Player,
  kind: "any" | "smooth",
  cases: number,
  seed: number,
): Promise<Played> => {
  const [plans, bounds] =
    kind === "any" ? [player.anyPlan, player.anyBounds] : [player.smoothPlan, player.smoothBounds];
  let granted = 0;
  const result = await fc.check(
    fc.asyncProperty(plans, async (plan) => {
      const world = await simulate(plan);
      checkPromise(plan, world, bounds);
      granted += world.requests.all().filter(({ activatedAt }) => activatedAt).length;
    }),
    { numRuns: cases, seed, endOnFailure: true },
  );
  const { failed, numRuns } = result;
  if (!failed) return { cases: numRuns, granted };
  const what = String(result.errorInstance);
  return { cases: numRuns, granted, broken: { what, plan: result.counterexample } };
};
