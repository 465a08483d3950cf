import { beforeEach, describe, expect, it } from "vitest";
import { actorOf, curfew } from "../request/person.ts";
import type { EndRequested } from "../request/request.ts";
import { aRequest, aWorld, bob, noon, requestId, type World } from "../testing/index.ts";
import { addSeconds, milliseconds } from "../time.ts";
import { recover } from "./recover.ts";
import { ensureExecution, wake, workflowStart } from "./wake.ts";

const id = requestId(1);
const revoked: EndRequested = { reason: "revoked", by: actorOf(bob), at: noon };
const waiting = { state: "Wait for expiry", token: "token", enteredAt: noon };
const open = ["pending_approval", "approved", "escalating", "active", "deescalating"] as const;
const over = ["denied", "cancelled", "lapsed", "ended", "failed"] as const;

let world: World;
beforeEach(() => {
  world = aWorld();
});

/** An execution that was started for the request and has died since. */
const dieAt = async (k: number): Promise<void> => {
  await world.ports.workflow.start({ ...workflowStart(aRequest(), 0), k });
  world.workflow.end(id, k);
  world.workflow.started.length = 0;
};
const started = () => world.workflow.started.map(({ k, enter }) => `${k} ${enter}`);
const ensure = () => ensureExecution(world.ports, world.request());

describe("where a new execution enters", () => {
  const now = milliseconds(noon);

  it.each([
    ["approval", aRequest({ status: "pending_approval" })],
    ["escalation", aRequest()],
    ["deescalation", aRequest({ endRequested: revoked })],
    ["deescalation", aRequest({ status: "escalating" })],
    ["deescalation", aRequest({ status: "active" })],
    ["deescalation", aRequest({ status: "deescalating" })],
  ])("is %s", (enter, request) => {
    expect(workflowStart(request, now).enter).toBe(enter);
  });

  it("knows how long people have to decide, however late it starts", () => {
    const pending = aRequest({ status: "pending_approval", lapsesAt: addSeconds(noon, 90) });
    expect(workflowStart(pending, now).seconds).toBe(90);
    expect(workflowStart(pending, now + 3_600_000).seconds).toBe(1);
    expect(workflowStart(aRequest(), now).seconds).toBe(1);
  });
});

describe("when a new execution gives access", () => {
  it("is the start that was asked for, or else when the request was made", () => {
    const startAt = addSeconds(noon, 3_600);
    expect(workflowStart(aRequest({ startAt }), 0).startAt).toBe(startAt);
    expect(workflowStart(aRequest(), 0).startAt).toBe(noon);
  });
});

describe("an execution for a request", () => {
  it.each(open)("is left alone while it runs: %s", async (status) => {
    await world.store({ requests: [aRequest({ status })] });
    await world.ports.workflow.start(workflowStart(aRequest({ status }), 0));
    const before = world.request();
    expect(await ensure()).toBeUndefined();
    expect(world.workflow.started).toHaveLength(1);
    expect(world.request()).toEqual(before);
  });

  it.each([
    ["pending_approval", "0 approval"],
    ["approved", "0 escalation"],
    ["active", "0 deescalation"],
  ] as const)("that was never started is started: %s", async (status, expected) => {
    await world.store({ requests: [aRequest({ status })] });
    expect(await ensure()).toBe(0);
    expect(started()).toEqual([expected]);
    expect(world.request()).not.toHaveProperty("endRequested");
  });

  it.each(["approved", "escalating"] as const)(
    "that died is followed by one that ends what is %s: it may have been granted",
    async (status) => {
      await world.store({ requests: [aRequest({ status })] });
      await dieAt(0);
      await ensure();
      expect(started()).toEqual(["1 deescalation"]);
      expect(world.request()).toMatchObject({
        status,
        execution: 1,
        endRequested: { reason: "failed", by: curfew },
        errors: ["The workflow broke before the access was given."],
      });
    },
  );

  it.each([
    ["pending_approval", "1 approval"],
    ["active", "1 deescalation"],
    ["deescalating", "1 deescalation"],
  ] as const)("that died takes nothing from what is %s early", async (status, expected) => {
    await world.store({ requests: [aRequest({ status })] });
    await dieAt(0);
    await ensure();
    expect(started()).toEqual([expected]);
    expect(world.request()).not.toHaveProperty("endRequested");
    expect(world.request().errors).toEqual([]);
  });

  it("that died waiting for the start is followed by one that goes on waiting", async () => {
    const startAt = addSeconds(noon, 86_400);
    await world.store({ requests: [aRequest({ startAt })] });
    await dieAt(0);
    await ensure();
    expect(world.workflow.started).toMatchObject([{ k: 1, enter: "escalation", startAt }]);
    expect(world.request()).toMatchObject({ status: "approved", execution: 1, errors: [] });
    expect(world.request()).not.toHaveProperty("endRequested");
  });

  it("that died and left the start too far behind is followed by one that ends the request", async () => {
    const startAt = addSeconds(noon, -899);
    await world.store({ requests: [aRequest({ startAt })] });
    await dieAt(0);
    world.clock.advance(1);
    await ensure();
    expect(world.request().endRequested).toMatchObject({ reason: "failed" });
  });

  it("that died once the request was armed is followed by one that ends it, whatever its start", async () => {
    const armed = { at: noon, grantBy: addSeconds(noon, 900) };
    await world.store({ requests: [aRequest({ startAt: noon, armed })] });
    await dieAt(0);
    await ensure();
    expect(started()).toEqual(["1 deescalation"]);
  });

  it("that died leaves on record who had revoked", async () => {
    await world.store({ requests: [aRequest({ status: "escalating", endRequested: revoked })] });
    await dieAt(0);
    await ensure();
    expect(world.request()).toMatchObject({ endRequested: revoked, errors: [] });
  });

  it.each(over)("is not needed by what is %s", async (status) => {
    await world.store({ requests: [aRequest({ status })] });
    await dieAt(0);
    expect(await ensure()).toBeUndefined();
    expect(world.request().execution).toBe(0);
  });

  it("is followed by one and not by two when two find it dead", async () => {
    await world.store({ requests: [aRequest({ status: "active" })] });
    await dieAt(0);
    const found = world.request();
    await Promise.all([ensureExecution(world.ports, found), ensureExecution(world.ports, found)]);
    expect(started()).toEqual(["1 deescalation"]);
    expect(world.request().execution).toBe(1);
  });

  it("that was written down and not started is started by the next who looks", async () => {
    await world.store({ requests: [aRequest({ status: "active" })] });
    await dieAt(0);
    const { ports } = world.invocation(({ name }) =>
      name === "workflow.start" ? { when: "before" } : undefined,
    );
    await expect(ensureExecution(ports, world.request())).rejects.toThrow();
    expect(world.request().execution).toBe(1);
    expect(await ensure()).toBe(1);
    expect(world.request().execution).toBe(1);
  });
});

