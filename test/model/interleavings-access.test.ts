import { armRevocation, deescalate, escalate, type Ports, type RequestId } from "@curfew/core";
import {
  alice,
  endAccess,
  type FaultHook,
  faultOf,
  heldAt,
  heldAtEveryCall,
  noFaults,
  outcome,
  requestId,
  untilDone,
} from "@curfew/core/testing";
import { describe, expect, it } from "vitest";
import { accounts, permissionSets } from "./config.ts";
import {
  aShippedRequest,
  aShippedWorld,
  assignment,
  giveStanding,
  kinds,
  operations,
  type ShippedWorld,
} from "./shipped-world.ts";

/** What the calls of an assignment name. */
const described = {
  TargetId: accounts.prod,
  PermissionSetArn: permissionSets.readonly,
  PrincipalId: alice.id,
};
const gaveUp = { name: "GrantRefused", message: "It gave up." };
const [first, second] = [requestId(1), requestId(2)];

/** Two requests of Alice's for the same thing, both approved and armed; the second is for four hours. */
const twoRequests = async (): Promise<ShippedWorld> => {
  const world = aShippedWorld();
  await world.store({
    requests: [aShippedRequest(), aShippedRequest({ id: second, duration: 14_400 })],
  });
  await armRevocation(world.ports, first);
  await armRevocation(world.ports, second);
  return world;
};

/** An invocation's ports; Lambda ends it after 60 seconds. */
const portsOf = (world: ShippedWorld, hook: FaultHook): Ports => {
  const { deadline } = world.deadline();
  return world.invocation(async (call) => {
    const fault = await hook(call);
    return world.clock.now() >= deadline ? { when: "before" } : fault;
  }).ports;
};
const escalating = (
  world: ShippedWorld,
  id: RequestId,
  hook: FaultHook = noFaults,
): Promise<unknown> => escalate(portsOf(world, hook), world.config, id, world.deadline());
const deescalating = (
  world: ShippedWorld,
  id: RequestId,
  hook: FaultHook = noFaults,
): Promise<unknown> => deescalate(portsOf(world, hook), id, world.deadline());
const ending = (world: ShippedWorld, id: RequestId, hook: FaultHook): Promise<unknown> =>
  endAccess({ ...world, ports: portsOf(world, hook) }, id);

/** Nothing of ours is left, and nothing comes up later. */
const nothingIsLeft = (world: ShippedWorld): void => {
  world.clock.advance(600);
  expect(world.access.has(assignment)).toBe(false);
  expect(world.lease()).toMatchObject({ state: "closed", holders: [], pending: [] });
};

/** The second has the access until its own end, and not a moment longer. */
const secondHasIt = async (world: ShippedWorld): Promise<void> => {
  expect(world.request(second).status).toBe("active");
  expect(world.lease()).toMatchObject({ state: "open", standing: false, holders: [second] });
  expect(world.access.has(assignment)).toBe(true);
  await endAccess(world, second);
  nothingIsLeft(world);
};

