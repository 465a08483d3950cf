import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  anyBounds,
  anyPlan,
  checkPromise,
  simulate,
  smoothBounds,
  smoothPlan,
} from "../testing/index.ts";

describe("whatever people do and whatever goes wrong", { timeout: 60_000 }, () => {
  it("access exists while a request covers it, and otherwise exactly where it was standing", async () => {
    let granted = 0;
    await fc.assert(
      fc.asyncProperty(anyPlan, async (plan) => {
        const world = await simulate(plan);
        checkPromise(plan, world, anyBounds);
        granted += world.requests.all().filter(({ activatedAt }) => activatedAt).length;
      }),
      { numRuns: 200 },
    );
    expect(granted).toBeGreaterThan(200);
  });

  it("access ends within seconds of its curfew when nothing goes wrong", async () => {
    await fc.assert(
      fc.asyncProperty(smoothPlan, async (plan) => {
        const world = await simulate(plan);
        checkPromise(plan, world, smoothBounds);
        expect(world.requests.all()).toHaveLength(plan.requests.length);
        for (const { status } of world.requests.all()) expect(status).toBe("ended");
      }),
      { numRuns: 50 },
    );
  });
});
