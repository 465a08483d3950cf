import * as fc from "fast-check";
import { anyPlan, type Plan, smoothPlan } from "./plan.ts";
import { anyBounds, checkPromise, smoothBounds } from "./promise.ts";
import { simulate } from "./simulate.ts";

/** The outcome of playing plans. */
export interface Played {
  cases: number;
  /** Requests of all cases together that became active. */
  granted: number;
  /** How the promise was broken, and by which plan; undefined if every plan kept it. */
  broken?: { what: string; plan: Plan };
}

/** Which plans are played: those in which anything may go wrong, or those in which nothing does. */
export type Kind = "any" | "smooth";

const kinds = {
  any: { plans: anyPlan, bounds: anyBounds },
  smooth: { plans: smoothPlan, bounds: smoothBounds },
} as const;

/** The seed of a suite. The environment variable CURFEW_MODEL_SEED replaces the common part. */
export const seedOf = (suite: number): number =>
  suite + Number(process.env.CURFEW_MODEL_SEED ?? 20_261_120);

/** Plays random plans until one breaks the promise, or `cases` are played. */
export const play = async (kind: Kind, cases: number, seed: number): Promise<Played> => {
  const { plans, bounds } = kinds[kind];
  let granted = 0;
  const result = await fc.check(
    fc.asyncProperty(plans, async (plan) => {
      const played = await simulate(plan);
      checkPromise(plan, played, bounds);
      granted += played.requests.all().filter(({ activatedAt }) => activatedAt).length;
    }),
    { numRuns: cases, seed, endOnFailure: true },
  );
  const { failed, numRuns } = result;
  if (!failed) return { cases: numRuns, granted };
  const [plan] = result.counterexample ?? [];
  if (plan === undefined) throw new Error("The counterexample is missing.");
  return { cases: numRuns, granted, broken: { what: String(result.errorInstance), plan } };
};
