import { beforeEach, describe, expect, it } from "vitest";
import type { Lease } from "../lease/lease.ts";
import type { Change, ChangeFailure } from "../ports/strategy.ts";
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
const callOf = <T>(result: T, duration = 0): Change<T> => ({
  call: async () => result,
  failureOf: () => "unanswered",
  duration,
});
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
      const { change } = attemptUnder(world.clock, lease, invocation);
      const changed = change(callOf("done", duration));
      if (may) await expect(changed).resolves.toBe("done");
      else await expect(changed).rejects.toEqual(failure("StillProvisioning"));
    });
  });

  it("has stored what is noted before anything is changed", async () => {
    await run(async (lease) => {
      lease.note((current) => ({ ...current, standing: true }));
      await attemptUnder(world.clock, lease, world.deadline()).change(callOf("done"));
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
      const { change } = attemptUnder(world.clock, lease, world.deadline());
      await expect(change(callOf("done"))).rejects.toThrow("Throttled");
      await change(callOf("done"));
      expect(world.lease().standing).toBe(true);
    });
  });

  it("asks whoever has a rule of their own, each time", async () => {
    await run(async (lease) => {
      const rule = (): void => {
        throw new Error(`${requestId(1)} may not.`);
      };
      const knowing = { mayChange: rule };
      const { change } = attemptUnder(world.clock, lease, world.deadline(), knowing);
      await expect(change(callOf("done"))).rejects.toThrow("may not");
    });
  });
});

describe("a changing call", () => {
  const changing = <T>(change: Change<T>): Promise<T | undefined> =>
    run((lease) => attemptUnder(world.clock, lease, world.deadline()).change(change));
  const failing = (how: ChangeFailure): Change<string> => ({
    call: () => Promise.reject(new Error(how)),
    failureOf: () => how,
  });

  it.each(["refused", "answered"] as const)("that is %s gives the lock back", async (how) => {
    await expect(changing(failing(how))).rejects.toThrow(how);
    expect(world.lease().lock).toBeUndefined();
  });

  it("that gets no answer leaves the lock to run out, and what is noted is stored", async () => {
    const work = run(async (lease) => {
      const attempt = attemptUnder(world.clock, lease, world.deadline());
      await attempt.change(failing("unanswered")).catch(() => undefined);
      lease.note((current) => ({ ...current, standing: true }));
    });
    await work;
    expect(world.lease()).toMatchObject({
      standing: true,
      lock: { owner: "attempt-1", until: addSeconds(noon, 90) },
    });
    world.clock.advance(85);
    await expect(run(async () => "too early")).rejects.toEqual(failure("LeaseBusy"));
    world.clock.advance(5);
    expect(await run(async () => "free")).toBe("free");
  });

  it("that is answered after one that was not does not give the lock back", async () => {
    await run(async (lease) => {
      const { change } = attemptUnder(world.clock, lease, world.deadline());
      await change(failing("unanswered")).catch(() => undefined);
      await change(callOf("done"));
    });
    expect(world.lease().lock).toBeDefined();
  });

  it("that creates is stored before it is sent, and its operation once it is answered", async () => {
    const creation: Change<string> = {
      call: async () => {
        expect(world.lease()).toMatchObject({ pending: [], unanswered: [noon] });
        return "operation-1";
      },
      failureOf: () => "unanswered",
      creates: (id) => id,
    };
    expect(await changing(creation)).toBe("operation-1");
    expect(world.lease()).toMatchObject({ pending: ["operation-1"], unanswered: [] });
  });

  it.each([
    ["refused", []],
    ["answered", [noon]],
    ["unanswered", [noon]],
  ] as const)("that creates and is %s leaves %j unanswered", async (how, unanswered) => {
    await changing({ ...failing(how), creates: (id) => id }).catch(() => undefined);
    expect(world.lease()).toMatchObject({ pending: [], unanswered });
  });

  it("that may not be begun was not sent", async () => {
    const late = { deadline: world.clock.now() + 10_000 };
    await run(async (lease) => {
      const { change } = attemptUnder(world.clock, lease, late);
      const creation = { ...callOf("operation-1"), creates: (id: string) => id };
      await expect(change(creation)).rejects.toEqual(failure("StillProvisioning"));
    });
    expect(world.lease()).toMatchObject({ unanswered: [] });
  });
});
