import { describe, expect, it } from "vitest";
import type { Cycle } from "./cycle.ts";
import type { StoredRequest } from "./observer.ts";
import { group } from "./targets.ts";
import { createWatch, type Play } from "./watch.ts";

const cycle: Cycle = { ...group, name: "group" };
const end = "2026-11-20T12:00:00.000Z";
const aRequest = (status: string): StoredRequest => ({
  ...{ status, expiresAt: end, errors: [], published: 0, history: [] },
});

/** What is looked at, one step for each look at the request; the last one stays. */
interface Step {
  status: string;
  has: boolean;
  outstanding?: boolean;
  now?: string;
}

const over: Step = { status: "ended", has: false };

const watchThrough = async (steps: readonly Step[], change: Partial<Play> = {}) => {
  let looks = 0;
  const step = (): Step => steps[Math.min(looks, steps.length) - 1] ?? over;
  const observer = {
    request: async () => {
      looks += 1;
      return aRequest(step().status);
    },
    has: async () => step().has,
    isEndOutstanding: async () => step().outstanding ?? true,
    now: async () => step().now ?? end,
  };
  const play: Play = {
    ...{ cycle, email: "alice@acme.example", bound: 200 },
    ...{ ids: ["req_1"], excused: new Set<string>(), broken: new Set<string>() },
    pressing: 0,
    ...change,
  };
  await createWatch(observer, { hold: async () => {} })(play, "req_1");
  return [...play.broken];
};

describe("a look", () => {
  it("finds nothing wrong with access that is there while the request is active", async () => {
    expect(await watchThrough([{ status: "active", has: true }, over])).toEqual([]);
  });

  it("finds access missing while the request is active", async () => {
    const steps = [{ status: "active", has: false }, { status: "active", has: false }, over];
    expect(await watchThrough(steps)).toEqual(["(f) it is active, and there is no access"]);
  });

  it("excuses access that is missing because the request is ending by now", async () => {
    const steps = [{ status: "active", has: false }, { status: "deescalating", has: false }, over];
    expect(await watchThrough(steps)).toEqual([]);
  });

  it("excuses access that an administrator has taken away", async () => {
    const steps = [{ status: "active", has: false }, { status: "active", has: false }, over];
    expect(await watchThrough(steps, { excused: new Set(["req_1"]) })).toEqual([]);
  });

  it("finds access that nothing will end", async () => {
    const steps = [{ status: "active", has: true, outstanding: false }];
    expect(await watchThrough([...steps, ...steps, over])).toEqual([
      "(a) there is access that nothing will end",
    ]);
  });

  it("finds access after its end", async () => {
    const late = { status: "deescalating", has: true, now: "2026-11-20T12:03:21.000Z" };
    expect(await watchThrough([late, late, over])).toEqual([
      "(b) there is access 200 s after its end",
    ]);
  });

  it("finds standing access missing", async () => {
    const standing = { ...cycle, isStanding: true };
    expect(await watchThrough([over], { cycle: standing })).toEqual([
      "(c) standing access is not there",
    ]);
  });
});
