import { describe, expect, it } from "vitest";
import { executionName } from "../ids.ts";
import {
  alice,
  anAccess,
  aRequest,
  assignmentOf,
  aWorld,
  endAccess,
  grantAccess,
  heldAtEveryCall,
  noon,
  outcome,
  requestId,
  untilDone,
  type World,
} from "../testing/index.ts";
import { addSeconds } from "../time.ts";
import { armRevocation } from "./arm-revocation.ts";
import { awaitEnd, awaitExpiry } from "./await-signal.ts";
import { deescalate } from "./deescalate.ts";
import { escalate } from "./escalate.ts";
import { recover } from "./recover.ts";
import { revokeRequest } from "./revoke-request.ts";
import { wake } from "./wake.ts";

const id = requestId(1);
const assignment = assignmentOf(anAccess());

/** Alice's request for an hour, approved and armed, with its first execution running. */
const aRunningRequest = async (): Promise<World> => {
  const world = aWorld();
  await world.store({ requests: [aRequest()] });
  await world.ports.workflow.start({
    request: id,
    k: 0,
    version: 1,
    enter: "escalation",
    seconds: 1,
    startAt: noon,
    strategy: "fake",
  });
  await armRevocation(world.ports, id);
  return world;
};
const escalating = (world: World, ports = world.ports): Promise<{ seconds: number }> =>
  escalate(ports, world.config, id, world.deadline());
const deescalating = (world: World): Promise<{ due: boolean; seconds: number }> =>
  deescalate(world.ports, id, world.deadline());
const revoking = (world: World, ports = world.ports): Promise<unknown> =>
  revokeRequest(ports, world.config, alice, id);
const waiting = (world: World, token: string, state = "Wait for expiry") => ({
  state,
  token,
  execution: executionName(id, world.request().execution),
  enteredAt: world.clock.at(),
});
const started = (world: World): number[] => world.workflow.started.map(({ k }) => k);

const isOver = (world: World): void => {
  world.clock.advance(600);
  expect(["ended", "failed"]).toContain(world.request().status);
  expect(world.service.has(assignment)).toBe(false);
  for (const lease of world.leases.all()) expect(lease.state).toBe("closed");
};

describe("the interleavings of executions", () => {
  it("two recoveries: one execution takes over, whoever of them is faster", async () => {
    const points = await heldAtEveryCall(async (hold) => {
      const world = await aRunningRequest();
      await escalating(world);
      world.workflow.end(id, 0);
      const { ports } = world.invocation(hold(() => recover(world.ports, `${id}.0`)));
      await recover(ports, `${id}.0`);
      expect(started(world)).toEqual([0, 1]);
      expect(world.request()).toMatchObject({ status: "active", execution: 1 });
    });
    expect(points).toBeGreaterThan(3);
  });

  it("a recovery beside the original: the original is told that the end was asked for, and nothing is left", async () => {
    const points = await heldAtEveryCall(async (hold) => {
      const world = await aRunningRequest();
      // The execution was stopped; its Lambda runs on while the next execution deescalates.
      const recovery = async (): Promise<void> => {
        world.workflow.end(id, 0);
        await recover(world.ports, `${id}.0`);
        await untilDone(world, () => deescalating(world));
      };
      const { deadline } = world.deadline();
      const held = hold(recovery);
      const { ports } = world.invocation(async (call) => {
        const fault = await held(call);
        return world.clock.now() >= deadline ? { when: "before" } : fault;
      });
      await outcome(() => escalate(ports, world.config, id, { deadline }));
      if (world.workflow.started.length === 1) await recovery();
      // Active and not due: the recovery takes nobody's access early.
      if (world.request().status === "active") {
        expect(world.service.has(assignment)).toBe(true);
        world.clock.advance(3_600);
        await deescalating(world);
        expect(world.request().endReason).toBe("expired");
      }
      await untilDone(world, () => deescalating(world));
      isOver(world);
      expect(started(world)).toEqual([0, 1]);
    });
    expect(points).toBeGreaterThan(15);
  });

  it("redrive of an old execution: it gives nothing, takes nothing early, and ends what is due", async () => {
    const world = await aRunningRequest();
    await escalating(world);
    world.workflow.end(id, 0);
    await recover(world.ports, `${id}.0`);
    const { expiresAt } = world.request();

    // Redriven while the next one waits: its steps find what is stored.
    expect(await escalating(world)).toEqual({ seconds: 3_660 });
    expect(await deescalating(world)).toMatchObject({ due: false });
    expect(world.request()).toMatchObject({ status: "active", expiresAt });
    expect(world.service.changes).toHaveLength(1);

    // And when all is over.
    await endAccess(world, id);
    await expect(escalating(world)).rejects.toMatchObject({ name: "GrantRefused" });
    expect(await deescalating(world)).toEqual({ due: true, seconds: 1 });
    isOver(world);
    expect(world.service.changes.map(({ kind }) => kind)).toEqual(["create", "delete"]);
  });

  it("redrive of an old execution: its token does not replace the newer one's", async () => {
    const world = await aRunningRequest();
    await escalating(world);
    const old = waiting(world, "token-of-0");
    world.clock.advance(60);
    await awaitExpiry(world.ports, id, waiting(world, "token-of-1"));
    await awaitExpiry(world.ports, id, old);
    expect(world.request().waiting?.token).toBe("token-of-1");
  });
});

