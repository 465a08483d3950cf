/** What may go wrong with a call, and how it is asked for at `POST /sandbox/faults`. */
export const faultKinds = {
  throttled: { error: "throttled", when: "before" },
  "500 before": { error: "internal", when: "before" },
  "500 after": { error: "internal", when: "after" },
  "killed before": { kill: true, when: "before" },
  "killed after": { kill: true, when: "after" },
} as const;
export type FaultKind = keyof typeof faultKinds;

/** The n-th call (from 0) of an operation by a function, in one cycle. */
export interface CallSite {
  function: string;
  service: string;
  operation: string;
  nth: number;
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
}

/** Every call that functions made, in the order of their first one; those of the callers of the AWS endpoint who are no function are left out. */
export const callSites = (calls: readonly Call[]): CallSite[] => {
  const counts = new Map<string, number>();
  return calls.flatMap(({ function: name, service, operation }) => {
    if (name === undefined) return [];
    const key = `${name} ${service} ${operation}`;
    const nth = counts.get(key) ?? 0;
    counts.set(key, nth + 1);
    return [{ function: name, service, operation, nth }];
  });
};

/** Every call with everything that may go wrong with it. */
export const pointsOf = (sites: readonly CallSite[]): Point[] =>
  sites.flatMap((site) =>
    (Object.keys(faultKinds) as FaultKind[]).map((kind) => ({ ...site, kind })),
  );

/** So many of the points, always the same, spread over all of them and over all kinds. */
export const sampleOf = (points: readonly Point[], size: number): Point[] => {
  // A step that has no common factor with the number of kinds meets every kind.
  const kinds = Object.keys(faultKinds).length;
  let step = Math.max(1, Math.floor(points.length / size));
  while (step > 1 && step % kinds === 0) step -= 1;
  return points.filter((_, index) => index % step === 0).slice(0, size);
};

/** A point in words. */
export const nameOf = ({ function: name, service, operation, nth, kind }: Point): string =>
  `${name} ${service}:${operation}[${nth}] ${kind}`;
