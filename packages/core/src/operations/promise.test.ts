import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WorkflowError, workflowErrors } from "../errors/workflow-errors.ts";
import type { Request } from "../request/request.ts";
import {
  assignmentKey,
  assignmentOf,
  type Fault,
  type Plan,
  people,
  simulate,
  targets,
  type World,
} from "../testing/index.ts";
import { milliseconds } from "../time.ts";

const unavailable = new WorkflowError(workflowErrors.serviceUnavailable, "An injected fault.");
const faultKinds: readonly Fault[] = [
  { when: "before" },
  { when: "after" },
  { when: "before", error: unavailable },
  { when: "after", error: unavailable },
];

const person = fc.constantFrom("alice" as const, "bob" as const);
const target = fc.constantFrom("prod-readonly" as const, "staging-power" as const);

const aPlan: fc.Arbitrary<Plan> = fc.record({
  requests: fc.array(
    fc.record({
      person,
      target,
      at: fc.integer({ min: 0, max: 200 }),
      duration: fc.integer({ min: 1, max: 400 }),
      releaseAfter: fc.option(fc.integer({ min: 0, max: 600 }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  standing: fc.array(fc.record({ person, target }), { maxLength: 2 }),
  faults: fc.array(
    fc.record({ call: fc.integer({ min: 0, max: 300 }), fault: fc.constantFrom(...faultKinds) }),
    { maxLength: 8 },
  ),
  deaths: fc.array(
    fc.record({
      request: fc.integer({ min: 0, max: 3 }),
      at: fc.integer({ min: 0, max: 1_500 }),
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

/** When an event of a request happened, in milliseconds since the epoch. */
const momentOf = ({ history }: Request, event: string): number | undefined => {
  const found = history.find((entry) => entry.event === event);
  return found && milliseconds(found.at);
};

/** While a request is active the access is there, and nothing that takes it away is under way. */
const keepsAccess = (world: World, request: Request): void => {
  const from = momentOf(request, "access.granted");
  const until = momentOf(request, "access.deescalating");
  if (from === undefined || until === undefined || request.access === undefined) return;
  const assignment = assignmentOf(request.access);
  expect(world.service.has(assignment, from)).toBe(true);
  const removals = world.service.changes.filter(
    ({ kind, key, at, doneAt }) =>
      kind === "delete" && key === assignmentKey(assignment) && at < until && doneAt > from,
  );
  expect(removals).toEqual([]);
};

/** What runs to its end is neither cut short nor extended; what goes wrong meanwhile may delay it by what the nets take. */
const endsOnTime = (request: Request, patience: number): void => {
  const until = momentOf(request, "access.deescalating");
  if (request.expiresAt === undefined || until === undefined) return;
  const late = until - milliseconds(request.expiresAt);
  if (request.endRequested === undefined) expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThanOrEqual(patience * 1_000);
};

const isStanding = (plan: Plan, given: (typeof plan.standing)[number]): boolean =>
  plan.standing.some(({ person, target }) => person === given.person && target === given.target);

const keepsThePromise = (plan: Plan, world: World, patience: number): void => {
  for (const request of world.requests.all()) {
    expect(["ended", "failed"]).toContain(request.status);
    expect(request.published).toBe(request.history.length);
    keepsAccess(world, request);
    endsOnTime(request, patience);
  }
  for (const lease of world.leases.all())
    expect(lease).toMatchObject({ state: "closed", holders: [], pending: [] });
  for (const person of ["alice", "bob"] as const)
    for (const target of ["prod-readonly", "staging-power"] as const) {
      const assignment = { ...targets[target], person: people[person].id };
      const standing = isStanding(plan, { person, target });
      expect(world.service.has(assignment)).toBe(standing);
      if (!standing) continue;
      const changes = world.service.changes.filter(({ key }) => key === assignmentKey(assignment));
      expect(changes).toEqual([]);
    }
};

describe("whatever people do and whatever goes wrong", () => {
  it("access exists while a request is active, and afterwards exactly where it was standing", async () => {
    let granted = 0;
    await fc.assert(
      fc.asyncProperty(aPlan, async (plan) => {
        const world = await simulate(plan);
        keepsThePromise(plan, world, 600);
        granted += world.requests.all().filter(({ activatedAt }) => activatedAt).length;
      }),
      { numRuns: 200 },
    );
    expect(granted).toBeGreaterThan(200);
  });

  it("access ends within seconds of its curfew when nothing goes wrong", async () => {
    const smooth = aPlan.map((plan) => ({
      ...plan,
      faults: [],
      deaths: [],
      latencies: [5],
      timing: { operation: 1_000, lag: 300 },
    }));
    await fc.assert(
      fc.asyncProperty(smooth, async (plan) => {
        const world = await simulate(plan);
        keepsThePromise(plan, world, 3);
        expect(world.requests.all()).toHaveLength(plan.requests.length);
        for (const { status } of world.requests.all()) expect(status).toBe("ended");
      }),
      { numRuns: 50 },
    );
  });
});
