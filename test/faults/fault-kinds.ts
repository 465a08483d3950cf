/**
 * The kinds of trouble with one call, and how each is asked for at `POST /sandbox/faults`. Those
 * `before` the effect make sense for a call that is refused, too.
 */
export const callFaults = {
  throttled: { error: "throttled", when: "before" },
  "500 before": { error: "internal", when: "before" },
  "500 after": { error: "internal", when: "after" },
  "killed before": { kill: true, when: "before" },
  "killed after": { kill: true, when: "after" },
} as const;

/**
 * The kinds of trouble with one changing call whose client stops waiting, after 10 s: the effect
 * comes after that, or never. Late means late enough for the next holder to have the access by
 * then, and while the lock of the invocation that made the call would still last (30 s longer than
 * the invocation, of which the call has at least 10 s left).
 */
const patienceFaults = {
  late: { latency: 35_000, when: "before" },
  lost: { drop: true, when: "before" },
} as const;

/** How long a service hangs, and each call that is made meanwhile, in milliseconds. */
export const hangTime = 60_000;

const otherFaults = {
  hang: { latency: hangTime, lasting: hangTime, when: "before" },
  /** No fault: what the cycle does meanwhile is trouble enough. */
  undisturbed: undefined,
} as const;

export const faultKinds = { ...callFaults, ...patienceFaults, ...otherFaults };
export type FaultKind = keyof typeof faultKinds;
export const kinds = Object.keys(faultKinds) as FaultKind[];
export const callKinds = Object.keys(callFaults) as (keyof typeof callFaults)[];
export const patienceKinds = Object.keys(patienceFaults) as (keyof typeof patienceFaults)[];

/**
 * Milliseconds after which a customer's function is called late: its client waits for 62 s, for its
 * timeout and a little more, and calls it again 5 s later.
 */
export const lateInvocation = 90_000;

/**
 * The functions that run during each phase of a request. A hang begins with the first of their
 * calls, so functions that run at different times are in different phases.
 */
export const phases = {
  asking: ["create-request", "await-approval", "approve-request"],
  granting: ["arm-revocation", "escalate"],
  waiting: ["await-expiry"],
  expiring: ["expire"],
  ending: ["deescalate"],
} as const;
type Phase = keyof typeof phases;
const phaseNames = Object.keys(phases) as Phase[];

export const phaseOf = (functionName: string): Phase | undefined =>
  phaseNames.find((phase) =>
    phases[phase].some((name) => functionName === name || functionName.startsWith(`${name}-aws_`)),
  );
export const isPhase = (name: string): name is Phase => Object.hasOwn(phases, name);
