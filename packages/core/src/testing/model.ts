import * as fc from "fast-check";
import { WorkflowError, workflowErrors } from "../errors/workflow-errors.ts";
import { scheduleName } from "../ids.ts";
import type { Request } from "../request/request.ts";
import { isTerminal } from "../request/status.ts";
import { milliseconds } from "../time.ts";
import { assignmentKey } from "./access-service.ts";
import { assignmentOf } from "./fake-strategy.ts";
import type { Fault } from "./faults.ts";
import {
  type Plan,
  type PlannedPerson,
  type PlannedTarget,
  people,
  targets,
} from "./simulation.ts";
import type { World } from "./world.ts";

const unavailable = new WorkflowError(workflowErrors.serviceUnavailable, "An injected fault.");
const faultKinds: readonly Fault[] = [
  { when: "before" },
  { when: "after" },
  { when: "before", error: unavailable },
  { when: "after", error: unavailable },
];

const person = fc.constantFrom<PlannedPerson>("alice", "bob");
const target = fc.constantFrom<PlannedTarget>("prod-readonly", "prod-viewer", "staging-power");
/** Seconds; often round ones, so that one thing ends just when another begins. */
const seconds = (max: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: 1, max }),
    fc.integer({ min: 0, max: Math.floor(max / 20) }).map((n) => 20 * n + 1),
  );
const perhaps = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const call = fc.oneof(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 600 }));

