import { beforeEach, describe, expect, it } from "vitest";
import type { Call } from "../aws/service.ts";
import { createManualClock, type ManualClock } from "../testing/manual-clock.ts";
import type { Fault } from "./fault.ts";
import { createFaults, type Faults } from "./faults.ts";
import { CallerKilled, createInject, type Inject, Unanswered } from "./inject.ts";

let clock: ManualClock;
let faults: Faults;
let inject: Inject;
/** What happened, in order. */
let happened: string[];
beforeEach(() => {
  clock = createManualClock();
  faults = createFaults({ clock });
  happened = [];
  const kill = async (workerId: string): Promise<void> => void happened.push(`kill ${workerId}`);
  inject = createInject({ faults, clock, kill });
});

const aFault = (overrides: Partial<Fault>): Fault => ({
  service: "sso",
  operation: "DeleteAccountAssignment",
  when: "before",
  times: 1,
  ...overrides,
});
const call: Call = {
  operation: "DeleteAccountAssignment",
  input: {},
  caller: {
    accountId: "111111111111",
    arn: "arn",
    administrator: false,
    worker: { functionName: "deescalate", id: "worker-1" },
  },
  region: "us-east-1",
};
const run = ({ lag }: Call) => {
  happened.push(lag === undefined ? "effect" : `effect ${lag} ms behind`);
  return "output";
};
const make = () => inject({ signingName: "sso" }, call, run);

describe("a call", () => {
  it("that no fault strikes has its effect and its output", async () => {
    expect(await make()).toBe("output");
    expect(happened).toEqual(["effect"]);
  });

  it.each([
    ["before", []],
    ["after", ["effect"]],
  ] as const)("can fail %s its effect", async (when, expected) => {
    faults.add(aFault({ when, error: "throttled" }));
    await expect(make()).rejects.toMatchObject({ code: "ThrottlingException" });
    expect(happened).toEqual(expected);
    expect(await make()).toBe("output");
  });

  it.each([
    ["before", ["kill worker-1"]],
    ["after", ["effect", "kill worker-1"]],
  ] as const)("can cost its caller's life %s its effect", async (when, expected) => {
    faults.add(aFault({ when, kill: true }));
    await expect(make()).rejects.toThrow(CallerKilled);
    expect(happened).toEqual(expected);
  });

  it.each([
    ["before", []],
    ["after", ["effect"]],
  ] as const)("can be held up %s its effect", async (when, expected) => {
    faults.add(aFault({ when, latency: 5_000 }));
    const answer = make();
    await clock.advance(4_999);
    expect(happened).toEqual(expected);
    await clock.advance(1);
    expect(await answer).toBe("output");
  });

  it.each([
    ["before", []],
    ["after", ["effect"]],
  ] as const)("can stay without an answer %s its effect", async (when, expected) => {
    faults.add(aFault({ when, drop: true }));
    await expect(make()).rejects.toThrow(Unanswered);
    expect(happened).toEqual(expected);
  });

  it("waits without holding the clock", async () => {
    faults.add(aFault({ latency: 5_000 }));
    const waits: string[] = [];
    const answer = inject({ signingName: "sso" }, call, run, async (wait) => {
      waits.push("begins");
      await wait();
      waits.push("ends");
    });
    await clock.advance(4_999);
    expect(waits).toEqual(["begins"]);
    await clock.advance(1);
    expect(waits).toEqual(["begins", "ends"]);
    await answer;
  });

  it("is behind the changes only if its operation may be", async () => {
    const { error: _, ...lagging } = aFault({ operation: "*", lag: 15_000, times: null });
    faults.add(lagging);
    await make();
    await inject({ signingName: "sso", lagging: [call.operation] }, call, run);
    expect(happened).toEqual(["effect", "effect 15000 ms behind"]);
    expect(faults.list()).toMatchObject([{ hits: 1 }]);
  });

  it("that fails of itself leaves a fault after its effect for the next one", async () => {
    faults.add(aFault({ when: "after", error: "internal" }));
    const refuse = () => {
      throw new Error("refused");
    };
    await expect(inject({ signingName: "sso" }, call, refuse)).rejects.toThrow("refused");
    expect(faults.list()).toMatchObject([{ hits: 0 }]);
  });
});