describe("the interleavings of ends", () => {
  it("expire while escalating: it wakes nothing, and the curfew runs from the moment of activation", async () => {
    const points = await heldAtEveryCall(async (hold) => {
      const world = await aRunningRequest();
      const { ports } = world.invocation(hold(() => wake(world.ports, id)));
      await escalating(world, ports);
      const { activatedAt, expiresAt, status } = world.request();
      expect(status).toBe("active");
      expect(expiresAt).toBe(addSeconds(activatedAt ?? "", 3_600));
      expect(world.workflow.signals).toEqual([]);
      expect(started(world)).toEqual([0]);
    });
    expect(points).toBeGreaterThan(15);
  });

  it("expire while escalating: an execution that is dead by then is followed by one that ends it", async () => {
    const world = await aRunningRequest();
    const { ports } = world.invocation(({ name }) =>
      name === "service.create" ? { when: "after" } : undefined,
    );
    await outcome(() => escalating(world, ports));
    world.workflow.end(id, 0);
    world.clock.advance(4_500);
    await wake(world.ports, id);
    expect(world.workflow.started.at(-1)).toMatchObject({ k: 1, enter: "deescalation" });
    await deescalating(world);
    isOver(world);
  });

  it("revoke while escalating: nothing is left, at whatever point it comes", async () => {
    const points = await heldAtEveryCall(async (hold) => {
      const world = await aRunningRequest();
      const { ports } = world.invocation(hold(() => revoking(world)));
      await outcome(() => escalating(world, ports));
      if (world.request().endRequested === undefined) await revoking(world);
      await untilDone(world, () => deescalating(world));
      isOver(world);
      expect(world.request()).toMatchObject({ status: "ended", endReason: "released" });
    });
    expect(points).toBeGreaterThan(15);
  });

  it("revoke before the token is stored: the wait completes itself", async () => {
    const points = await heldAtEveryCall(async (hold) => {
      const world = await aRunningRequest();
      await escalating(world);
      const { ports } = world.invocation(hold(() => revoking(world)));
      const signalled = world.workflow.awaitToken("token");
      await awaitExpiry(ports, id, waiting(world, "token"));
      if (world.request().endRequested === undefined) await revoking(world);
      expect(await signalled).toEqual({ seconds: 1 });
    });
    expect(points).toBeGreaterThan(1);
  });

  it("revoke before the token is stored: at every point of the revoke, too", async () => {
    await heldAtEveryCall(async (hold) => {
      const world = await aRunningRequest();
      await escalating(world);
      const signalled = world.workflow.awaitToken("token");
      const begin = (): Promise<void> => awaitExpiry(world.ports, id, waiting(world, "token"));
      const { ports } = world.invocation(hold(begin));
      await revoking(world, ports);
      if (world.request().waiting === undefined) await begin();
      expect(await signalled).toEqual({ seconds: 1 });
    });
  });

  it("a duplicate and an out-of-order delivery of the schedule's event: the exact end stays the end", async () => {
    const world = await aRunningRequest();
    const { seconds } = await escalating(world);
    expect(seconds).toBe(3_660);
    const ended = world.workflow.awaitToken("long");
    await awaitExpiry(world.ports, id, waiting(world, "long"));
    // Those of a request that is not due: nothing happens.
    await wake(world.ports, id);
    expect(world.workflow.signals).toEqual([]);

    world.clock.advance(3_545);
    await wake(world.ports, id);
    await wake(world.ports, id);
    const minute = await ended;
    expect(minute.seconds).toBeGreaterThan(0);
    expect(world.request().status).toBe("active");

    // The duplicate may also come when the exact wait has begun, and end it early: then it is not due, and waited for again.
    const exact = world.workflow.awaitToken("exact");
    const inTheMinute = waiting(world, "exact", "Wait out the minute");
    await awaitEnd(world.ports, id, inTheMinute, minute.seconds);
    await wake(world.ports, id);
    await exact;
    const early = await deescalating(world);
    expect(early).toMatchObject({ due: false });
    expect(world.service.has(assignment)).toBe(true);

    world.clock.advanceTo(world.request().expiresAt ?? "");
    expect(await deescalating(world)).toMatchObject({ due: true });
    // And when all is over.
    await wake(world.ports, id);
    expect(started(world)).toEqual([0]);
    isOver(world);
  });

  it("two beginnings of one end: a revoke at every point of the expiry's deescalation, and one end is told", async () => {
    await heldAtEveryCall(async (hold) => {
      const world = await aRunningRequest();
      await grantAccess(world, id);
      world.clock.advance(3_600);
      const { ports } = world.invocation(hold(() => outcome(() => revoking(world))));
      await deescalate(ports, id, world.deadline());
      const ends = world.request().history.filter(({ event }) => event === "access.ended");
      expect(ends).toHaveLength(1);
      isOver(world);
    });
  });
});
