import { beforeEach, describe, expect, it } from "vitest";
import { operator } from "../request/person.ts";
import {
  aLease,
  alice,
  aRequest,
  aWorld,
  faultOf,
  grantAccess,
  noon,
  requestId,
  type World,
} from "../testing/index.ts";
import { createRequest } from "./create-request.ts";
import { deescalate } from "./deescalate.ts";
import { drain, type Remainder } from "./drain.ts";
import { setIntake } from "./intake.ts";

const [first, second] = [requestId(1), requestId(2)];
const waiting = { state: "Wait for expiry", token: "token", enteredAt: noon };
const body = {
  flow: "self-service",
  target: "prod-readonly",
  duration: "10m",
  reason: "",
  fields: {},
};

let world: World;
let reports: Remainder[];
beforeEach(() => {
  world = aWorld();
  reports = [];
});

/** Drains; `meanwhile` happens at each look, as the workflows go on beside it. */
const run = (patience: number, meanwhile: () => Promise<unknown> = async () => undefined) => {
  const { ports } = world.invocation(async ({ name }) => {
    if (name === "clock.sleep") await meanwhile();
    return undefined;
  });
  return drain(ports, { patience, report: (left) => reports.push(left) });
};

describe("draining", () => {
  it("of what is empty takes as long as calls may be under way", async () => {
    expect(await run(60_000)).toBe(true);
    expect(world.clock.at()).toBe("2026-11-20T12:00:30.000Z");
    expect(reports.at(-1)).toEqual({ requests: 0, leases: 0 });
  });

  it("takes no more requests, and does again once it is reopened", async () => {
    await run(60_000);
    const create = () => createRequest(world.ports, world.config, { person: alice, body });
    await expect(create()).rejects.toMatchObject({ code: "intake.closed" });
    expect(world.requests.all()).toEqual([]);
    expect(await setIntake(world.ports, false, operator)).toMatchObject({ closed: false });
    expect((await create()).status).toBe("approved");
  });

  it("cancels what is pending, and ends what was given", async () => {
    await world.store({
      requests: [aRequest(), aRequest({ id: second, status: "pending_approval", waiting })],
    });
    await grantAccess(world, first);
    const drained = await run(60_000, () => deescalate(world.ports, first, world.deadline()));
    expect(drained).toBe(true);
    expect(world.request(first)).toMatchObject({
      status: "ended",
      endReason: "revoked",
      endRequested: { by: operator },
    });
    expect(world.request(second).status).toBe("cancelled");
    expect(world.workflow.signals).toHaveLength(1);
    expect(world.lease().state).toBe("closed");
    for (const { published, history } of world.requests.all())
      expect(published).toBe(history.length);
    expect(reports[0]).toEqual({ requests: 1, leases: 1 });
  });

  it("wakes what waits once, and starts what nobody looks after", async () => {
    await world.store({ requests: [aRequest({ status: "active", waiting })] });
    await run(10_000);
    expect(world.workflow.signals).toHaveLength(1);
    expect(world.workflow.started).toMatchObject([{ request: first, enter: "deescalation" }]);
  });

  it("gives up when something stays, and says what", async () => {
    await world.store({
      requests: [aRequest({ status: "active" }), aRequest({ id: second, status: "ended" })],
      leases: [aLease()],
    });
    expect(await run(60_000)).toBe(false);
    expect(reports.at(-1)).toEqual({ requests: 1, leases: 1 });
  });

  it("ends what a call that was under way has made meanwhile", async () => {
    let made = false;
    const drained = await run(120_000, async () => {
      if (!made) await world.store({ requests: [aRequest({ status: "pending_approval" })] });
      made = true;
    });
    expect(drained).toBe(true);
    expect(world.request().status).toBe("cancelled");
  });

  it("goes on with the others where one fails, and counts it as left", async () => {
    await world.store({ requests: [aRequest({ waiting }), aRequest({ id: second })] });
    const error = new Error("Throttled");
    const { ports } = world.invocation(faultOf("workflow.status", { when: "before", error }));
    const options = { patience: 10_000, report: (left: Remainder) => reports.push(left) };
    expect(await drain({ ...ports }, options)).toBe(false);
    expect(world.requests.all().map(({ endRequested }) => endRequested?.by)).toEqual([
      operator,
      operator,
    ]);
  });

  it("does not wait for the last look at leases that are closed", async () => {
    await world.store({
      leases: [aLease({ state: "closed", lookAt: "2026-11-20T12:15:00.000Z" })],
    });
    expect(await run(60_000)).toBe(true);
  });
});
