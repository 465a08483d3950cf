import type { Request } from "@curfew/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PlannedTarget, people, sharedKeyOf } from "./config.ts";
import { type Plan, smoothPlan } from "./plan.ts";
import type { ShippedWorld } from "./shipped-world.ts";
import { simulate } from "./simulate.ts";

/** Alice asks for one thing and gives it back; the creation takes effect `seconds` after it was sent. */
const aLatePlan = (plan: Plan, target: PlannedTarget, seconds: number): Plan => ({
  ...plan,
  requests: [{ person: "alice", target, at: 1, duration: 3_600, releaseAfter: 5 }],
  standing: [],
  slowChanges: [{ change: 0, seconds, lost: false }],
});

const keyOf = (target: PlannedTarget): string => sharedKeyOf(target, people.alice.id) ?? "";

const isFoundAgain = ({ history }: Request): boolean =>
  history.some(({ event }) => event === "access.stuck");

/** The seconds for which the access existed after its request was over. */
const outlived = ({ access, requests }: ShippedWorld, key: string): number => {
  const [request] = requests.all();
  const [created] = access.changes.filter((change) => change.key === key);
  const gone = access.changes.findLast((change) => change.kind === "delete")?.doneAt;
  const over = Date.parse(request?.endedAt ?? "");
  return Math.max(0, (gone ?? Infinity) - Math.max(over, created?.doneAt ?? 0)) / 1_000;
};

describe("a creation that takes effect later than any lock", { timeout: 60_000 }, () => {
  it.each(["prod-readonly", "oncall"] as const)(
    "of %s is taken away by the re-check, loudly, within 25 minutes",
    async (target) => {
      await fc.assert(
        fc.asyncProperty(smoothPlan, fc.integer({ min: 120, max: 280 }), async (plan, seconds) => {
          const world = await simulate(aLatePlan(plan, target, seconds));
          const key = keyOf(target);
          expect(world.access.changes.map(({ kind }) => kind)).toContain("create");
          expect(world.access.has(key)).toBe(false);
          expect(isFoundAgain(world.request())).toBe(true);
          expect(outlived(world, key)).toBeLessThan(25 * 60);
        }),
        { numRuns: 40, seed: 1 },
      );
    },
  );

  it.each(["prod-readonly", "oncall"] as const)(
    "of %s, minutes later still, is reported and left alone: an administrator may have given it",
    async (target) => {
      await fc.assert(
        fc.asyncProperty(smoothPlan, fc.integer({ min: 400, max: 800 }), async (plan, seconds) => {
          const world = await simulate(aLatePlan(plan, target, seconds));
          expect(world.access.has(keyOf(target))).toBe(true);
          expect(isFoundAgain(world.request())).toBe(true);
        }),
        { numRuns: 10, seed: 2 },
      );
    },
  );

  it("is not taken for standing access by the next holder", async () => {
    await fc.assert(
      fc.asyncProperty(smoothPlan, fc.integer({ min: 120, max: 280 }), async (plan, seconds) => {
        const late = aLatePlan(plan, "prod-readonly", seconds);
        const again = { ...late.requests[0], at: seconds + 130, duration: 60 };
        const requests = [...late.requests, again] as Plan["requests"];
        const world = await simulate({ ...late, requests });
        expect(world.access.has(keyOf("prod-readonly"))).toBe(false);
      }),
      { numRuns: 40, seed: 3 },
    );
  });
});
