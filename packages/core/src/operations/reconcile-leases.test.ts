import { beforeEach, describe, expect, it } from "vitest";
import {
  aLease,
  anAccess,
  aRequest,
  assignmentOf,
  aWorld,
  grantAccess,
  noon,
  requestId,
  type World,
} from "../testing/index.ts";
import { addSeconds } from "../time.ts";
import { reconcileLeases } from "./reconcile-leases.ts";

const [first, second] = [requestId(1), requestId(2)];
const assignment = assignmentOf(anAccess());

let world: World;
beforeEach(() => {
  world = aWorld();
});

const run = (from = world) => reconcileLeases(from.ports, from.deadline());

describe("reconciling leases", () => {
  it.each(["open", "releasing"] as const)(
    "takes away what is %s although everybody who held it is over",
    async (state) => {
      await world.service.create(assignment);
      world.clock.advance(2);
      const leases = [aLease({ state, holders: state === "open" ? [first] : [] })];
      await world.store({ requests: [aRequest({ status: "failed" })], leases });
      expect(await run()).toMatchObject({ leases: 1, failures: 0 });
      expect(world.service.has(assignment)).toBe(false);
      expect(world.lease().state).toBe("closed");
      world.clock.advance(900);
      expect(await run()).toMatchObject({ leases: 1 });
      expect(await run()).toMatchObject({ leases: 0 });
    },
  );

  it("closes what was only claimed, and takes nothing away", async () => {
    world.service.give(assignment);
    const leases = [aLease({ state: "opening" })];
    await world.store({ requests: [aRequest({ status: "failed" })], leases });
    await run();
    expect(world.lease().state).toBe("closed");
    expect(world.service.changes).toEqual([]);
  });

  it("never takes standing access away", async () => {
    world.service.give(assignment);
    const leases = [aLease({ standing: true })];
    await world.store({ requests: [aRequest({ status: "ended" })], leases });
    await run();
    expect(world.lease().state).toBe("closed");
    expect(world.service.changes).toEqual([]);
  });

  it("leaves alone what somebody holds who is not over", async () => {
    await world.store({ requests: [aRequest(), aRequest({ id: second, status: "failed" })] });
    await grantAccess(world, first);
    const stored = await world.leases.get(world.lease().key);
    await world.leases.put({ ...world.lease(), holders: [second, first] }, stored);
    const before = world.lease();
    await run();
    expect(world.lease()).toEqual(before);
    expect(world.service.has(assignment)).toBe(true);
  });

  it("leaves alone what somebody may be changing", async () => {
    const lock = { owner: "somebody", until: addSeconds(noon, 1) };
    const leases = [aLease({ state: "releasing", lock })];
    await world.store({ requests: [aRequest({ status: "ended" })], leases });
    await run();
    expect(world.lease().state).toBe("releasing");
    world.clock.advance(1);
    await run();
    expect(world.lease().state).toBe("closed");
  });

  it("does not let go for somebody who comes to hold it meanwhile", async () => {
    const requests = [aRequest({ status: "failed" }), aRequest({ id: second })];
    await world.service.create(assignment);
    world.clock.advance(2);
    await world.store({ requests, leases: [aLease()] });
    // Just after the reconciler has seen that the only holder is over.
    let joined = false;
    const { ports } = world.invocation(async ({ name }) => {
      if (name === "leases.put" && !joined) {
        joined = true;
        await grantAccess(world, second);
      }
      return undefined;
    });
    await run({ ...world, ports });
    expect(world.service.has(assignment)).toBe(true);
    expect(world.lease()).toMatchObject({ state: "open", holders: [second] });
  });
});

describe("a lease that cannot be reconciled", () => {
  it("is counted and measured, and the others are released", async () => {
    const people = ["alice", "bob"].map((name) => ({
      id: `user-${name}`,
      email: `${name}@acme.example`,
    }));
    const leases = people.map((person) => {
      const access = anAccess({ person });
      return aLease({ key: `fake#prod#readonly#${person.id}`, state: "releasing", access });
    });
    await world.store({ requests: [aRequest({ status: "ended" })], leases });
    world.service.failNext(1);
    expect(await run()).toEqual({ leases: 2, failures: 1, complete: true });
    expect(
      world.leases
        .all()
        .map(({ state }) => state)
        .sort(),
    ).toEqual(["closed", "releasing"]);
    expect(await run()).toMatchObject({ leases: 2, failures: 0 });
    for (const { state } of world.leases.all()) expect(state).toBe("closed");
    expect(world.metrics.recorded).toEqual([
      ["LeaseFailures", 1],
      ["LeaseFailures", 0],
    ]);
  });
});
