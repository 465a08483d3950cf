import { longestLag } from "./cycle.ts";
import type { Result } from "./matrix.ts";
import { type FaultKind, faultKinds, nameOf } from "./points.ts";

const kinds = Object.keys(faultKinds) as FaultKind[];

/** A cell: how many points were kept of those that were reached. */
const cellOf = (results: readonly Result[]): string => {
  const struck = results.filter((result) => result.struck);
  if (struck.length === 0) return "-";
  return `${struck.filter(({ broken }) => broken.length === 0).length}/${struck.length}`;
};

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** The matrix as a Markdown table: one row per operation of a function, one column per kind of fault; and what it comes to. */
export const tableOf = (results: readonly Result[]): string => {
  const rows = Map.groupBy(
    results,
    ({ point }) =>
      `${point.function.replace("curfew-sandbox-", "")} | ${point.service}:${point.operation}`,
  );
  const lines = [...rows].map(([name, row]) => {
    const cells = kinds.map((kind) => cellOf(row.filter(({ point }) => point.kind === kind)));
    return `| ${name} | ${cells.join(" | ")} |`;
  });
  return [
    `| function | call | ${kinds.join(" | ")} |`,
    `|---|---|${kinds.map(() => "---|").join("")}`,
    ...lines.sort(),
    "",
    summaryOf(results),
  ].join("\n");
};

/** What the results come to, in sentences. */
const summaryOf = (results: readonly Result[]): string => {
  const struck = results.filter((result) => result.struck);
  const broken = struck.filter((result) => result.broken.length > 0);
  const lags = struck.flatMap(({ lag }) => (lag === undefined ? [] : [lag])).sort((a, b) => a - b);
  const [p50, p99] = [percentile(lags, 0.5), percentile(lags, 0.99)];
  return [
    `${struck.length} points struck, ${results.length - struck.length} were not reached; ${broken.length} left something behind or broke a rule.`,
    `Access was gone ${p50.toFixed(1)} s (median), ${p99.toFixed(1)} s (p99), ${(lags.at(-1) ?? 0).toFixed(1)} s (longest) after its end; the bound is ${longestLag} s.`,
    ...broken.map((result) => `BROKEN ${nameOf(result.point)}: ${result.broken.join("; ")}`),
  ].join("\n");
};
