import { armRevocation, deescalate, escalate, reconcileLeases } from "@curfew/core";
import {
  endAccess,
  type FaultHook,
  type Faults,
  grantAccess,
  requestId,
  withEveryFault,
} from "@curfew/core/testing";
import { describe, expect, it } from "vitest";
import {
  aShippedRequest,
  aShippedWorld,
  assignment,
  giveStanding,
  kinds,
  type ShippedWorld,
} from "./shipped-world.ts";

const gaveUp = { name: "GrantRefused", message: "Gave up." };
const [first, second] = [requestId(1), requestId(2)];

/** Longer than a dead invocation keeps its lock, in seconds. */
const lockLife = 91;

/** Escalates through the hook, and waits until nothing of a dead invocation is left but what it wrote. */
const escalateWith = async (world: ShippedWorld, hook: FaultHook): Promise<Faults> => {
  await armRevocation(world.ports, first);
  const { ports, faults } = world.invocation(hook);
  await escalate(ports, world.config, first, world.deadline()).catch(() => undefined);
  world.clock.advance(lockLife);
  return faults;
};

const deescalateWith = async (world: ShippedWorld, hook: FaultHook): Promise<Faults> => {
  world.clock.advance(3_600);
  const { ports, faults } = world.invocation(hook);
  await deescalate(ports, first, world.deadline()).catch(() => undefined);
  world.clock.advance(lockLife);
  return faults;
};

const newWorld = async (
  ...requests: ReturnType<typeof aShippedRequest>[]
): Promise<ShippedWorld> => {
  const world = aShippedWorld();
  await world.store({ requests });
  return world;
};

/** Nothing of ours is left, neither in AWS nor in the ledger; and nothing comes up later. */
const nothingIsLeft = (world: ShippedWorld): void => {
  world.clock.advance(60);
  expect(world.access.has(assignment)).toBe(false);
  for (const lease of world.leases.all())
    expect(lease).toMatchObject({ state: "closed", holders: [], pending: [] });
};

describe("an escalation that fails at any call", () => {
  it("gives the access when it is tried again, with one curfew", async () => {
    const tried = await withEveryFault(async (hook) => {
      const world = await newWorld(aShippedRequest());
      const faults = await escalateWith(world, hook);
      await escalate(world.ports, world.config, first, world.deadline());
      expect(world.request()).toMatchObject({ status: "active", errors: [] });
      expect(world.access.has(assignment)).toBe(true);
      expect(world.lease()).toMatchObject({ state: "open", standing: false, holders: [first] });
      expect(world.schedules.armed.has(`${first}.1`)).toBe(true);
      const granted = world.request().history.filter(({ event }) => event === "access.granted");
      expect(granted).toHaveLength(1);
      return faults;
    });
    expect(tried).toBeGreaterThan(60);
  });

  it("leaves nothing when it is deescalated instead", async () => {
    await withEveryFault(async (hook) => {
      const world = await newWorld(aShippedRequest());
      const faults = await escalateWith(world, hook);
      await endAccess(world, first);
      expect(world.request()).toMatchObject({ status: "ended", endReason: "revoked" });
      nothingIsLeft(world);
      return faults;
    });
  });

  it("fails, and leaves nothing, when the workflow gives up on it", async () => {
    await withEveryFault(async (hook) => {
      const world = await newWorld(aShippedRequest());
      const faults = await escalateWith(world, hook);
      const wasActive = world.request().status === "active";
      const { due } = await deescalate(world.ports, first, world.deadline(), gaveUp);
      expect(due).toBe(!wasActive);
      if (wasActive) expect(world.access.has(assignment)).toBe(true);
      else {
        expect(world.request()).toMatchObject({
          status: "failed",
          errors: ["GrantRefused: Gave up."],
        });
        nothingIsLeft(world);
      }
      return faults;
    });
  });

  it("leaves nothing although its creation comes minutes later", async () => {
    await withEveryFault(async (hook) => {
      const world = await newWorld(aShippedRequest());
      world.timing.operation = 200_000;
      const faults = await escalateWith(world, hook);
      world.timing.operation = 1_000;
      for (let tries = 0; tries < 40 && world.request().status !== "failed"; tries += 1)
        await deescalate(world.ports, first, world.deadline()).catch(() => undefined);
      expect(world.request().status).toBe("failed");
      world.clock.advance(200);
      nothingIsLeft(world);
      return faults;
    });
  });

  it("never takes standing access away", async () => {
    await withEveryFault(async (hook) => {
      const world = await newWorld(aShippedRequest());
      giveStanding(world);
      const faults = await escalateWith(world, hook);
      await endAccess(world, first);
      expect(kinds(world)).toEqual([]);
      expect(world.request().status).toBe("ended");
      return faults;
    });
  });

  it("leaves the access to another request that has it", async () => {
    await withEveryFault(async (hook) => {
      const world = await newWorld(aShippedRequest(), aShippedRequest({ id: second }));
      await grantAccess(world, second);
      const faults = await escalateWith(world, hook);
      await endAccess(world, first);
      expect(world.access.has(assignment)).toBe(true);
      expect(kinds(world)).toEqual(["create"]);
      await endAccess(world, second);
      nothingIsLeft(world);
      return faults;
    });
  });
});

