import { beforeEach, describe, expect, it } from "vitest";
import type { Lease } from "../lease/lease.ts";
import { aLease, aWorld, noon, requestId, type World } from "../testing/index.ts";
import { addSeconds } from "../time.ts";
import { attemptUnder } from "./attempt.ts";
import { type LockedLease, underLock } from "./under-lock.ts";

const fresh = aLease({ state: "closed" });
let world: World;
beforeEach(() => {
  world = aWorld();
});

const run = <T>(work: (lease: LockedLease) => Promise<T>, create: Lease = fresh) =>
  underLock(world.ports, { key: fresh.key, fresh: create }, world.deadline(), work);
const failure = (name: string) => expect.objectContaining({ name });

describe("work under the lock of a lease", () => {
  it("holds it until half a minute after the invocation's end, and no longer than it works", async () => {
    const held = await run(async ({ current }) => current.lock);
    expect(held).toEqual({ owner: "attempt-1", until: addSeconds(noon, 90) });
    expect(world.lease().lock).toBeUndefined();
  });

  it("gives it back when the work fails, and passes the error on", async () => {
    const error = new Error("Broken");
    await expect(run(() => Promise.reject(error))).rejects.toBe(error);
    expect(world.lease().lock).toBeUndefined();
  });

  it("is not done where there is no lease and none is to be made", async () => {
    const { ports } = world;
    const work = () => Promise.reject(new Error("Nothing to work on."));
    expect(await underLock(ports, { key: "key" }, world.deadline(), work)).toBeUndefined();
    expect(world.leases.all()).toEqual([]);
  });

  it("is done one after the other", async () => {
    let busy = 0;
    const work = async (): Promise<void> => {
      busy += 1;
      expect(busy).toBe(1);
      await world.clock.sleep(1_000);
      busy -= 1;
    };
    await Promise.all([run(work), run(work), run(work)]);
    expect(world.clock.now()).toBeGreaterThanOrEqual(Date.parse(noon) + 3_000);
  });

  it("writes what it changes, and nothing where nothing changes", async () => {
    await run(async (lease) => {
      const writes = world.leases.writes();
      await lease.write((current) => current);
      expect(world.leases.writes()).toBe(writes);
      await lease.write((current) => ({ ...current, pending: ["operation-1"] }));
      expect(lease.current.pending).toEqual(["operation-1"]);
    });
    expect(world.lease().pending).toEqual(["operation-1"]);
  });

  it("fails to write once the lock has run out and was taken, and leaves it to its new owner", async () => {
    await world.store({ leases: [fresh] });
    const work = run(async (lease) => {
      world.clock.advance(91);
      await run(async () => {
        await expect(lease.write((current) => ({ ...current, standing: true }))).rejects.toEqual(
          failure("LeaseBusy"),
        );
        expect(world.lease().lock?.owner).toBe("attempt-2");
      });
      throw new Error("Too late");
    });
    await expect(work).rejects.toThrow("Too late");
    expect(world.lease()).toMatchObject({ standing: false });
  });

  it("knows its own lock again when the answer to taking it was lost", async () => {
    let lost = false;
    const { ports } = world.invocation(async ({ name }) => {
      if (name !== "leases.put" || lost) return undefined;
      lost = true;
      const stored = await world.leases.get(fresh.key);
      // What the invocation writes arrives, and it is told that somebody else was first.
      await world.leases.put(
        { ...fresh, lock: { owner: "attempt-1", until: addSeconds(noon, 90) } },
        stored,
      );
      return undefined;
    });
    const owner = await underLock(
      ports,
      { key: fresh.key, fresh },
      world.deadline(),
      async (lease) => Promise.resolve(lease.current.lock?.owner),
    );
    expect(owner).toBe("attempt-1");
    expect(world.clock.at()).toBe(addSeconds(noon, 0.25));
  });

  it("goes by what was seen a moment ago, and looks again where that is out of date", async () => {
    await world.store({ leases: [fresh] });
    const seen = { stored: await world.leases.get(fresh.key) };
    const wanted = { key: fresh.key, fresh, seen };
    const work = async (lease: LockedLease): Promise<boolean> => lease.current.standing;
    expect(await underLock(world.ports, wanted, world.deadline(), work)).toBe(false);
    await world.leases.put({ ...fresh, standing: true }, await world.leases.get(fresh.key));
    expect(await underLock(world.ports, wanted, world.deadline(), work)).toBe(true);
  });

  it("stores what it notes with its next write", async () => {
    await run(async (lease) => {
      const writes = world.leases.writes();
      lease.note((current) => ({ ...current, standing: true }));
      expect(lease.current.standing).toBe(true);
      expect(world.lease().standing).toBe(false);
      await lease.write((current) => ({ ...current, pending: ["operation-1"] }));
      await lease.flush();
      expect(world.leases.writes()).toBe(writes + 1);
      expect(world.lease()).toMatchObject({ standing: true, pending: ["operation-1"] });
    });
  });

  it("does not fail because the lock could not be given back: it runs out by itself", async () => {
    const { ports } = world.invocation(({ index, name }) =>
      name === "leases.put" && index > 1
        ? { when: "before", error: new Error("No table") }
        : undefined,
    );
    const work = async (): Promise<string> => "done";
    expect(await underLock(ports, { key: fresh.key, fresh }, world.deadline(), work)).toBe("done");
    expect(world.log.entries).toMatchObject([{ level: "warn", fields: { lease: fresh.key } }]);
  });
});

