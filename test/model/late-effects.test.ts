import type { Request } from "@curfew/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PlannedTarget, people, sharedKeyOf } from "./config.ts";
import { type Plan, type PlannedFault, smoothPlan } from "./plan.ts";
import type { ShippedWorld } from "./shipped-world.ts";
import { simulate } from "./simulate.ts";

/** A plan in which nothing goes wrong but what a test adds. */
const quiet: Plan = {
  ...(fc.sample(smoothPlan, { numRuns: 1, seed: 1 })[0] as Plan),
  standing: [],
};

/** Alice asks for one thing and gives it back; her creation takes effect `seconds` after it was sent. */
const aLatePlan = (target: PlannedTarget, seconds: number, given: Partial<Plan> = {}): Plan => ({
  ...quiet,
  requests: [{ person: "alice", target, at: 1, duration: 3_600, releaseAfter: 5 }],
  slowChanges: [{ change: 0, seconds, lost: false }],
  ...given,
});

const has = ({ access }: ShippedWorld): boolean =>
  [...new Set(access.changes.map(({ key }) => key))].some((key) => access.has(key));

const isFoundAgain = ({ history }: Request): boolean =>
  history.some(({ event }) => event === "access.stuck");

/** The moments from `from` to `until`, in seconds, after which the plan leaves access behind. */
const leaving = async (
  [from, until, step]: readonly [number, number, number],
  planOf: (seconds: number) => Plan,
): Promise<number[]> => {
  const left: number[] = [];
  for (let seconds = from; seconds <= until; seconds += step)
    if (has(await simulate(planOf(seconds)))) left.push(seconds);
  return left;
};

const targets = ["prod-readonly", "oncall"] as const;
const lags = [300, 15_000, 60_000];

describe("a creation that takes effect late", { timeout: 120_000 }, () => {
  it.each(targets.flatMap((target) => lags.map((lag) => [target, lag] as const)))(
    "of %s leaves nothing, with Lists that lag by %i ms, whenever within five minutes it comes",
    async (target, lag) => {
      const timing = { operation: 1_000, lag };
      expect(
        await leaving([61, 290, 7], (seconds) => aLatePlan(target, seconds, { timing })),
      ).toEqual([]);
      // Around the moment at which the release ends.
      expect(
        await leaving([100, 112, 0.5], (seconds) => aLatePlan(target, seconds, { timing })),
      ).toEqual([]);
    },
  );

  it.each(targets)(
    "of %s, later than any lock, is taken away by the re-check, loudly",
    async (target) => {
      const world = await simulate(aLatePlan(target, 200));
      expect(world.access.changes.map(({ kind }) => kind)).toContain("create");
      expect(has(world)).toBe(false);
      expect(isFoundAgain(world.request())).toBe(true);
      const gone = world.access.changes.findLast(({ kind }) => kind === "delete")?.doneAt ?? 0;
      expect(gone - Date.parse(world.request().endedAt ?? "")).toBeLessThan(25 * 60_000);
    },
  );

  it.each(targets)(
    "of %s, later than five minutes, is reported and left alone: an administrator may have given it",
    async (target) => {
      const world = await simulate(aLatePlan(target, 500));
      expect(has(world)).toBe(true);
      expect(isFoundAgain(world.request())).toBe(true);
    },
  );

  it("leaves nothing although a second holder finds the access that another creation gave", async () => {
    const asked = { person: "alice", target: "prod-readonly", duration: 3_600 } as const;
    const requests = [
      { ...asked, at: 1, releaseAfter: 160 },
      { ...asked, at: 130, releaseAfter: 20 },
    ];
    expect(
      await leaving([120, 290, 10], (seconds) => aLatePlan("prod-readonly", seconds, { requests })),
    ).toEqual([]);
  });

  it("is not taken for standing access by the next holder", async () => {
    const asked = { person: "alice", target: "prod-readonly" } as const;
    expect(
      await leaving([120, 290, 10], (seconds) =>
        aLatePlan("prod-readonly", seconds, {
          requests: [
            { ...asked, at: 1, duration: 3_600, releaseAfter: 5 },
            { ...asked, at: seconds + 130, duration: 60 },
          ],
        }),
      ),
    ).toEqual([]);
  });

  it.each<PlannedFault>(["throttled", "500 before", "500 after", "killed before", "killed after"])(
    "leaves nothing although any call after it meets a fault: %s",
    async (fault) => {
      expect(
        await leaving([180, 270, 1], (call) =>
          aLatePlan("oncall", 200, { faults: [{ call, fault }] }),
        ),
      ).toEqual([]);
    },
  );

  it("of a customer's function is taken away by the re-check, which calls the function once more", async () => {
    expect(await leaving([70, 290, 20], (seconds) => aLatePlan("db-admin", seconds))).toEqual([]);
  });
});

/** Deletions have no record: this documents what the guarantee excludes. */
describe("a deletion that takes effect later than any lock", () => {
  it("takes away what an administrator has given since", async () => {
    const key = sharedKeyOf("prod-readonly", people.alice.id) ?? "";
    const slowChanges = [{ change: 1, seconds: 130, lost: false }];
    const gives = { request: 0, after: 114, does: "give" } as const;
    const world = await simulate(
      aLatePlan("prod-readonly", 0, { slowChanges, administrator: [gives] }),
    );
    expect(world.access.has(key)).toBe(false);
  });
});
