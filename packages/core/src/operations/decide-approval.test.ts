import { beforeEach, describe, expect, it } from "vitest";
import { executionName } from "../ids.ts";
import { actorOf, type Person } from "../request/person.ts";
import type { Request } from "../request/request.ts";
import {
  aRequest,
  aWorld,
  bob,
  carol,
  faultOf,
  noon,
  requestId,
  type World,
} from "../testing/index.ts";
import { addSeconds } from "../time.ts";
import { awaitApproval } from "./await-signal.ts";
import { approveRequest, denyRequest } from "./decide-approval.ts";

const id = requestId(1);
const waiting = {
  state: "Wait for approval",
  token: "token",
  execution: executionName(id, 0),
  enteredAt: noon,
};
let world: World;
beforeEach(() => {
  world = aWorld();
});

const pending = (given: Partial<Request> = {}): Promise<void> =>
  world.store({ requests: [aRequest({ status: "pending_approval", waiting, ...given })] });
const approve = (person: Person, message?: string) =>
  approveRequest(world.ports, world.config, person, id, message);
const deny = (person: Person, message?: string) =>
  denyRequest(world.ports, world.config, person, id, message);
const wrongState = (message: string) =>
  expect.objectContaining({ code: "request.wrong-state", message });

describe("deciding on a request", () => {
  it.each([
    ["approved", approve],
    ["denied", deny],
  ] as const)("records who decided, when and why: %s", async (decision, decideOn) => {
    await pending();
    const request = await decideOn(bob, "I know about it");
    const by = actorOf(bob);
    expect(request.status).toBe(decision);
    expect(request.approvals).toEqual([{ decision, by, at: noon, message: "I know about it" }]);
    expect(request.history.at(-1)).toEqual({
      seq: 2,
      event: `request.${decision}`,
      at: noon,
      actor: by,
      message: "I know about it",
    });
    expect(world.request()).toEqual({ ...request, published: 2 });
    expect(world.publisher.published.map(({ message }) => message.event)).toEqual([
      `request.${decision}`,
    ]);
  });

  it("writes the decision before it wakes the workflow", async () => {
    await pending();
    let seen: string | undefined;
    const { ports } = world.invocation(({ name }) => {
      if (name === "workflow.signal") seen = world.request().status;
      return undefined;
    });
    await approveRequest(ports, world.config, bob, id);
    expect(seen).toBe("approved");
    expect(world.workflow.signals).toEqual([{ token: "token", seconds: 1 }]);
  });

  it("keeps the decision when the workflow cannot be woken, and wakes it when repeated", async () => {
    await pending();
    const error = new Error("Unreachable");
    const { ports } = world.invocation(faultOf("workflow.signal", { when: "before", error }));
    expect((await approveRequest(ports, world.config, bob, id)).status).toBe("approved");
    expect(world.request().status).toBe("approved");
    await approve(bob);
    expect(world.workflow.signals).toHaveLength(1);
    expect(world.request().approvals).toHaveLength(1);
  });

  it("reaches a wait whose token is stored only afterwards", async () => {
    await pending({ waiting: undefined } as Partial<Request>);
    world.workflow.awaitToken("token");
    await approve(bob);
    expect(world.workflow.signals).toEqual([]);
    await awaitApproval(world.ports, id, waiting);
    expect(world.workflow.signals.map(({ token }) => token)).toEqual(["token"]);
  });
});

describe("deciding once more", () => {
  it("is fine for the same person and the same decision, whatever came of it since", async () => {
    await pending();
    const first = await approve(bob);
    expect(await approve(bob, "Once more")).toMatchObject({ approvals: first.approvals });
    const stored = await world.requests.get(id);
    await world.requests.put({ ...first, status: "active", waiting }, stored);
    expect((await approve(bob)).status).toBe("active");
    // The state that waits by now waits for the expiry.
    expect(world.workflow.signals).toHaveLength(2);
  });

  it("is refused to the same person with another decision", async () => {
    await pending();
    await approve(bob);
    await expect(deny(bob)).rejects.toEqual(
      wrongState("bob@acme.example has approved it already."),
    );
    expect(world.request().status).toBe("approved");
  });

  it("is refused to another person, with the same decision or another", async () => {
    await pending();
    await deny(bob);
    const refusal = wrongState("bob@acme.example has denied it already.");
    await expect(approve(carol)).rejects.toEqual(refusal);
    await expect(deny(carol)).rejects.toEqual(refusal);
    expect(world.request().approvals).toHaveLength(1);
  });

  it("lets one of two who decide at once win", async () => {
    await pending();
    const both = await Promise.allSettled([approve(bob), deny(carol)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(world.request().approvals).toHaveLength(1);
  });
});

describe("deciding too late", () => {
  it.each([approve, deny])("is refused, and lets the request lapse at once", async (decideOn) => {
    await pending({ lapsesAt: addSeconds(noon, 60) });
    world.clock.advance(60);
    await expect(decideOn(bob)).rejects.toEqual(
      wrongState("Nobody decided before 2026-11-20T12:01:00.000Z: the request has lapsed."),
    );
    expect(world.request()).toMatchObject({ status: "lapsed", approvals: [] });
    expect(world.publisher.published.map(({ message }) => message.event)).toEqual([
      "request.lapsed",
    ]);
  });

  it("is not too late a moment before", async () => {
    await pending({ lapsesAt: addSeconds(noon, 60) });
    world.clock.advance(59.999);
    expect((await approve(bob)).status).toBe("approved");
  });

  it("is refused on what was cancelled", async () => {
    await pending({ status: "cancelled" });
    await expect(approve(bob)).rejects.toEqual(
      wrongState("A request that is cancelled cannot be decided on."),
    );
  });
});