describe("an attempt under the lock", () => {
  it("keeps the operations in flight on the lease", async () => {
    await run(async (lease) => {
      const attempt = attemptUnder(world.clock, lease, world.deadline());
      await attempt.remember("operation-1");
      expect(attempt.pending).toEqual(["operation-1"]);
      expect(world.lease().pending).toEqual(["operation-1"]);
      await attempt.forget("operation-1");
      expect(world.lease().pending).toEqual([]);
    });
  });

  it.each([
    [10_000, undefined, false],
    [10_001, undefined, true],
    [15_000, 5_000, false],
    [15_001, 5_000, true],
  ])("with %i ms left may begin a call of %s ms: %s", async (left, duration, may) => {
    await run(async (lease) => {
      const invocation = { deadline: world.clock.now() + left };
      const { beforeChange } = attemptUnder(world.clock, lease, invocation);
      const change = beforeChange(duration);
      if (may) await expect(change).resolves.toBeUndefined();
      else await expect(change).rejects.toEqual(failure("StillProvisioning"));
    });
  });

  it("has stored what is noted before anything is changed", async () => {
    await run(async (lease) => {
      lease.note((current) => ({ ...current, standing: true }));
      await attemptUnder(world.clock, lease, world.deadline()).beforeChange();
      expect(world.lease().standing).toBe(true);
    });
  });

  it("has stored it although that failed the first time", async () => {
    const { ports } = world.invocation(({ index, name }) =>
      name === "leases.put" && index === 2
        ? { when: "before", error: new Error("Throttled") }
        : undefined,
    );
    await underLock(ports, { key: fresh.key, fresh }, world.deadline(), async (lease) => {
      lease.note((current) => ({ ...current, standing: true }));
      const { beforeChange } = attemptUnder(world.clock, lease, world.deadline());
      await expect(beforeChange()).rejects.toThrow("Throttled");
      await beforeChange();
      expect(world.lease().standing).toBe(true);
    });
  });

  it("asks whoever has a rule of their own, each time", async () => {
    await run(async (lease) => {
      const rule = (): void => {
        throw new Error(`${requestId(1)} may not.`);
      };
      const knowing = { mayChange: rule };
      const { beforeChange } = attemptUnder(world.clock, lease, world.deadline(), knowing);
      await expect(beforeChange()).rejects.toThrow("may not");
    });
  });
});
