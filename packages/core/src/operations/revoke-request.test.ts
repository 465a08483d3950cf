import { beforeEach, describe, expect, it } from "vitest";
import { actorOf, type Person } from "../request/person.ts";
import { RequestStatus } from "../request/status.ts";
import {
  aConfig,
  alice,
  aRequest,
  aWorld,
  bob,
  carol,
  faultOf,
  mallory,
  noon,
  requestId,
  type World,
} from "../testing/index.ts";
import { revokeRequest } from "./revoke-request.ts";

const id = requestId(1);
const waiting = { state: "Wait for expiry", token: "token", enteredAt: noon };

let world: World;
beforeEach(() => {
  world = aWorld();
});

const revoke = (person: Person, message?: string, from = world) =>
  revokeRequest(from.ports, from.config, person, id, message);
const code = (expected: string) => expect.objectContaining({ code: expected });

describe("revoking", () => {
  it.each([
    ["the requester", alice, "released"],
    ["an approver", bob, "revoked"],
  ])("by %s (%o) is on record as %s", async (_, person, reason) => {
    await world.store({ requests: [aRequest({ status: "active", waiting })] });
    const request = await revoke(person, "Enough");
    expect(request.endRequested).toEqual({ reason, by: actorOf(person), at: noon });
    expect(request.history.at(-1)).toMatchObject({ event: "request.revoked", message: "Enough" });
    expect(world.request().endRequested).toEqual(request.endRequested);
  });

  it("by a requester who is an approver, too, is a release", async () => {
    await world.store({ requests: [aRequest({ status: "active", requester: bob })] });
    expect((await revoke(bob)).endRequested?.reason).toBe("released");
  });

  it("wakes the state that waits, and tells the others", async () => {
    await world.store({ requests: [aRequest({ status: "active", waiting })] });
    world.workflow.awaitToken("token");
    await revoke(alice);
    expect(world.workflow.signals).toEqual([{ token: "token", seconds: 1 }]);
    expect(world.publisher.published.map(({ message }) => message.event)).toEqual([
      "request.revoked",
    ]);
  });

  it("before the start ends the request at once, and again changes nothing", async () => {
    await world.store({ requests: [aRequest({ startAt: "2026-12-24T12:00:00.000Z" })] });
    const ended = await revoke(alice);
    expect(ended).toMatchObject({ status: "ended", endReason: "released" });
    expect(await revoke(alice)).toMatchObject({ status: "ended", history: ended.history });
    await expect(revoke(bob)).rejects.toEqual(code("request.wrong-state"));
    expect(world.publisher.published.map(({ message }) => message.event)).toEqual([
      "request.revoked",
      "access.ended",
    ]);
  });

  it("needs nobody to wait: what is written counts", async () => {
    await world.store({ requests: [aRequest({ status: "escalating" })] });
    await revoke(alice);
    expect(world.workflow.signals).toEqual([]);
    expect(world.request().endRequested?.reason).toBe("released");
  });

  it("is written down, and answered as such, although the signal fails", async () => {
    await world.store({ requests: [aRequest({ status: "active", waiting })] });
    const error = new Error("Throttled");
    const { ports } = world.invocation(faultOf("workflow.signal", { when: "before", error }));
    const request = await revoke(alice, undefined, { ...world, ports });
    expect(request.endRequested?.reason).toBe("released");
    expect(world.request().endRequested).toEqual(request.endRequested);
  });
});