describe("a schedule that fires", () => {
  const active = aRequest({ status: "active", waiting });

  beforeEach(async () => {
    await world.ports.workflow.start(workflowStart(active, 0));
    world.workflow.started.length = 0;
    world.workflow.awaitToken("token");
  });

  it("wakes the workflow in the last minutes, and says how much is left", async () => {
    await world.store({ requests: [active] });
    world.clock.advance(3_540);
    await wake(world.ports, id);
    expect(world.workflow.signals).toEqual([{ token: "token", seconds: 60 }]);
    expect(started()).toEqual([]);
  });

  it("that is early, as the first one is for most requests, wakes nobody", async () => {
    await world.store({ requests: [active] });
    world.clock.advance(3_000);
    await wake(world.ports, id);
    expect(world.workflow.signals).toEqual([]);
  });

  it("starts an execution where the last one is dead", async () => {
    await world.store({ requests: [active] });
    world.workflow.end(id, 0);
    world.clock.advance(3_540);
    await wake(world.ports, id);
    expect(started()).toEqual(["1 deescalation"]);
  });

  it("starts one although the dead one cannot be told anything", async () => {
    await world.store({ requests: [aRequest({ status: "active", waiting })] });
    await dieAt(0);
    world.clock.advance(3_600);
    const error = new Error("AccessDeniedException");
    const { ports } = world.invocation(({ name }) =>
      name === "workflow.signal" ? { when: "before", error } : undefined,
    );
    await expect(wake(ports, id)).rejects.toThrow(error);
    expect(started()).toEqual(["1 deescalation"]);
  });

  it("finds nothing to do for a request that is over, or that there is not", async () => {
    await world.store({ requests: [aRequest({ status: "ended", waiting })] });
    await wake(world.ports, id);
    await wake(world.ports, requestId(2));
    expect(world.workflow.signals).toEqual([]);
    expect(started()).toEqual([]);
  });
});

describe("an execution that ended badly", () => {
  it("is followed at once, three times", async () => {
    await world.store({ requests: [aRequest({ status: "active" })] });
    for (const k of [0, 1, 2, 3]) {
      await dieAt(k);
      await recover(world.ports, `${id}.${k}`);
    }
    expect(world.request().execution).toBe(3);
  });

  it("is not followed twice when it is reported twice", async () => {
    await world.store({ requests: [aRequest({ status: "active" })] });
    await dieAt(0);
    await recover(world.ports, `${id}.0`);
    await recover(world.ports, `${id}.0`);
    expect(started()).toEqual(["1 deescalation"]);
  });

  it.each(["nightly-import", `${requestId(2)}.0`])("is none of ours: %s", async (name) => {
    await world.store({ requests: [aRequest({ status: "active" })] });
    await recover(world.ports, name);
    expect(started()).toEqual([]);
  });
});
