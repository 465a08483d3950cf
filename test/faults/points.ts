import { prefix } from "./hub.ts";

/** What may go wrong with a call, and how it is asked for at `POST /sandbox/faults`. */
export const faultKinds = {
  throttled: { error: "throttled", when: "before" },
  "500 before": { error: "internal", when: "before" },
  "500 after": { error: "internal", when: "after" },
  "killed before": { kill: true, when: "before" },
  "killed after": { kill: true, when: "after" },
} as const;
export type FaultKind = keyof typeof faultKinds;
export const kinds = Object.keys(faultKinds) as FaultKind[];

/** The n-th call (from 0) of an operation by a function, in one cycle. */
export interface CallSite {
  /** The cycle's name. */
  cycle: string;
  /** The function's, without what all of their names begin with. */
  function: string;
  service: string;
  operation: string;
  nth: number;
  /** Whether it is made only in a sandbox that has just started, such as opening a session that stays good. */
  isCold?: boolean;
  /** Whether it is answered by an exception, such as a look-up that finds nothing: then there is no effect after which anything could go wrong. */
  isRefused?: boolean;
}

/** One point of the matrix. */
export interface Point extends CallSite {
  kind: FaultKind;
}

/** What the call log says about a call. */
interface Call {
  function?: string | undefined;
  service: string;
  operation: string;
  /** `ok`, or the exception's name. */
  outcome: string;
}

/** Every call that is to be struck in a cycle, in their order; those of the callers of the AWS endpoint who are no function of Curfew are left out. */
export const callSites = (
  cycle: { name: string; strikes: (functionName: string) => boolean },
  calls: readonly Call[],
): CallSite[] => {
  const counts = new Map<string, number>();
  return calls.flatMap(({ function: caller, service, operation, outcome }) => {
    if (!caller?.startsWith(prefix)) return [];
    const name = caller.slice(prefix.length);
    if (!cycle.strikes(name)) return [];
    const key = `${name} ${service} ${operation}`;
    const nth = counts.get(key) ?? 0;
    counts.set(key, nth + 1);
    const site = { cycle: cycle.name, function: name, service, operation, nth };
    return [outcome === "ok" ? site : { ...site, isRefused: true }];
  });
};

const keyOf = ({ cycle, function: name, service, operation, nth }: CallSite): string =>
  JSON.stringify([cycle, name, service, operation, nth]);

/** Every call of a cycle that was recorded twice: first in a sandbox that had just started, then in the same. */
export const eitherOf = (first: readonly CallSite[], then: readonly CallSite[]): CallSite[] => {
  const again = new Set(then.map(keyOf));
  const firstOnly = first.filter((site) => !again.has(keyOf(site)));
  return [...then, ...firstOnly.map((site) => ({ ...site, isCold: true }))];
};

/** Every call with everything that may go wrong with it. */
export const pointsOf = (sites: readonly CallSite[]): Point[] =>
  sites.flatMap((site) =>
    kinds
      .filter((kind) => !site.isRefused || faultKinds[kind].when === "before")
      .map((kind) => ({ ...site, kind })),
  );

const haveCommonFactor = (a: number, b: number): boolean =>
  b === 0 ? a > 1 : haveCommonFactor(b, a % b);

/** The same in an order of which every beginning is spread over all of it. */
export const spread = <T>(items: readonly T[]): T[] => {
  const { length } = items;
  // Steps of the golden ratio leave no gap that is much wider than others.
  let step = Math.max(1, Math.round(length * 0.618));
  while (length > 1 && haveCommonFactor(length, step)) step += 1;
  return items.flatMap((_, index) => items.slice(((index + 1) * step) % length).slice(0, 1));
};

/** So many points of each cycle, always the same. */
export const sampleOf = (points: readonly Point[], size: number): Point[] =>
  [...Map.groupBy(points, ({ cycle }) => cycle).values()].flatMap((ofCycle) =>
    spread(ofCycle).slice(0, size),
  );

/** A point in words. */
export const nameOf = ({ cycle, function: name, service, operation, nth, kind }: Point): string =>
  `${cycle}: ${name} ${service}:${operation}[${nth}] ${kind}`;

/** Whether the name of a point has all of the words, and none of those that are not wanted. */
export const chosenBy =
  (words: readonly string[], unwanted: readonly string[]) =>
  (point: Point): boolean => {
    const name = nameOf(point);
    return (
      words.every((word) => name.includes(word)) && !unwanted.some((word) => name.includes(word))
    );
  };
