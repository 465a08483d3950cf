import * as fc from "fast-check";
import type { PlannedPerson, PlannedTarget } from "./config.ts";

/** A fault of one call: the call fails, or its whole invocation dies. */
export type PlannedFault =
  | "throttled"
  | "500 before"
  | "500 after"
  | "killed before"
  | "killed after";

/** A call that the network carries for so many seconds; a lost one never arrives. */
export interface SlowCall {
  seconds: number;
  lost: boolean;
}

/** A service of which calls arrive only once its window is over, or never. */
export const hangingServices = [
  "requests",
  "leases",
  "directory",
  "workflow",
  "schedules",
  "publisher",
  "identity-center",
  "lambda",
  "sts",
] as const;
export type HangingService = (typeof hangingServices)[number];

/** What people do, and what goes wrong meanwhile. All times in seconds, from noon. */
export interface Plan {
  requests: readonly {
    person: PlannedPerson;
    target: PlannedTarget;
    at: number;
    duration: number;
    /** How long after the request somebody decides on it; without one, nobody has to. */
    approval?: { after: number; decision: "approve" | "deny" } | undefined;
    /** When the requester extends it, after the request, and to how much from then. */
    extension?: { after: number; duration: number } | undefined;
    /** When the requester releases it, after the request. */
    releaseAfter?: number | undefined;
  }[];
  /** What people have before. */
  standing: readonly { person: PlannedPerson; target: PlannedTarget }[];
  /** What an administrator does by hand with what the n-th request is for, and how long after it. */
  administrator: readonly { request: number; after: number; does: "give" | "take" }[];
  /** What an administrator deletes altogether. */
  vanishing: readonly {
    at: number;
    what: "group" | "permission set" | "user" | "account";
    person: PlannedPerson;
  }[];
  /** Faults of calls, counted over everything that runs. */
  faults: readonly { call: number; fault: PlannedFault }[];
  /** Slow calls, counted in the same way. */
  slow: readonly ({ call: number } & SlowCall)[];
  /** Slow calls among those that change access, counted by themselves. */
  slowChanges: readonly ({ change: number } & SlowCall)[];
  /** Windows in which a service hangs. */
  hangs: readonly { service: HangingService; at: number; seconds: number; lost: boolean }[];
  /** Moments at which the n-th request's newest execution dies. The event of its end may be lost. */
  deaths: readonly { request: number; at: number; lost: boolean }[];
  /** How long calls take, in milliseconds, in turn: the order decides which call overtakes which. */
  latencies: readonly number[];
  /** The service's pace, in milliseconds. */
  timing: { operation: number; lag: number };
  /** The customer's function: how long it works, in milliseconds, and how often it crashes. */
  customerFunction: { work: number; crashes: number };
  /** Seeds the jitter of retries and polls. */
  seed: number;
}

const person = fc.constantFrom<PlannedPerson>("alice", "bob");
const shared = fc.constantFrom<PlannedTarget>("prod-readonly", "prod-viewer", "oncall", "pager");
const target = fc.oneof(
  { weight: 4, arbitrary: shared },
  { weight: 1, arbitrary: fc.constantFrom<PlannedTarget>("staging-power", "db-admin") },
);
/** Seconds; often round ones, so that one thing ends just when another begins. */
const seconds = (max: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: 1, max }),
    fc.integer({ min: 0, max: Math.floor(max / 20) }).map((n) => 20 * n + 1),
  );
const perhaps = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<T[]>([]) },
    { weight: 1, arbitrary: fc.array(arbitrary, { minLength: 1, maxLength: 2 }) },
  );
const call = fc.oneof(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 600 }));

/**
 * How long a call may be in flight, in seconds: past the patience of its client and of its
 * invocation, and within the lock that fences it.
 */
const inFlight = { seconds: fc.integer({ min: 1, max: 38 }), lost: fc.boolean() };

/** Everything that people may do, and everything that may go wrong while they do. */
export const anyPlan: fc.Arbitrary<Plan> = fc.record({
  requests: fc.array(
    fc.record({
      person,
      target,
      at: seconds(200),
      duration: seconds(400),
      approval: perhaps(
        fc.record({
          after: seconds(120),
          decision: fc.constantFrom("approve", "approve", "approve", "deny"),
        }),
      ),
      extension: perhaps(fc.record({ after: seconds(400), duration: seconds(600) })),
      releaseAfter: perhaps(seconds(600)),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  standing: fc.array(fc.record({ person, target: shared }), { maxLength: 2 }),
  administrator: rarely(
    fc.record({
      request: fc.integer({ min: 0, max: 3 }),
      after: fc.oneof(fc.integer({ min: -30, max: 30 }), fc.integer({ min: 0, max: 300 })),
      does: fc.constantFrom("give", "take"),
    }),
  ),
  vanishing: rarely(
    fc.record({
      at: seconds(400),
      what: fc.constantFrom("group", "permission set", "user", "account"),
      person,
    }),
  ).map((all) => all.slice(0, 1)),
  faults: fc.array(
    fc.record({
      call,
      fault: fc.constantFrom<PlannedFault>(
        "throttled",
        "500 before",
        "500 after",
        "killed before",
        "killed after",
      ),
    }),
    { maxLength: 8 },
  ),
  slow: fc.array(fc.record({ call, ...inFlight }), { maxLength: 4 }),
  slowChanges: fc.array(fc.record({ change: fc.integer({ min: 0, max: 7 }), ...inFlight }), {
    maxLength: 3,
  }),
  hangs: rarely(
    fc.record({
      service: fc.constantFrom(...hangingServices),
      at: seconds(600),
      seconds: fc.integer({ min: 5, max: 38 }),
      lost: fc.boolean(),
    }),
  ),
  deaths: fc.array(
    fc.record({
      request: fc.integer({ min: 0, max: 3 }),
      at: fc.oneof(seconds(300), fc.integer({ min: 0, max: 1_500 })),
      lost: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
  latencies: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 }),
  timing: fc.record({
    operation: fc.constantFrom(200, 1_000, 8_000, 30_000),
    lag: fc.constantFrom(0, 300, 15_000, 60_000),
  }),
  customerFunction: fc.record({
    work: fc.constantFrom(10, 2_000, 25_000),
    crashes: fc.constantFrom(0, 0, 0, 1, 2),
  }),
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
});

/** The same people, while nothing goes wrong and everything is quick. */
export const smoothPlan: fc.Arbitrary<Plan> = anyPlan.map((plan) => ({
  ...plan,
  administrator: [],
  vanishing: [],
  faults: [],
  slow: [],
  slowChanges: [],
  hangs: [],
  deaths: [],
  latencies: [5],
  timing: { operation: 1_000, lag: 300 },
  customerFunction: { work: 10, crashes: 0 },
}));
