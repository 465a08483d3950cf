import { beforeEach, describe, expect, it } from "vitest";
import { aRequest, aWorld, noon, requestId, type World, withEveryFault } from "../testing/index.ts";
import { addSeconds } from "../time.ts";
import { armRevocation } from "./arm-revocation.ts";

const id = requestId(1);
let world: World;
beforeEach(() => {
  world = aWorld();
});

const arm = () => armRevocation(world.ports, id);

describe("arming the revocation", () => {
  it("sets the first schedule into the minute before the latest possible end", async () => {
    await world.store({ requests: [aRequest()] });
    await arm();
    expect(world.schedules.armed).toEqual(
      new Map([[`${id}.0`, addSeconds(noon, 900 + 3_600 - 60)]]),
    );
    expect(world.request().armed).toEqual({ at: noon, grantBy: addSeconds(noon, 900) });
  });

  it("sets the same schedule when it is repeated later", async () => {
    await world.store({ requests: [aRequest()] });
    await arm();
    const armed = world.request().armed;
    world.clock.advance(300);
    await arm();
    expect(world.request().armed).toEqual(armed);
    expect(world.schedules.armed.size).toBe(1);
  });

  it("sets a schedule in the future even for the shortest request", async () => {
    await world.store({ requests: [aRequest({ duration: 1 })] });
    await arm();
    expect(world.schedules.armed.get(`${id}.0`)).toBe(addSeconds(noon, 841));
  });

  it("sets none where only a revoke ends the access", async () => {
    await world.store({ requests: [aRequest({ scheduled: false })] });
    await arm();
    expect(world.schedules.armed.size).toBe(0);
    expect(world.request().armed).toBeDefined();
  });

  it.each(["denied", "cancelled", "lapsed", "ended", "failed"] as const)(
    "says that nothing is to be granted of what is %s",
    async (status) => {
      await world.store({ requests: [aRequest({ status })] });
      await expect(arm()).rejects.toMatchObject({ name: "NotApproved" });
      expect(world.schedules.armed.size).toBe(0);
    },
  );

  it("arms nothing while nobody has decided, whatever woke the workflow", async () => {
    await world.store({ requests: [aRequest({ status: "pending_approval" })] });
    await expect(arm()).rejects.toMatchObject({ name: "Undecided" });
    expect(world.request().status).toBe("pending_approval");
    expect(world.schedules.armed.size).toBe(0);
  });

  it("lets a request lapse whose time is over, and tells", async () => {
    await world.store({ requests: [aRequest({ status: "pending_approval" })] });
    world.clock.advance(86_400);
    await expect(arm()).rejects.toMatchObject({ name: "NotApproved" });
    expect(world.request().status).toBe("lapsed");
    expect(world.publisher.published.map(({ message }) => message.event)).toEqual([
      "request.lapsed",
    ]);
  });

  it("does not let lapse what was approved in time", async () => {
    const { armed: _, ...approved } = aRequest({ lapsesAt: world.clock.at(-1) });
    await world.store({ requests: [approved] });
    await arm();
    expect(world.request().status).toBe("approved");
    expect(world.schedules.armed.size).toBe(1);
  });

  it("leaves it to whoever approved to tell", async () => {
    await world.store({ requests: [aRequest({ status: "approved", published: 0 })] });
    await arm();
    expect(world.publisher.published).toEqual([]);
  });

  it("is refused where there is nothing to arm, so that nothing is granted", async () => {
    const { armed: _, ...unarmed } = aRequest({ status: "deescalating" });
    await world.store({ requests: [unarmed] });
    await expect(arm()).rejects.toMatchObject({ code: "request.wrong-state" });
  });

  it("is put off until the start, and then gives the whole time to grant", async () => {
    const startAt = addSeconds(noon, 3_600);
    await world.store({ requests: [aRequest({ startAt })] });
    await expect(arm()).rejects.toMatchObject({ name: "NotYet" });
    expect(world.request().armed).toBeUndefined();
    expect(world.schedules.armed.size).toBe(0);
    world.clock.advanceTo(startAt);
    await arm();
    expect(world.request().armed).toEqual({ at: startAt, grantBy: addSeconds(startAt, 900) });
  });

  it("waits out a start that is about to come", async () => {
    const startAt = addSeconds(noon, 2);
    await world.store({ requests: [aRequest({ startAt })] });
    await arm();
    expect(world.request().armed?.at).toBe(startAt);
  });

  it("takes a start in the past for one now", async () => {
    await world.store({ requests: [aRequest({ startAt: addSeconds(noon, -30) })] });
    await arm();
    expect(world.request().armed?.at).toBe(noon);
  });

  it("is refused when the end was asked for before the start", async () => {
    const startAt = addSeconds(noon, 3_600);
    const { armed: _, ...released } = aRequest({ startAt, status: "ended" });
    await world.store({ requests: [released] });
    world.clock.advanceTo(startAt);
    await expect(arm()).rejects.toMatchObject({ name: "NotApproved" });
    expect(world.schedules.armed.size).toBe(0);
  });

  it("that fails at any call is made up for by repeating it", async () => {
    await withEveryFault(async (hook) => {
      world = aWorld();
      await world.store({ requests: [aRequest()] });
      const { ports, faults } = world.invocation(hook);
      await armRevocation(ports, id).catch(() => undefined);
      world.clock.advance(30);
      await arm();
      const grantBy = world.request().armed?.grantBy ?? "";
      expect(world.schedules.armed.get(`${id}.0`)).toBe(addSeconds(grantBy, 3_540));
      return faults;
    });
  });
});
