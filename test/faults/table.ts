import { type FaultKind, kinds } from "./fault-kinds.ts";
import type { Result } from "./matrix.ts";
import { nameOf } from "./points.ts";
import { longestLag } from "./rules.ts";

const kept = ({ broken }: Result): boolean => broken.length === 0;

/** A cell: how many points were kept of those that were reached. */
const cellOf = (results: readonly Result[]): string => {
  const struck = results.filter((result) => result.struck);
  return struck.length === 0 ? "-" : `${struck.filter(kept).length}/${struck.length}`;
};

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;

/** A Markdown table of the results in groups: one column per kind of fault, after those that name the group. */
const tableBy = (
  results: readonly Result[],
  headings: readonly string[],
  cellsOf: (results: readonly [Result, ...Result[]]) => (string | number)[],
  groupOf: (result: Result) => string,
): string => {
  const ofKind = (group: readonly Result[], kind: FaultKind): Result[] =>
    group.filter(({ point }) => point.kind === kind);
  const rows = [...Map.groupBy(results, groupOf).values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return [];
    const group: [Result, ...Result[]] = [first, ...rest];
    return [row([...cellsOf(group), ...kinds.map((kind) => cellOf(ofKind(group, kind)))])];
  });
  const all = [...headings, ...kinds];
  return [row(all), `|${"---|".repeat(all.length)}`, ...rows.sort()].join("\n");
};

const callOf = ({ point: { service, operation } }: Result): string => `${service}:${operation}`;
const functionOf = ({ point }: Result): string => `${point.cycle} | \`${point.function}\``;

/** Every call of every function. */
const byCall = (results: readonly Result[]): string =>
  tableBy(
    results,
    ["cycle", "function", "call"],
    ([first]) => [functionOf(first), callOf(first)],
    (result) => `${functionOf(result)} | ${callOf(result)}`,
  );

/** The totals of each function, and how many calls it makes. */
const byFunction = (results: readonly Result[]): string =>
  tableBy(
    results,
    ["cycle", "function", "calls"],
    (group) => {
      const calls = new Set(group.map((result) => `${callOf(result)}[${result.point.nth}]`));
      return [functionOf(group[0]), calls.size];
    },
    functionOf,
  );

/** The matrix in Markdown: each call, the totals, and what it comes to. */
export const tableOf = (results: readonly Result[]): string =>
  [byCall(results), byFunction(results), summaryOf(results)].join("\n\n");

/** What the results come to, in sentences. */
const summaryOf = (results: readonly Result[]): string => {
  const struck = results.filter((result) => result.struck);
  const missed = results.filter((result) => !result.struck);
  const broken = results.filter((result) => !kept(result));
  const statuses = [...Map.groupBy(struck, ({ status }) => status)].map(
    ([status, { length }]) => `${length} ${status}`,
  );
  const lags = struck.flatMap(({ lag }) => (lag === undefined ? [] : [lag])).sort((a, b) => a - b);
  const [p50, p99] = [percentile(lags, 0.5), percentile(lags, 0.99)];
  return [
    `${struck.length} points struck, ${missed.length} were not reached; ${broken.length} left something behind or broke a rule.`,
    `Requests: ${statuses.join(", ")}.`,
    `Access was gone ${p50.toFixed(1)} s (median), ${p99.toFixed(1)} s (p99), ${(lags.at(-1) ?? 0).toFixed(1)} s (longest) after its end; the bound is ${longestLag} s, and more where a service hangs or Lists are behind.`,
    ...missed.map(({ point }) => `not reached: ${nameOf(point)}`),
    ...broken.map((result) => `BROKEN ${nameOf(result.point)}: ${result.broken.join("; ")}`),
  ].join("\n");
};
