import { beforeEach, describe, expect, it } from "vitest";
import { executionName } from "../ids.ts";
import { actorOf } from "../request/person.ts";
import type { EndRequested, Request, WaitingToken } from "../request/request.ts";
import { aRequest, aWorld, bob, noon, requestId, type World } from "../testing/index.ts";
import { addSeconds } from "../time.ts";
import { awaitApproval, awaitEnd, awaitExpiry } from "./await-signal.ts";

const id = requestId(1);
const revoked: EndRequested = { reason: "revoked", by: actorOf(bob), at: noon };
const aToken = (given: Partial<WaitingToken> = {}): WaitingToken => ({
  state: "Wait",
  token: "token",
  execution: executionName(id, 0),
  enteredAt: noon,
  ...given,
});

let world: World;
beforeEach(() => {
  world = aWorld();
  world.workflow.awaitToken("token");
});

const store = (given: Partial<Request>): Promise<void> =>
  world.store({ requests: [aRequest(given)] });
const signals = () => world.workflow.signals;

describe("waiting for an approval", () => {
  it("stores the token, and leaves it waiting while nobody has decided", async () => {
    await store({ status: "pending_approval" });
    await awaitApproval(world.ports, id, aToken());
    expect(world.request().waiting).toEqual(aToken());
    expect(signals()).toEqual([]);
  });

  it.each(["approved", "denied", "cancelled", "lapsed"] as const)(
    "is over at once when the request is %s already",
    async (status) => {
      await store({ status });
      await awaitApproval(world.ports, id, aToken());
      expect(signals().map(({ token }) => token)).toEqual(["token"]);
    },
  );

  it("does not put an old token in the place of a newer one", async () => {
    await store({ status: "pending_approval" });
    await awaitApproval(world.ports, id, aToken({ token: "new", enteredAt: addSeconds(noon, 5) }));
    await awaitApproval(world.ports, id, aToken({ token: "old" }));
    expect(world.request().waiting?.token).toBe("new");
  });
});

describe("waiting for the expiry", () => {
  it("stores the token, and leaves it waiting while there is time", async () => {
    await store({ status: "active" });
    world.clock.advance(3_480);
    await awaitExpiry(world.ports, id, aToken());
    expect(world.request().waiting).toEqual(aToken());
    expect(signals()).toEqual([]);
  });

  it("is over in the last two minutes, and says how much is left", async () => {
    await store({ status: "active" });
    world.clock.advance(3_480.5);
    await awaitExpiry(world.ports, id, aToken());
    expect(signals()).toEqual([{ token: "token", seconds: 120 }]);
  });

  it("is over at once when the end was asked for already", async () => {
    await store({ status: "active", endRequested: revoked });
    await awaitExpiry(world.ports, id, aToken());
    expect(signals()).toEqual([{ token: "token", seconds: 1 }]);
  });

  it("is over at once when the request is not active", async () => {
    await store({ status: "deescalating" });
    await awaitExpiry(world.ports, id, aToken());
    expect(signals()).toHaveLength(1);
  });

  it("goes on for months where there is no curfew", async () => {
    const { expiresAt: _, ...endless } = aRequest({ status: "active", scheduled: false });
    await world.store({ requests: [endless] });
    world.clock.advance(200 * 86_400);
    await awaitExpiry(world.ports, id, aToken());
    expect(signals()).toEqual([]);
  });

  it("does not put an old token in the place of a newer one", async () => {
    await store({ status: "active" });
    await awaitExpiry(world.ports, id, aToken({ token: "new", enteredAt: addSeconds(noon, 5) }));
    await awaitExpiry(world.ports, id, aToken({ token: "old" }));
    expect(world.request().waiting?.token).toBe("new");
  });
});

describe("waiting out the minute", () => {
  const enteredAt = addSeconds(noon, 3_540);
  const wait = (seconds: number) => awaitEnd(world.ports, id, aToken({ enteredAt }), seconds);

  beforeEach(() => world.clock.advance(3_540));

  it("waits for the exact end", async () => {
    await store({ status: "active" });
    await wait(60);
    expect(world.request().waiting?.token).toBe("token");
    expect(signals()).toEqual([]);
  });

  it("is over at once when the end has come", async () => {
    await store({ status: "active", expiresAt: enteredAt });
    await wait(1);
    expect(signals()).toEqual([{ token: "token", seconds: 1 }]);
  });

  it("is over at once when the end was asked for, or the request is not active", async () => {
    await store({ status: "active", endRequested: revoked });
    await wait(60);
    expect(signals()).toHaveLength(1);
  });

  it("forgives a timeout that is seconds too long: signals take their time", async () => {
    await store({ status: "active" });
    await wait(65);
    expect(signals()).toEqual([]);
  });

  it("does not wait longer than to the end, whatever a stolen token had it wait for", async () => {
    await store({ status: "active" });
    await wait(66);
    await wait(99_999_999);
    expect(signals().map(({ token }) => token)).toContain("token");
  });

  it("does not wait for an end that there is not", async () => {
    const { expiresAt: _, ...endless } = aRequest({ status: "active", scheduled: false });
    await world.store({ requests: [endless] });
    await wait(60);
    expect(signals()).toHaveLength(1);
  });
});

describe("completing a token", () => {
  it("is tried once more when Step Functions does not know it yet", async () => {
    await store({ status: "deescalating" });
    const { ports } = world.invocation(({ name }) => {
      if (name === "clock.sleep") world.workflow.awaitToken("fresh");
      return undefined;
    });
    await awaitExpiry(ports, id, aToken({ token: "fresh" }));
    expect(signals().map(({ token }) => token)).toEqual(["fresh", "fresh"]);
    expect(world.clock.at()).toBe("2026-11-20T12:00:00.500Z");
  });

  it("is given up after that: the wait's own timeout is the net", async () => {
    await store({ status: "deescalating" });
    await awaitExpiry(world.ports, id, aToken({ token: "closed" }));
    expect(signals()).toHaveLength(2);
  });
});
