import { describe, expect, it } from "vitest";
import { milliseconds } from "../time.ts";
import {
  accessService,
  Conflict,
  Crash,
  createFaults,
  faultAt,
  noon,
  virtualClock,
  withEveryFault,
} from "./index.ts";

const assignment = { account: "prod", permission: "readonly", person: "user-alice" };

describe("the virtual clock", () => {
  it("wakes sleepers in the order of their time, and takes none itself", async () => {
    const clock = virtualClock();
    const woken: string[] = [];
    const sleep = async (name: string, ...naps: number[]): Promise<void> => {
      for (const nap of naps) {
        await clock.sleep(nap);
        woken.push(`${name} ${clock.now() - milliseconds(noon)}`);
      }
    };
    await Promise.all([sleep("a", 1_000, 5_000), sleep("b", 2_000, 86_400_000)]);
    expect(woken).toEqual(["a 1000", "b 2000", "a 6000", "b 86402000"]);
  });

  it("does not move while somebody is awake", async () => {
    const clock = virtualClock();
    const asleep = clock.sleep(1_000);
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    expect(clock.at()).toBe(noon);
    await asleep;
    expect(clock.at(1)).toBe("2026-11-20T12:00:02.000Z");
  });
});

describe("the access service", () => {
  it("takes its time, and shows what is so a little later", async () => {
    const clock = virtualClock();
    const service = accessService(clock);
    const operation = await service.create(assignment);
    const look = async () => [
      await service.status(operation),
      service.has(assignment),
      await service.list(assignment),
      await service.creationsInProgress(assignment),
    ];
    expect(await look()).toEqual(["IN_PROGRESS", false, false, [operation]]);
    clock.advance(1);
    expect(await look()).toEqual(["SUCCEEDED", true, false, []]);
    clock.advance(0.3);
    expect(await look()).toEqual(["SUCCEEDED", true, true, []]);
    await service.delete(assignment);
    clock.advance(1);
    expect([service.has(assignment), await service.list(assignment)]).toEqual([false, true]);
    expect(service.has(assignment, clock.now() - 1)).toBe(true);
  });

  it("allows one change of an account at a time", async () => {
    const service = accessService(virtualClock());
    await service.create(assignment);
    const other = { ...assignment, person: "user-bob" };
    await expect(service.delete(other)).rejects.toThrow(Conflict);
    await expect(service.create({ ...other, account: "staging" })).resolves.toBeDefined();
  });

  it("fails as often as it is told to, without an effect", async () => {
    const clock = virtualClock();
    const service = accessService(clock);
    service.failNext(1);
    const operation = await service.create(assignment);
    clock.advance(2);
    expect(await service.status(operation)).toBe("FAILED");
    expect(service.has(assignment)).toBe(false);
  });
});

describe("a fault", () => {
  const counter = () => {
    let count = 0;
    return { up: async () => ++count, read: async () => count };
  };

  it("comes before the effect, or after it", async () => {
    for (const [when, count] of [
      ["before", 0],
      ["after", 1],
    ] as const) {
      const port = counter();
      const error = new Error("No");
      const faulty = createFaults(faultAt(0, { when, error })).around("counter", port);
      await expect(faulty.up()).rejects.toBe(error);
      expect(await faulty.read()).toBe(count);
    }
  });

  it("that is a death lets nothing through any more", async () => {
    const port = counter();
    const faults = createFaults(faultAt(1, { when: "before" }));
    const faulty = faults.around("counter", port);
    await faulty.up();
    await expect(faulty.up()).rejects.toThrow(Crash);
    await expect(faulty.up()).rejects.toThrow(Crash);
    expect([await port.read(), faults.crashed()]).toEqual([1, true]);
  });

  it("is tried at every call, and the one that hurts is named", async () => {
    const careless = withEveryFault(async (hook) => {
      const port = counter();
      const faults = createFaults(hook);
      await faults
        .around("counter", port)
        .up()
        .catch(() => undefined);
      expect(await port.read()).toBe(1);
      return faults;
    });
    await expect(careless).rejects.toThrow("Failed with a death before call 0, counter.up");
  });
});
