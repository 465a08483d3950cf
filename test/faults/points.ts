import type { Cycle } from "./cycle.ts";
import {
  callFaults,
  callKinds,
  type FaultKind,
  faultKinds,
  isPhase,
  kinds,
  lateInvocation,
  patienceKinds,
  phaseOf,
  phases,
} from "./fault-kinds.ts";
import { prefix } from "./hub.ts";

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
  /** Whether its service hangs in this cycle. */
  mayHang?: boolean;
  /** Whether nothing but that happens to it. */
  isSpared?: boolean;
}

/** One point of the matrix. */
export interface Point extends CallSite {
  kind: FaultKind;
}

/** The fault of a point, as `POST /sandbox/faults` takes it; undefined where there is none. */
export const faultOf = (point: Point): Record<string, unknown> | undefined => {
  const { kind, nth, function: name, service, operation } = point;
  const fault = faultKinds[kind];
  if (fault === undefined) return undefined;
  const site = { service, operation, function: isPhase(name) ? phases[name] : name };
  const skip = nth === 0 ? {} : { skip: nth };
  if (kind === "hang") return { ...fault, ...site };
  const late = kind === "late" ? { latency: latencyOf(point) } : {};
  return { ...fault, ...late, ...skip, ...site, times: 1 };
};

const latencyOf = ({ operation }: CallSite): number =>
  operation === "Invoke" ? lateInvocation : faultKinds.late.latency;

/**
 * How long after the end of access a call that is late takes effect, in seconds, if it is one of
 * the first of those that take the access away.
 */
export const pressingTime = (point: Point): number => latencyOf(point) / 1_000 + 5;

/** Whether a call changes something that somebody else can see. */
export const isChanging = ({ operation }: Pick<CallSite, "operation">): boolean =>
  /^(Create|Delete|Invoke|PutItem|StartExecution|SendTask)/.test(operation);

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
  cycle: Pick<Cycle, "name" | "strikes" | "hangs">,
  calls: readonly Call[],
): CallSite[] => {
  const counts = new Map<string, number>();
  return calls.flatMap(({ function: caller, service, operation, outcome }) => {
    if (!caller?.startsWith(prefix)) return [];
    const name = caller.slice(prefix.length);
    const isStruck = cycle.strikes?.(name, operation) ?? false;
    const mayHang = phaseOf(name) !== undefined && (cycle.hangs?.(service) ?? false);
    if (!isStruck && !mayHang) return [];
    const key = `${name} ${service} ${operation}`;
    const nth = counts.get(key) ?? 0;
    counts.set(key, nth + 1);
    const site = {
      ...{ cycle: cycle.name, function: name, service, operation, nth },
      ...(isStruck ? {} : { isSpared: true }),
      ...(mayHang ? { mayHang } : {}),
    };
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

const kindsOf = (site: CallSite): FaultKind[] => {
  if (site.isSpared) return [];
  const fitting = callKinds.filter((kind) => !site.isRefused || callFaults[kind].when === "before");
  return isChanging(site) && !site.isRefused ? [...fitting, ...patienceKinds] : fitting;
};

/** One point for each service that hangs, in each phase that calls it. */
const hangsOf = (sites: readonly CallSite[]): Point[] => {
  const points = sites.flatMap(({ cycle, function: name, service, mayHang }): Point[] => {
    const phase = phaseOf(name);
    if (!mayHang || phase === undefined) return [];
    return [{ cycle, function: phase, service, operation: "*", nth: 0, kind: "hang" }];
  });
  return [...new Map(points.map((point) => [nameOf(point), point])).values()];
};

/** Every call with everything that may go wrong with it, and every service that may hang. */
export const pointsOf = (sites: readonly CallSite[]): Point[] => [
  ...sites.flatMap((site) => kindsOf(site).map((kind) => ({ ...site, kind }))),
  ...hangsOf(sites),
];

/** The points of the cycles that are played without a fault of a call. */
export const undisturbedOf = (cycles: readonly Pick<Cycle, "name" | "isUndisturbed">[]): Point[] =>
  cycles
    .filter(({ isUndisturbed }) => isUndisturbed)
    .map(({ name: cycle }) => ({
      ...{ cycle, function: "-", service: "-", operation: "-", nth: 0 },
      kind: "undisturbed",
    }));

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
  kind === "undisturbed"
    ? `${cycle}: ${kind}`
    : `${cycle}: ${name} ${service}:${operation}[${nth}] ${kind}`;

/**
 * Whether the name of a point has all of the words, and none of those that are not wanted. A kind's
 * name chooses that kind only.
 */
export const chosenBy =
  (words: readonly string[], unwanted: readonly string[]) =>
  (point: Point): boolean => {
    const name = nameOf(point);
    const has = (word: string): boolean =>
      kinds.some((kind) => kind === word) ? point.kind === word : name.includes(word);
    return words.every(has) && !unwanted.some(has);
  };
