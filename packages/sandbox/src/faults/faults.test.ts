import { beforeEach, describe, expect, it } from "vitest";
import { createManualClock, type ManualClock } from "../testing/manual-clock.ts";
import type { Fault } from "./fault.ts";
import { createFaults, type Faults, type Occasion } from "./faults.ts";

let clock: ManualClock;
let faults: Faults;
beforeEach(() => {
  clock = createManualClock();
  faults = createFaults({ clock });
});

const aFault = (overrides: Partial<Fault> = {}): Fault => ({
  service: "sso",
  operation: "DeleteAccountAssignment",
  error: "throttled",
  when: "before",
  times: 1,
  ...overrides,
});
const anOccasion = (overrides: Partial<Occasion> = {}): Occasion => ({
  service: "sso",
  operation: "DeleteAccountAssignment",
  when: "before",
  functionName: "deescalate",
  ...overrides,
});

describe("faults", () => {
  it("strike as often as they were told to, and count it", () => {
    faults.add(aFault({ times: 2 }));
    const struck = [1, 2, 3].map(() => faults.take(anOccasion())?.error);
    expect(struck).toEqual(["throttled", "throttled", undefined]);
    expect(faults.list()).toEqual([{ id: 1, ...aFault({ times: 2 }), hits: 2, remaining: 0 }]);
  });

  it("strike until they are cleared when they know no end", () => {
    faults.add(aFault({ times: null }));
    for (let call = 0; call < 5; call += 1) expect(faults.take(anOccasion())).toBeDefined();
    expect(faults.list()).toMatchObject([{ hits: 5, remaining: null }]);
    expect(faults.clear()).toBe(1);
    expect(faults.take(anOccasion())).toBeUndefined();
    expect(faults.list()).toEqual([]);
  });

  it("spare the calls that they were told to skip, of those that they could strike", () => {
    faults.add(aFault({ skip: 2 }));
    expect(faults.take(anOccasion({ service: "sts" }))).toBeUndefined();
    const struck = [1, 2, 3, 4].map(() => faults.take(anOccasion())?.error);
    expect(struck).toEqual([undefined, undefined, "throttled", undefined]);
  });

  it("strike one after the other", () => {
    faults.add(aFault({ error: "throttled" }));
    faults.add(aFault({ error: "internal" }));
    expect([1, 2].map(() => faults.take(anOccasion())?.error)).toEqual(["throttled", "internal"]);
  });

  it.each([
    { service: "sts" },
    { operation: "ListAccountAssignments" },
    { when: "after" as const },
    { functionName: "expire" },
    { functionName: undefined },
  ])("strike on no other occasion, such as %j", (other) => {
    faults.add(aFault({ functions: ["deescalate"] }));
    expect(faults.take(anOccasion(other))).toBeUndefined();
    expect(faults.take(anOccasion())).toBeDefined();
  });

  it("strike anybody and any operation when they name none", () => {
    faults.add(aFault({ operation: "*", times: null }));
    expect(faults.take(anOccasion({ operation: "ListInstances" }))).toBeDefined();
    expect(faults.take(anOccasion({ functionName: undefined }))).toBeDefined();
  });

  it("that kill strike nobody who is no function", () => {
    const { error: _, ...killing } = aFault();
    faults.add({ ...killing, kill: true });
    expect(faults.take(anOccasion({ functionName: undefined }))).toBeUndefined();
    expect(faults.take(anOccasion())).toBeDefined();
  });
});

describe("a fault that lasts for a time", () => {
  it("strikes from its first strike on, and no more when the time is over", async () => {
    faults.add(aFault({ times: null, lasting: 1_000 }));
    await clock.advance(5_000);
    expect(faults.take(anOccasion())).toBeDefined();
    await clock.advance(999);
    expect(faults.take(anOccasion())).toBeDefined();
    await clock.advance(1);
    expect(faults.take(anOccasion())).toBeUndefined();
    expect(faults.list()).toMatchObject([{ hits: 2 }]);
  });
});

describe("a lag", () => {
  const { error: _, ...lagging } = aFault({ operation: "*", lag: 15_000, times: null });

  it("goes with any other fault of the same call", () => {
    faults.add(lagging);
    faults.add(aFault());
    expect(faults.take(anOccasion())?.error).toBe("throttled");
    expect(faults.lag(anOccasion())).toBe(15_000);
    expect(faults.list()).toMatchObject([{ hits: 1 }, { hits: 1 }]);
  });

  it("is one of the functions that it names only", () => {
    faults.add({ ...lagging, functions: ["escalate"] });
    expect(faults.lag(anOccasion())).toBeUndefined();
    expect(faults.lag(anOccasion({ functionName: "escalate" }))).toBe(15_000);
  });
});

describe("an event", () => {
  const delivery = { service: "lambda", operation: "Enqueue", when: "before", times: 1 } as const;

  it("is delivered at once, and once", () => {
    faults.add({ service: "lambda", operation: "*", latency: 5, when: "before", times: 1 });
    expect(faults.deliveries("expire")).toEqual([0]);
  });

  it.each([
    [{ duplicate: true as const }, [0, 0]],
    [{ latency: 5_000 }, [5_000]],
    [{ duplicate: true as const, latency: 5_000 }, [0, 5_000]],
    [{ when: "after" as const, latency: 5_000 }, [5_000]],
  ])("with the fault %j is delivered after %j ms", (fault, deliveries) => {
    faults.add({ ...delivery, ...fault, functions: ["expire"] });
    expect(faults.deliveries("recover")).toEqual([0]);
    expect(faults.deliveries("expire")).toEqual(deliveries);
    expect(faults.deliveries("expire")).toEqual([0]);
  });
});
