import { beforeEach, describe, expect, it } from "vitest";
import { openStore } from "./store.ts";
import { createManualClock, type ManualClock } from "./testing/manual-clock.ts";
import { createTimeLapse, type LapsingClock, openTimeLapse } from "./time-lapse.ts";

const hour = 3_600_000;

let machine: ManualClock;
let clock: LapsingClock;
let start: number;
let called: number[];
beforeEach(() => {
  machine = createManualClock();
  clock = createTimeLapse({ machine, factor: 100 });
  start = clock.now();
  called = [];
});

/** Has the clock note the time at which it makes a call. */
const callAt = (due: number) => clock.at(due, () => void called.push(clock.now() - start));

/** Lets all become quiet, and the machine's time go on. */
const goOn = async (milliseconds: number): Promise<void> => machine.advance(10 + milliseconds);

describe("time, while all is quiet", () => {
  it("runs as many times as fast as it was told to", async () => {
    callAt(start + hour);
    await goOn(1_000);
    expect(clock.now() - start).toBe(10 + 100_000);
  });

  it("makes each call at its very time, and the next one not before its own", async () => {
    callAt(start + 2 * hour);
    callAt(start + hour);
    await goOn(35_999);
    expect(called).toEqual([]);
    await machine.advance(1);
    expect(called).toEqual([hour]);
    await goOn(36_000);
    expect(called).toEqual([hour, 2 * hour]);
  });

  it("does not pass a call that the machine is late to make", async () => {
    callAt(start + hour);
    await machine.advance(10);
    const { at } = machine;
    machine.at = (due, callback) => at(due + 5_000, callback);
    callAt(start + hour - 1);
    await machine.advance(40_000);
    expect(clock.now() - start).toBe(hour - 1);
  });

  it("does not go back for a call that is overdue", async () => {
    callAt(start + hour);
    await goOn(100);
    const before = clock.now();
    callAt(start);
    expect(clock.now()).toBe(before);
    await machine.advance(1);
    expect(called).toEqual([before - start]);
  });

  it("passes as on the machine when nothing is to come", async () => {
    await goOn(1_000);
    callAt(start + hour);
    expect(clock.now() - start).toBe(1_010);
    await machine.advance(1_000);
    expect(clock.now() - start).toBe(1_010 + 100_000);
  });

  it("does not wait for a call that was taken back", async () => {
    callAt(start + hour);
    callAt(start + 1_000).cancel();
    await goOn(100);
    expect(clock.now() - start).toBe(10 + 10_000);
    expect(called).toEqual([]);
  });

  it("makes the other calls after one that throws", async () => {
    const broken = clock.at(start + 5, () => {
      throw new Error("broken");
    });
    callAt(start + 6);
    await expect(machine.advance(5)).rejects.toThrow("broken");
    broken.cancel();
    await machine.advance(1);
    expect(called).toEqual([6]);
  });
});

describe("time, while something is under way", () => {
  it("passes as on the machine", async () => {
    callAt(start + hour);
    using _ = clock.hold();
    await machine.advance(60_000);
    expect(clock.now() - start).toBe(60_000);
  });

  it("goes on with its leaps only once the last one has let go, and all has settled", async () => {
    callAt(start + hour);
    const [first, second] = [clock.hold(), clock.hold()];
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    await machine.advance(1_000);
    expect(clock.now() - start).toBe(1_000);
    second[Symbol.dispose]();
    await machine.advance(10);
    expect(clock.now() - start).toBe(1_010);
    await machine.advance(10);
    expect(clock.now() - start).toBe(2_010);
  });

  it("stands where the leap has come to when something comes in between", async () => {
    callAt(start + hour);
    await goOn(1_000);
    using _ = clock.hold();
    expect(clock.ahead()).toBe(99_000);
    await machine.advance(500);
    expect(clock.now() - start).toBe(100_510);
    expect(clock.ahead()).toBe(99_000);
  });

  it("is held by what a call has set going, from the very moment", async () => {
    clock.at(start + hour, async () => {
      using _ = clock.hold();
      await clock.sleep(2_000);
      called.push(clock.now() - start);
    });
    callAt(start + 2 * hour);
    await goOn(36_000 + 1_999);
    expect(called).toEqual([]);
    await machine.advance(1);
    expect(called).toEqual([hour + 2_000]);
  });
});

describe("a state directory's clock", () => {
  it("goes on from where it was, with or without time-lapse", async () => {
    const store = openStore(":memory:");
    clock = openTimeLapse(store, { machine, factor: 100 });
    callAt(clock.now() + hour);
    await goOn(1_000);
    clock.hold()[Symbol.dispose]();
    const seen = clock.now();
    clock.stop();

    const later = openTimeLapse(store, { machine, factor: 1 });
    expect(later.now()).toBe(seen);
    await machine.advance(5_000);
    expect(later.now()).toBe(seen + 5_000);
  });

  it("is the machine's at first", () => {
    const later = openTimeLapse(openStore(":memory:"), { machine, factor: 1 });
    expect(later.now()).toBe(machine.now());
  });
});
