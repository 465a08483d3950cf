import { describe, expect, it } from "vitest";
import { executionName } from "../ids.ts";
import {
  alice,
  anAccess,
  aRequest,
  assignmentOf,
  aWorld,
  grantAccess,
  heldAtEveryCall,
  noon,
  outcome,
  requestId,
  untilDone,
  type World,
} from "../testing/index.ts";
import { milliseconds } from "../time.ts";
import { awaitEnd, awaitExpiry } from "./await-signal.ts";
import { deescalate } from "./deescalate.ts";
import { extendRequest } from "./extend-request.ts";
import { revokeRequest } from "./revoke-request.ts";
import { wake } from "./wake.ts";

const id = requestId(1);
const assignment = assignmentOf(anAccess());

/** Alice has access for an hour, looked after by a running execution. */
const anActiveRequest = async (): Promise<World> => {
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
  await grantAccess(world, id);
  return world;
};
const extending = (world: World, ports = world.ports): Promise<unknown> =>
  extendRequest(ports, world.config, alice, id, { duration: "2h" });
const deescalating = (world: World, ports = world.ports) => deescalate(ports, id, world.deadline());
const waiting = (world: World, token: string, state: string) => ({
  state,
  token,
  execution: executionName(id, 0),
  enteredAt: world.clock.at(),
});
const leftUntilEnd = (world: World): number =>
  (milliseconds(world.request().expiresAt ?? "") - world.clock.now()) / 1_000;

/** Whichever of the two came first: extended, it is active until its new end; ended, the extension was refused. */
const isEither = async (world: World, refused: Error | undefined): Promise<void> => {
  await untilDone(world, () => deescalating(world));
  const { status, history } = world.request();
  const extended = history.some(({ event }) => event === "request.extended");
  expect(extended).toBe(refused === undefined);
  expect(status).toBe(extended ? "active" : "ended");
  expect(world.service.has(assignment)).toBe(extended);
  if (!extended) return;
  expect(leftUntilEnd(world)).toBeGreaterThan(7_000);
  // And there is a schedule for it.
  const { schedules } = world.request();
  expect(world.schedules.armed.has(`${id}.${schedules?.current}`)).toBe(true);
  world.clock.advance(7_300);
  await untilDone(world, () => deescalating(world));
  expect(world.request().endReason).toBe("expired");
  expect(world.service.has(assignment)).toBe(false);
};

describe("the interleavings of extensions", () => {
  it("extend against expire: the time comes at every point of the extension, and one of the two wins", async () => {
    const points = await heldAtEveryCall(async (hold) => {
      const world = await anActiveRequest();
      world.clock.advance(leftUntilEnd(world) - 1);
      const { ports } = world.invocation(
        hold(async () => {
          world.clock.advance(2);
          await outcome(() => deescalating(world));
        }),
      );
      const refused = await outcome(() => extending(world, ports));
      if (refused !== undefined) expect(refused).toMatchObject({ code: "request.wrong-state" });
      await isEither(world, refused);
    });
    expect(points).toBeGreaterThan(5);
  });

  it("extend against expire: an extension at every point of the deescalation, and one of the two wins", async () => {
    await heldAtEveryCall(async (hold) => {
      const world = await anActiveRequest();
      // The wait timed out a second early, by a clock that is ahead.
      world.clock.advance(leftUntilEnd(world) - 1);
      let refused: Error | undefined;
      let tried = false;
      const { ports } = world.invocation(
        hold(async () => {
          tried = true;
          refused = await outcome(() => extending(world));
          world.clock.advance(2);
        }),
      );
      await untilDone(world, () => deescalating(world, ports));
      if (!tried) refused = await outcome(() => extending(world));
      await isEither(world, refused);
    });
  });

  it("extend against revoke: whoever is second is told, and the access follows what is stored", async () => {
    await heldAtEveryCall(async (hold) => {
      const world = await anActiveRequest();
      const { ports } = world.invocation(
        hold(() => outcome(() => revokeRequest(world.ports, world.config, alice, id))),
      );
      const refused = await outcome(() => extending(world, ports));
      if (refused !== undefined) expect(refused).toMatchObject({ code: "request.wrong-state" });
      if (world.request().endRequested === undefined)
        await revokeRequest(world.ports, world.config, alice, id);
      await untilDone(world, () => deescalating(world));
      expect(world.request()).toMatchObject({ status: "ended", endReason: "released" });
      expect(world.service.has(assignment)).toBe(false);
    });
  });

  it("an old schedule after an extension: it fires in vain, also when it comes twice or last", async () => {
    const world = await anActiveRequest();
    await extending(world);
    const token = waiting(world, "token", "Wait for expiry");
    world.workflow.awaitToken("token");
    await awaitExpiry(world.ports, id, token);
    world.clock.advance(3_550);
    for (const _ of ["its schedule", "its duplicate", "the one of arming"])
      await wake(world.ports, id);
    expect(world.workflow.signals).toEqual([]);
    expect(world.workflow.started).toHaveLength(1);
    expect(world.request().status).toBe("active");
    expect(await deescalating(world)).toMatchObject({ due: false });
    expect(world.service.has(assignment)).toBe(true);
  });

  it("an old timeout after an extension: it waits on, for as long as it now lasts", async () => {
    const points = await heldAtEveryCall(async (hold) => {
      const world = await anActiveRequest();
      world.clock.advance(leftUntilEnd(world) - 50);
      // The exact wait has begun; the extension comes at every point of it.
      const token = waiting(world, "exact", "Wait out the minute");
      world.workflow.awaitToken("exact");
      const { ports } = world.invocation(hold(() => extending(world)));
      await awaitEnd(ports, id, token, 50);
      if (world.schedules.armed.size === 2) await extending(world);
      // Where the token was not stored yet nobody could complete it: then the old timeout comes.
      if (world.workflow.signals.length === 0) world.clock.advance(50);
      const { due, seconds } = await deescalating(world);
      expect(due).toBe(false);
      expect(Math.abs(seconds - 60 - leftUntilEnd(world))).toBeLessThan(2);
      expect(world.service.has(assignment)).toBe(true);
    });
    expect(points).toBeGreaterThan(1);
  });
});