/** What people may do, and what may go wrong while they do. */
export const anyPlan: fc.Arbitrary<Plan> = fc.record({
  requests: fc.array(
    fc.record({
      person,
      target,
      at: seconds(200),
      duration: seconds(400),
      extension: perhaps(fc.record({ after: seconds(400), duration: seconds(600) })),
      releaseAfter: perhaps(seconds(600)),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  standing: fc.array(fc.record({ person, target }), { maxLength: 2 }),
  faults: fc.array(fc.record({ call, fault: fc.constantFrom(...faultKinds) }), { maxLength: 8 }),
  stalls: fc.array(fc.record({ call, seconds: fc.integer({ min: 1, max: 28 }) }), { maxLength: 6 }),
  lateChanges: fc.array(
    fc.record({ change: fc.integer({ min: 0, max: 7 }), seconds: fc.integer({ min: 1, max: 28 }) }),
    { maxLength: 2 },
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
});

/** The same people, while nothing goes wrong and everything is quick. */
export const smoothPlan: fc.Arbitrary<Plan> = anyPlan.map((plan) => ({
  ...plan,
  faults: [],
  stalls: [],
  lateChanges: [],
  deaths: [],
  latencies: [5],
  timing: { operation: 1_000, lag: 300 },
}));

/** How late the end of access may begin, and how late the access may be gone, counted from the moment at which it is to end (seconds). */
export interface Bounds {
  begun: number;
  gone: number;
}

/** Nothing goes wrong, and the service takes a second to take access away. */
export const smoothBounds: Bounds = { begun: 3, gone: 10 };

/**
 * Whatever goes wrong in {@link anyPlan}. The last net is the reconciler: every 300 s, tried three times 60 s apart. Its eight faults defeat two whole
 * runs at most, so that the third begins within 1,500 s; then a dead invocation's lock runs out, and the service has its time.
 */
export const anyBounds: Bounds = { begun: 1_500, gone: 2_400 };

/** What is wrong, in words; thrown by {@link checkPromise}. */
export class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";
}

const must = (holds: boolean, what: string): void => {
  if (!holds) throw new BrokenPromise(what);
};

/** When an event of a request happened, in milliseconds since the epoch. */
const momentOf = ({ history }: Request, event: string): number | undefined => {
  const found = history.find((entry) => entry.event === event);
  return found && milliseconds(found.at);
};

const keyOf = ({ access }: Request): string =>
  access === undefined ? "" : assignmentKey(assignmentOf(access));

/** The request is over, everything about it is published, and it has ended when it was to end: not earlier, and not much later. */
const endsOnTime = (request: Request, bounds: Bounds): void => {
  const { id, status, history, published, expiresAt, endRequested } = request;
  must(isTerminal(status), `${id} is ${status} for ever`);
  must(published === history.length, `${id} has events that nobody heard of`);
  const begun = momentOf(request, "access.deescalating");
  const over = momentOf(request, "access.ended") ?? momentOf(request, "request.failed");
  const ends = [expiresAt, endRequested?.at].flatMap((at) => (at ? [milliseconds(at)] : []));
  const due = Math.min(...ends);
  if (begun === undefined || over === undefined || ends.length === 0) return;
  // Who asks for the end and who acts on it each look at the clock before they write.
  if (endRequested === undefined)
    must(begun >= due, `${id} ended ${(due - begun) / 1_000} s early`);
  must(begun - due <= bounds.begun * 1_000, `${id} began to end ${(begun - due) / 1_000} s late`);
  must(over - due <= bounds.gone * 1_000, `${id} was over ${(over - due) / 1_000} s late`);
};

/** While a request is active the access is there, and nothing that takes it away is under way. */
const hasItWhileActive = (world: World, request: Request): void => {
  const from = momentOf(request, "access.granted");
  const until = momentOf(request, "access.deescalating");
  if (from === undefined || until === undefined || request.access === undefined) return;
  const key = keyOf(request);
  must(world.service.has(assignmentOf(request.access), from), `${request.id} is active without`);
  const removed = world.service.changes.some(
    (change) =>
      change.kind === "delete" && change.key === key && change.at < until && change.doneAt > from,
  );
  must(!removed, `${request.id} lost its access while it was active`);
};

/** Nothing is granted but for a request that is being escalated, and only once its end is armed. */
const isArmedFirst = (world: World): void => {
  for (const { kind, key, at } of world.service.changes) {
    if (kind !== "create") continue;
    const holders = world.requests.all().filter((request) => {
      const armed = world.schedules.createdAt.get(scheduleName(request.id, 0));
      return keyOf(request) === key && armed !== undefined && armed <= at;
    });
    must(holders.length > 0, `${key} was granted before its end was armed`);
  }
};

/** Whatever exists at any time is standing, or belongs to a request that is not over. */
const nothingOutlives = (world: World, key: string): void => {
  const changes = world.service.changes.filter((change) => change.key === key);
  const requests = world.requests.all().filter((request) => keyOf(request) === key);
  for (const { kind, doneAt } of changes) {
    if (kind !== "create") continue;
    const gone = changes.find((other) => other.kind === "delete" && other.doneAt > doneAt)?.doneAt;
    must(gone !== undefined, `${key} was never taken away`);
    // Until it is gone there is, at every moment, a request that is not over.
    let covered = doneAt;
    for (let moved = true; moved; ) {
      const next = requests
        .filter((request) => (momentOf(request, "access.escalating") ?? Infinity) <= covered)
        .map((request) => momentOf(request, "access.ended") ?? momentOf(request, "request.failed"))
        .reduce<number>((latest, over) => Math.max(latest, over ?? 0), covered);
      moved = next > covered;
      covered = next;
    }
    must(covered >= (gone ?? 0), `${key} outlived every request for it`);
  }
};

/**
 * Whether a plan that was played kept the promise: a person has access at a moment exactly if it was standing, or a request of theirs covers the
 * moment, within the bounds. Throws {@link BrokenPromise}.
 */
export const checkPromise = (plan: Plan, world: World, bounds: Bounds): void => {
  const standing = new Set(
    plan.standing.map((had) =>
      assignmentKey({ ...targets[had.target], person: people[had.person].id }),
    ),
  );
  isArmedFirst(world);
  for (const request of world.requests.all()) {
    endsOnTime(request, bounds);
    hasItWhileActive(world, request);
  }
  for (const { key, state, holders, pending } of world.leases.all())
    must(state === "closed" && holders.length + pending.length === 0, `${key} is ${state}`);
  for (const assignment of assignments) {
    const key = assignmentKey(assignment);
    const changes = world.service.changes.filter((change) => change.key === key);
    if (standing.has(key)) must(changes.length === 0, `${key} was standing and was touched`);
    else nothingOutlives(world, key);
    must(world.service.has(assignment) === standing.has(key), `${key} is not what it was`);
  }
};

const assignments = [targets["prod-readonly"], targets["staging-power"]].flatMap((thing) =>
  [people.alice, people.bob].map(({ id }) => ({ ...thing, person: id })),
);