describe("who may revoke", () => {
  it("is nobody who may not even see the request", async () => {
    await world.store({ requests: [aRequest({ status: "active" })] });
    await expect(revoke(mallory)).rejects.toEqual(code("request.not-found"));
    expect(world.request()).not.toHaveProperty("endRequested");
  });

  it.each(["req_00000000000000000000000009", "nonsense", "../etc", ""])(
    "is told the same about a request that there is not: %j",
    async (unknown) => {
      await expect(revokeRequest(world.ports, world.config, alice, unknown)).rejects.toEqual(
        code("request.not-found"),
      );
    },
  );

  it("is nobody where the flow does not allow it", async () => {
    const { production } = world.config.flows;
    if (production === undefined) throw new Error("There is no such flow.");
    const config = {
      ...world.config,
      flows: { production: { ...production, allowRevoke: false } },
    };
    await world.store({ requests: [aRequest({ status: "active" })] });
    for (const person of [alice, bob])
      await expect(revoke(person, undefined, { ...world, config })).rejects.toEqual(
        code("request.not-allowed"),
      );
    expect(world.request()).not.toHaveProperty("endRequested");
  });

  describe("where the flow does not allow revoking, what is not given yet", () => {
    const { production } = aConfig().flows;
    if (production === undefined) throw new Error("There is no such flow.");
    const config = { ...aConfig(), flows: { production: { ...production, allowRevoke: false } } };
    const later = aRequest({ startAt: "2026-12-24T12:00:00.000Z" });

    it.each([
      ["the requester", alice, "released"],
      ["an approver", bob, "revoked"],
    ])("is taken back by %s, also a second time", async (_, person, reason) => {
      await world.store({ requests: [later] });
      expect(await revoke(person, undefined, { ...world, config })).toMatchObject({
        status: "ended",
        endReason: reason,
      });
      expect((await revoke(person, undefined, { ...world, config })).status).toBe("ended");
    });

    it("is not taken back once it is given meanwhile", async () => {
      await world.store({ requests: [later] });
      const { ports } = world.invocation(async ({ name }) => {
        const stored = await world.requests.get(id);
        if (name !== "requests.put" || stored?.document.status !== "approved") return undefined;
        await world.requests.put(aRequest({ status: "active" }), stored);
        return undefined;
      });
      await expect(revoke(alice, undefined, { ...world, ports, config })).rejects.toEqual(
        code("request.not-allowed"),
      );
      expect(world.request()).toEqual(aRequest({ status: "active" }));
    });
  });

  it("is who might before, where the access has no curfew: nothing else would ever end it", async () => {
    const { production } = world.config.flows;
    if (production === undefined) throw new Error("There is no such flow.");
    const flows = {
      production: { ...production, allowRevoke: false, scheduleDeescalation: true },
    };
    await world.store({ requests: [aRequest({ status: "active", scheduled: false })] });
    const from = { ...world, config: { ...world.config, flows } };
    await expect(revoke(mallory, undefined, from)).rejects.toEqual(code("request.not-found"));
    expect((await revoke(bob, undefined, from)).endRequested?.reason).toBe("revoked");
  });

  it("is the requester still, where the flow is configured no more", async () => {
    await world.store({ requests: [aRequest({ status: "active" })] });
    const config = { ...world.config, flows: {} };
    expect((await revoke(alice, undefined, { ...world, config })).endRequested).toBeDefined();
  });
});

describe("when one may revoke", () => {
  const possible: readonly RequestStatus[] = ["approved", "escalating", "active"];

  it.each(RequestStatus.options)("a request that is %s", async (status) => {
    await world.store({ requests: [aRequest({ status })] });
    const before = world.request();
    if (possible.includes(status)) {
      expect((await revoke(alice)).endRequested?.reason).toBe("released");
      return;
    }
    await expect(revoke(alice)).rejects.toEqual(code("request.wrong-state"));
    expect(world.request()).toEqual(before);
  });

  it("a second time, for the same person: the workflow is woken again, and nothing else happens", async () => {
    await world.store({ requests: [aRequest({ status: "active", waiting })] });
    const first = await revoke(alice);
    world.clock.advance(10);
    const again = await revoke(alice, "Really");
    expect(again.endRequested).toEqual(first.endRequested);
    expect(again.history).toHaveLength(first.history.length);
    expect(world.workflow.signals).toHaveLength(2);
    expect(world.publisher.published).toHaveLength(1);
  });

  it("not after somebody else did, and is told who", async () => {
    await world.store({ requests: [aRequest({ status: "active" })] });
    await revoke(bob);
    await expect(revoke(carol)).rejects.toThrow("bob@acme.example has ended it already.");
    expect(world.request().endRequested?.by).toEqual(actorOf(bob));
  });

  it("at the same moment as another: one of them is on record", async () => {
    await world.store({ requests: [aRequest({ status: "active" })] });
    const settled = await Promise.allSettled([revoke(bob), revoke(carol)]);
    expect(settled.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const events = world.request().history.map(({ event }) => event);
    expect(events.filter((event) => event === "request.revoked")).toHaveLength(1);
  });
});