describe("a deescalation that fails at any call", () => {
  it("ends the access when it is tried again", async () => {
    const tried = await withEveryFault(async (hook) => {
      const world = await newWorld(aShippedRequest());
      await grantAccess(world, first);
      const faults = await deescalateWith(world, hook);
      await deescalate(world.ports, first, world.deadline());
      expect(world.request()).toMatchObject({ status: "ended", endReason: "expired", errors: [] });
      nothingIsLeft(world);
      return faults;
    });
    expect(tried).toBeGreaterThan(60);
  });

  it("does not end the request before the access is gone", async () => {
    await withEveryFault(async (hook) => {
      const world = await newWorld(aShippedRequest());
      await grantAccess(world, first);
      const faults = await deescalateWith(world, hook);
      if (world.request().status === "ended") nothingIsLeft(world);
      return faults;
    });
  });

  it("never takes standing access away, nor another request's", async () => {
    await withEveryFault(async (hook) => {
      const world = await newWorld(
        aShippedRequest(),
        aShippedRequest({ id: second, duration: 28_800 }),
      );
      await grantAccess(world, first);
      await grantAccess(world, second);
      const faults = await deescalateWith(world, hook);
      await deescalate(world.ports, first, world.deadline());
      expect(world.request(first).status).toBe("ended");
      expect(world.access.has(assignment)).toBe(true);
      expect(world.lease()).toMatchObject({ state: "open", holders: [second] });
      return faults;
    });
  });

  it("lets the person have the access again afterwards, and end it again", async () => {
    await withEveryFault(async (hook) => {
      const world = await newWorld(aShippedRequest(), aShippedRequest({ id: second }));
      await grantAccess(world, first);
      const faults = await deescalateWith(world, hook);
      await deescalate(world.ports, first, world.deadline());
      await grantAccess(world, second);
      expect(world.lease()).toMatchObject({ standing: false, holders: [second] });
      expect(world.access.has(assignment)).toBe(true);
      await endAccess(world, second);
      nothingIsLeft(world);
      return faults;
    });
  });

  it("is finished by the reconciler where the request is over and its lease is not", async () => {
    await withEveryFault(async (hook) => {
      const world = await newWorld(aShippedRequest());
      await grantAccess(world, first);
      // A request that was ended without its lease, as no code does: the ledger alone must be enough.
      const stored = await world.requests.get(first);
      await world.requests.put(aShippedRequest({ status: "ended" }), stored);
      world.clock.advance(lockLife);
      const { ports, faults } = world.invocation(hook);
      await reconcileLeases(ports, world.deadline()).catch(() => undefined);
      world.clock.advance(lockLife);
      await reconcileLeases(world.ports, world.deadline());
      nothingIsLeft(world);
      return faults;
    });
  });
});