describe("the interleavings of giving and taking away", () => {
  it("opener inspects, releaser deletes, opener claims: what is ours is never taken for standing", async () => {
    const points = await heldAtEveryCall(async (hold) => {
      const world = await twoRequests();
      await escalating(world, first);
      // The opener comes in at every point of the release.
      await untilDone(world, () =>
        ending(
          world,
          first,
          hold(() => outcome(() => escalating(world, second))),
        ),
      );
      await untilDone(world, () => escalating(world, second));
      expect(world.request(first).status).toBe("ended");
      await secondHasIt(world);
    });
    expect(points).toBeGreaterThan(15);
  });

  it("opener inspects, releaser deletes, opener claims: at every point of the opener, while there is time", async () => {
    await heldAtEveryCall(async (hold) => {
      const world = await twoRequests();
      await escalating(world, first);
      const opener = hold(() => outcome(() => endAccess(world, first)));
      await untilDone(world, () => escalating(world, second, opener));
      await untilDone(world, () => escalating(world, second));
      await untilDone(world, () => deescalating(world, first));
      if (world.request(first).status === "active") await endAccess(world, first);
      await secondHasIt(world);
    });
  });

  it("two openers: one creates, both have it, and the later end ends it", async () => {
    await heldAtEveryCall(async (hold) => {
      const world = await twoRequests();
      const meanwhile = hold(() => outcome(() => escalating(world, second)));
      await untilDone(world, () => escalating(world, first, meanwhile));
      await untilDone(world, () => escalating(world, second));
      expect(kinds(world)).toEqual(["create"]);
      expect(world.lease().holders.toSorted()).toEqual([first, second]);
      world.clock.advance(3_600);
      await deescalating(world, first);
      expect(world.request(first).status).toBe("ended");
      await secondHasIt(world);
    });
  });

  it("two attempts of one Escalate: one creates, and there is one curfew", async () => {
    await heldAtEveryCall(async (hold) => {
      const world = await twoRequests();
      const meanwhile = hold(() => outcome(() => escalating(world, first)));
      await untilDone(world, () => escalating(world, first, meanwhile));
      expect(kinds(world)).toEqual(["create"]);
      const { history } = world.request(first);
      expect(history.filter(({ event }) => event === "access.granted")).toHaveLength(1);
      await endAccess(world, first);
      nothingIsLeft(world);
    });
  });

  it.each([
    [operations.list, "before"],
    [operations.list, "after"],
  ] as const)(
    "crash between claim and standing, at %s (%s): the next attempt finds out again",
    async (name, when) => {
      for (const standing of [true, false]) {
        const world = await twoRequests();
        if (standing) giveStanding(world);
        await outcome(() => escalating(world, first, faultOf(name, { when })));
        expect(world.lease().state).toBe("opening");
        world.clock.advance(120);
        await escalating(world, first);
        expect(world.lease()).toMatchObject({ state: "open", standing });
        await endAccess(world, first);
        expect(world.access.has(assignment)).toBe(standing);
        expect(kinds(world)).toEqual(standing ? [] : ["create", "delete"]);
      }
    },
  );

  it.each([
    ["between open and create", "before", []],
    ["after create", "after", ["create"]],
  ] as const)(
    "crash %s: ended or tried again, nothing is left and nothing is taken for standing",
    async (_, when, created) => {
      for (const again of [true, false]) {
        const world = await twoRequests();
        await outcome(() => escalating(world, first, faultOf(operations.create, { when })));
        expect(world.lease()).toMatchObject({
          state: "open",
          standing: false,
          pending: [],
          unanswered: [expect.any(String)],
        });
        expect(kinds(world)).toEqual(created);
        world.clock.advance(120);
        if (again) await escalating(world, first);
        await endAccess(world, first);
        expect(world.request(first).status).toBe("ended");
        nothingIsLeft(world);
      }
    },
  );

  it.each([
    [operations.delete, "before"],
    [operations.delete, "after"],
    [operations.deletionStatus, "before"],
    [operations.list, "after"],
  ] as const)(
    "crash between releasing and closed, at %s (%s): whoever comes next finishes it",
    async (name, when) => {
      const world = await twoRequests();
      await escalating(world, first);
      await outcome(() => ending(world, first, faultOf(name, { when })));
      expect(world.lease()).toMatchObject({ state: "releasing", holders: [] });
      expect(world.request(first).status).toBe("deescalating");
      world.clock.advance(120);
      // The next holder does not get it before that is finished, nor is what is left taken for standing.
      expect(await outcome(() => escalating(world, second))).toMatchObject({ name: "LeaseBusy" });
      await deescalating(world, first);
      expect(world.request(first).status).toBe("ended");
      expect(world.lease().state).toBe("closed");
      await untilDone(world, () => escalating(world, second));
      await secondHasIt(world);
    },
  );

  it("Escalate lands after StopExecution or a timeout, the release being done: it touches nothing", async () => {
    const points = await heldAtEveryCall(async (hold) => {
      const world = await twoRequests();
      const release = async (): Promise<void> => {
        await untilDone(world, () => endAccess(world, first));
      };
      await outcome(() => escalating(world, first, hold(release)));
      await untilDone(world, () => deescalating(world, first));
      if (world.request(first).status === "active") await endAccess(world, first);
      expect(["ended", "failed"]).toContain(world.request(first).status);
      world.clock.advance(600);
      expect(world.access.has(assignment)).toBe(false);
      for (const lease of world.leases.all()) expect(lease).toMatchObject({ state: "closed" });
    });
    expect(points).toBeGreaterThan(15);
  });

  it("a create is still IN_PROGRESS while absence is verified: it is waited out, although its id was lost", async () => {
    const world = await twoRequests();
    world.timing.operation = 100_000;
    await outcome(() => escalating(world, first, faultOf(operations.create, { when: "after" })));
    expect(world.lease().unanswered).toHaveLength(1);
    world.clock.advance(92);
    world.timing.operation = 1_000;
    // The access is not there yet: to look would say that all is well.
    expect(world.access.has(assignment)).toBe(false);
    await untilDone(world, () => endAccess(world, first));
    expect(kinds(world)).toEqual(["create", "delete"]);
    nothingIsLeft(world);
  });

  it("a late Delete after the next holder opened: the lock outlives whoever may still delete", async () => {
    const world = await twoRequests();
    await escalating(world, first);
    const { deadline } = world.deadline();
    const attempts: unknown[] = [];
    const lateDelete = heldAt(operations.delete, async () => {
      // Its packet is still under way when Lambda has ended the invocation.
      while (world.clock.now() < deadline + 28_000) {
        attempts.push(await outcome(() => escalating(world, second)));
        world.clock.advance(1);
      }
      await world.identityCenter.api.DeleteAccountAssignment(described);
    });
    await outcome(async () => {
      const { ports } = world.invocation(async (call) => {
        await lateDelete(call);
        return call.name === operations.delete ? { when: "before" } : undefined;
      });
      await endAccess({ ...world, ports, deadline: () => ({ deadline }) }, first);
    });
    expect(attempts.length).toBeGreaterThan(5);
    for (const attempt of attempts) expect(attempt).toMatchObject({ name: "LeaseBusy" });
    await untilDone(world, () => deescalating(world, first));
    await untilDone(world, () => escalating(world, second));
    await secondHasIt(world);
  });

  it("a late Delete is not even sent in the last ten seconds of an invocation", async () => {
    const world = await twoRequests();
    await escalating(world, first);
    const slow = heldAt("leases.put", async () => world.clock.advance(50));
    expect(await outcome(() => ending(world, first, slow))).toMatchObject({
      name: "StillProvisioning",
    });
    expect(kinds(world)).toEqual(["create"]);
  });

  it("the first holder fails while the second holds: the second keeps the access", async () => {
    await heldAtEveryCall(async (hold) => {
      const world = await twoRequests();
      await escalating(world, first);
      // The first one's execution gives up at every point of the second's escalation.
      const fails = hold(() =>
        outcome(() => deescalate(world.ports, first, world.deadline(), gaveUp)),
      );
      await untilDone(world, () => escalating(world, second, fails));
      await endAccess(world, first);
      expect(kinds(world)).toEqual(["create"]);
      await secondHasIt(world);
    });
  });

  it("the first holder fails while the second holds: also when the first never became active", async () => {
    const world = await twoRequests();
    world.identityCenter.failCreations(1);
    const failed = await outcome(() => escalating(world, first));
    expect(failed).toMatchObject({ name: "EscalationFailed" });
    await escalating(world, second);
    await deescalate(world.ports, first, world.deadline(), gaveUp);
    expect(world.request(first)).toMatchObject({
      status: "failed",
      errors: ["GrantRefused: It gave up."],
    });
    expect(kinds(world)).toEqual(["create", "create"]);
    await secondHasIt(world);
  });
});
