import type { BenchResult } from "./bench.ts";
import type { Call } from "./calls.ts";

/** Identity Center's limits, as the strict sandbox keeps them. */
const callsPerSecond = 20;
const outstandingCreations = 10;
const provisioning = 2;

/** What the bench measures; times in seconds. */
export interface Figures {
  makespan: number;
  /** The least that the limits allow for these calls, and what it is made of. */
  bound: number;
  parts: { calls: number; creations: number; chain: number };
  lag: { p50: number; p99: number };
  grant: { p50: number; p99: number };
  /** Calls of Identity Center that were let through, and those that were refused, by exception. */
  calls: number;
  throttled: number;
  conflicts: number;
  /** Share of all that two cores could have done. */
  cpuShare: number;
}

const isSso = ({ service }: Call): boolean => service === "sso";

/** The value that this share of all values does not exceed. */
const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;

const seconds = (from: string | null | undefined, to: string | null): number =>
  (Date.parse(to ?? "") - Date.parse(from ?? "")) / 1_000;

/** @param chain how many changes the busiest account had to take, one after the other */
export const figuresOf = (result: BenchResult, chain: number, cores: number): Figures => {
  const sso = result.calls.filter(isSso);
  const refused = (outcome: string): number =>
    sso.filter((call) => call.outcome === outcome).length;
  const throttled = refused("ThrottlingException");
  const passed = sso.length - throttled;
  const creations = sso.filter(
    ({ operation, outcome }) => operation === "CreateAccountAssignment" && outcome === "ok",
  ).length;
  const parts = {
    calls: passed / callsPerSecond,
    creations: (creations * provisioning) / outstandingCreations,
    chain: chain * provisioning,
  };
  const makespan = (result.end - result.start) / 1_000;
  const lags = result.expired.map(({ expiresAt, endedAt }) => seconds(expiresAt, endedAt));
  const grants = result.approved.map(({ activatedAt, history }) =>
    seconds(history.find(({ event }) => event === "request.approved")?.at, activatedAt),
  );
  return {
    makespan,
    bound: Math.max(...Object.values(parts)),
    parts,
    lag: { p50: percentile(lags, 0.5), p99: percentile(lags, 0.99) },
    grant: { p50: percentile(grants, 0.5), p99: percentile(grants, 0.99) },
    calls: passed,
    throttled,
    conflicts: refused("ConflictException"),
    cpuShare: result.cpu / makespan / cores,
  };
};
