import { beforeEach, describe, expect, it } from "vitest";
import {
  anAccess,
  aRequest,
  assignmentOf,
  aWorld,
  endAccess,
  grantAccess,
  requestId,
  type World,
  withEveryFault,
} from "../testing/index.ts";
import { deescalate } from "./deescalate.ts";
import { reconcileLeases } from "./reconcile-leases.ts";

const [first, second] = [requestId(1), requestId(2)];
const assignment = assignmentOf(anAccess());

let world: World;
beforeEach(() => {
  world = aWorld();
});

const run = () => reconcileLeases(world.ports, world.deadline());
const stuck = () =>
  world.publisher.published.filter(({ message }) => message.event === "access.stuck");
/** Alice had the access and has it no more. */
const ended = async (): Promise<void> => {
  await world.store({ requests: [aRequest()] });
  await grantAccess(world, first);
  await endAccess(world, first);
};

describe("the look after a quarter of an hour", () => {
  beforeEach(ended);

  it("finds nothing, usually: then the lease is finished with", async () => {
    const { changes } = world.service;
    const before = changes.length;
    world.clock.advance(900);
    expect(await run()).toMatchObject({ leases: 1, failures: 0 });
    expect(await world.leases.listOpen()).toEqual({ items: [] });
    expect(stuck()).toEqual([]);
    expect(changes).toHaveLength(before);
  });

  it("is not taken before, and the lease stays in view until then", async () => {
    world.clock.advance(890);
    world.service.give(assignment);
    expect(await run()).toMatchObject({ leases: 1 });
    expect(stuck()).toEqual([]);
    expect((await world.leases.listOpen()).items).toEqual([world.lease().key]);
  });

  it("reports access that nobody holds as critical, and never removes it", async () => {
    await world.service.create(assignment);
    world.clock.advance(900);
    await run();
    expect(stuck()).toMatchObject([
      {
        topic: "errors",
        severity: "critical",
        message: {
          request: { id: first, status: "ended" },
          text: "alice@acme.example has ReadOnly on prod again, and nobody is to. Somebody must look: Curfew does not take away what it did not give. (it was found again after it had been verified gone)",
        },
      },
    ]);
    expect(world.service.has(assignment)).toBe(true);
    expect(world.service.changes.at(-1)?.kind).toBe("create");
    expect(world.request().status).toBe("ended");
  });

  it("reports once, and does not come back", async () => {
    await world.service.create(assignment);
    world.clock.advance(900);
    await run();
    expect(await run()).toMatchObject({ leases: 0 });
    expect(stuck()).toHaveLength(1);
  });

  it("is not taken while somebody holds the access again, but after that", async () => {
    await world.requests.put(aRequest({ id: second }), undefined);
    world.clock.advance(200);
    await grantAccess(world, second);
    world.clock.advance(900);
    await run();
    expect(stuck()).toEqual([]);
    await endAccess(world, second);
    await world.service.create(assignment);
    world.clock.advance(900);
    await run();
    expect(stuck()).toMatchObject([{ message: { request: { id: second } } }]);
  });

  it("is still taken where what came back was taken for standing access meanwhile", async () => {
    await world.requests.put(aRequest({ id: second }), undefined);
    world.clock.advance(200);
    await world.service.create(assignment);
    world.clock.advance(10);
    await grantAccess(world, second);
    await endAccess(world, second);
    expect(world.service.has(assignment)).toBe(true);
    world.clock.advance(900);
    await run();
    expect(stuck()).toMatchObject([{ message: { request: { id: second } } }]);
    expect(await run()).toMatchObject({ leases: 0 });
  });

  it("is still taken where the lease was only claimed meanwhile", async () => {
    await world.requests.put(aRequest({ id: second }), undefined);
    const error = new Error("No such role");
    const { ports } = world.invocation(({ name }) =>
      name === "service.list" ? { when: "before", error } : undefined,
    );
    await expect(grantAccess({ ...world, ports }, second)).rejects.toThrow(error);
    await deescalate(world.ports, second, world.deadline());
    expect(world.lease()).toMatchObject({ state: "closed", opener: second });
    await world.service.create(assignment);
    world.clock.advance(900);
    await run();
    expect(stuck()).toHaveLength(1);
  });

  it("is not taken while somebody is opening the lease", async () => {
    const stored = await world.leases.get(world.lease().key);
    world.clock.advance(900);
    const lock = { owner: "somebody", until: world.clock.at(30) };
    await world.leases.put({ ...world.lease(), lock }, stored);
    await world.service.create(assignment);
    await run();
    expect(stuck()).toEqual([]);
    world.clock.advance(30);
    await run();
    expect(stuck()).toHaveLength(1);
  });

  it("that cannot be taken is taken by the next run, and keeps nobody else from theirs", async () => {
    world.clock.advance(900);
    const error = new Error("No such role");
    const { ports } = world.invocation(({ name }) =>
      name === "service.list" ? { when: "before", error } : undefined,
    );
    expect(await reconcileLeases(ports, world.deadline())).toMatchObject({
      leases: 1,
      failures: 1,
    });
    expect(await run()).toMatchObject({ leases: 1, failures: 0 });
    expect(await run()).toMatchObject({ leases: 0 });
  });
});

describe("a look that fails at any call", () => {
  it("is made up for by the next run, and reports once", async () => {
    await withEveryFault(async (hook) => {
      world = aWorld();
      await ended();
      await world.service.create(assignment);
      world.clock.advance(900);
      const { ports, faults } = world.invocation(hook);
      await reconcileLeases(ports, world.deadline()).catch(() => undefined);
      world.clock.advance(91);
      await run();
      const reported = world.request().history.filter(({ event }) => event === "access.stuck");
      expect(reported).toHaveLength(1);
      expect(await world.leases.listOpen()).toEqual({ items: [] });
      expect(world.service.has(assignment)).toBe(true);
      return faults;
    });
  });
});

describe("no look is needed", () => {
  it("for access that was standing: it is there, and is to be", async () => {
    world.service.give(assignment);
    await ended();
    expect(await world.leases.listOpen()).toEqual({ items: [] });
  });
});
