import { beforeEach, describe, expect, it } from "vitest";
import type { DocumentKind } from "../ports/documents.ts";
import { requestKind } from "../ports/kinds.ts";
import type { Request } from "../request/request.ts";
import {
  aLease,
  anAccess,
  aRequest,
  aWorld,
  fakeKey,
  memoryDocuments,
  memoryPageSize,
  requestId,
  type World,
} from "../testing/index.ts";
import { addSeconds } from "../time.ts";
import { reconcileLeases } from "./reconcile-leases.ts";
import { reconcileRequests } from "./reconcile-requests.ts";
import { workflowStart } from "./wake.ts";

let world: World;
beforeEach(() => {
  world = aWorld();
});

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
/** They are open, and none of them is due. */
const requests = (from: number, to: number) =>
  numbers(from, to).map((n) => aRequest({ id: requestId(n), status: "pending_approval" }));

/** A run of 300 seconds over the requests in which starting an execution takes as long as given. */
const runAtPace = (seconds: number) => {
  const { ports } = world.invocation(({ name }) => {
    if (name === "workflow.start") world.clock.advance(seconds);
    return undefined;
  });
  return reconcileRequests(ports, { deadline: world.clock.now() + 300_000 });
};
/** A run of 300 seconds over the leases in which inspecting a person's access takes as long as given. */
const runOverLeasesAtPace = (seconds: number) => {
  const { ports } = world.invocation(({ name }) => {
    if (name === "service.list") world.clock.advance(seconds);
    return undefined;
  });
  return reconcileLeases(ports, { deadline: world.clock.now() + 300_000 });
};
/** Leases of so many people that are being released. */
const leftOver = (count: number) =>
  numbers(1, count).map((n) => {
    const access = anAccess({ person: { id: `user-${n}`, email: `${n}acme.example` } });
    return aLease({ key: fakeKey(access), access, state: "releasing" });
  });
const started = () => world.workflow.started.map(({ request }) => Number(request.slice(-3)));

describe("a run that has too little time for everything", () => {
  it("stops well before its deadline, and the next one goes on where it stopped", async () => {
    const total = 3 * memoryPageSize;
    await world.store({ requests: requests(1, total) });
    const begun = world.clock.now();
    expect(await runAtPace(60)).toMatchObject({ requests: 4, complete: false });
    expect(world.clock.now() - begun).toBeLessThanOrEqual(240_000);
    expect(await runAtPace(60)).toMatchObject({ requests: 4, complete: false });
    expect(await runAtPace(60)).toMatchObject({ requests: 1, complete: true });
    expect(started()).toEqual(numbers(1, total));
  });

  it("gives each its turn although what is before it fails every time", async () => {
    await world.store({ requests: requests(1, 8) });
    const seen = new Set<number>();
    for (let run = 1; run <= 5; run += 1) {
      const { ports } = world.invocation(({ name }) => {
        if (name !== "workflow.status") return undefined;
        world.clock.advance(120);
        return { when: "before", error: new Error("Throttled") };
      });
      await reconcileRequests(ports, { deadline: world.clock.now() + 300_000 });
    }
    for (const { fields } of world.log.entries)
      seen.add(Number(String(fields.requestId).slice(-3)));
    expect([...seen]).toEqual(numbers(1, 8));
  });

  it("begins at the front again once it has come to the end", async () => {
    await world.store({ requests: requests(1, 5) });
    await runAtPace(120);
    await runAtPace(120);
    expect(await runAtPace(120)).toMatchObject({ requests: 1, complete: true });
    expect(await runAtPace(0)).toMatchObject({ requests: 5, complete: true });
    expect(world.walks.all()).toMatchObject([{ id: "requests", done: [], overdue: 0 }]);
  });

  it("over leases stops well before its deadline, too, and the next one goes on", async () => {
    const leases = leftOver(2 * memoryPageSize);
    await world.store({ requests: [aRequest({ status: "ended" })], leases });
    const begun = world.clock.now();
    expect(await runOverLeasesAtPace(60)).toEqual({ leases: 4, failures: 0, complete: false });
    expect(world.clock.now() - begun).toBeLessThanOrEqual(240_000);
    expect(await runOverLeasesAtPace(60)).toMatchObject({ failures: 0, complete: true });
    for (const { state } of world.leases.all()) expect(state).toBe("closed");
  });

  it("goes on counting what is past its end", async () => {
    const overdue = numbers(1, 5).map((n) => aRequest({ id: requestId(n), status: "active" }));
    await world.store({ requests: overdue });
    world.clock.advance(7_200);
    const counts: number[] = [];
    for (let run = 1; run <= 3; run += 1) counts.push((await runAtPace(150)).overdue);
    expect(counts).toEqual([2, 4, 5]);
  });

  it("keeps its place after each page, should it be ended by force", async () => {
    await world.store({ requests: requests(1, 2 * memoryPageSize) });
    let starts = 0;
    const { ports } = world.invocation(({ name }) => {
      if (name === "workflow.start") starts += 1;
      return name === "workflow.start" && starts > memoryPageSize ? { when: "before" } : undefined;
    });
    await reconcileRequests(ports, world.deadline()).catch(() => undefined);
    expect(started()).toEqual(numbers(1, memoryPageSize));
    world.workflow.started.length = 0;
    await runAtPace(0);
    expect(started()).toEqual(numbers(memoryPageSize + 1, 2 * memoryPageSize));
  });

  it.each(["requests.listOpen", "walks.get"])(
    "begins at the front where its place is not to be found any more: %s fails",
    async (broken) => {
      await world.store({ requests: requests(1, 2 * memoryPageSize) });
      await runAtPace(60);
      let calls = 0;
      const { ports } = world.invocation(({ name }) => {
        // The first call is that of the walk over what is due.
        if (name !== broken || ++calls !== 2) return undefined;
        return { when: "before", error: new Error("The provided starting key is invalid") };
      });
      world.workflow.started.length = 0;
      expect(await reconcileRequests(ports, world.deadline())).toMatchObject({ requests: 6 });
    },
  );

  it("is not held up by another run beside it", async () => {
    await world.store({ requests: requests(1, 6) });
    await Promise.all([runAtPace(0), runAtPace(0)]);
    expect(started()).toEqual(numbers(1, 6));
    expect(await runAtPace(0)).toMatchObject({ complete: true });
  });
});

describe("what is due", () => {
  const open = 6_000;
  /** Step Functions allows some 15 looks at executions a second; a read of the table takes milliseconds. */
  const costs: Readonly<Record<string, number>> = {
    "workflow.status": 1 / 15,
    "requests.get": 0.005,
  };
  /** One run of 900 seconds at these costs; answers when each execution was started, in seconds from its begin. */
  const runAtCost = async (): Promise<Map<string, number>> => {
    const begun = world.clock.now();
    const startedAt = new Map<string, number>();
    const { ports } = world.invocation(({ name }) => {
      world.clock.advance(costs[name] ?? 0);
      return undefined;
    });
    const start = ports.workflow.start;
    const workflow = {
      ...ports.workflow,
      status: ports.workflow.status,
      signal: ports.workflow.signal,
      start: (input: Parameters<typeof start>[0]) => {
        startedAt.set(`${input.request}.${input.k}`, (world.clock.now() - begun) / 1_000);
        return start(input);
      },
    };
    await reconcileRequests({ ...ports, workflow }, { deadline: begun + 900_000 });
    return startedAt;
  };
  /** Active since noon, for an hour, and its execution is dead. */
  const due = aRequest({ id: requestId(open + 1), status: "active" });
  const loseItsExecution = async (): Promise<void> => {
    await world.ports.workflow.start(workflowStart(due, 0));
    world.workflow.end(due.id, 0);
    world.workflow.started.length = 0;
  };

  it("is seen to first by a run among 6,000 open requests, where the last one stopped among others", async () => {
    world = aWorld({ requests: memoryDocuments(requestKind, 100) });
    await world.store({ requests: requests(1, open) });
    for (let run = 1; run <= 2; run += 1) await runAtCost();
    await world.store({ requests: [due] });
    await loseItsExecution();
    world.clock.advance(3_600);
    expect((await runAtCost()).get(`${due.id}.1`)).toBeLessThan(1);
  });

  it("is reached within one run among 6,000 whose place in the index is that of an earlier version", async () => {
    const ofBefore: DocumentKind<Request> = {
      ...requestKind,
      openSince: (request) => request.expiresAt ?? request.createdAt,
    };
    world = aWorld({ requests: memoryDocuments(ofBefore, 100) });
    await world.store({ requests: [...requests(1, open), due] });
    await loseItsExecution();
    world.clock.advance(3_600);
    expect((await runAtCost()).get(`${due.id}.1`)).toBeLessThan(90);
  });

  it("takes turns where it is more than a run can see to, and leaves the others some time", async () => {
    world = aWorld({ requests: memoryDocuments(requestKind, 100) });
    const overdue = numbers(1, 3_000).map((n) =>
      aRequest({ id: requestId(n), status: "active", expiresAt: world.clock.at(1) }),
    );
    const pending = aRequest({ id: requestId(4_000), status: "pending_approval" });
    await world.store({ requests: [...overdue, pending] });
    world.clock.advance(60);
    const seen = new Set<string>();
    for (let run = 1; run <= 3; run += 1)
      for (const name of (await runAtCost()).keys()) seen.add(name.split(".")[0] ?? "");
    expect(seen.size).toBe(3_001);
  });
});

describe("what a run costs", () => {
  const readsWith = async (closed: number): Promise<Record<string, number>> => {
    world = aWorld();
    const open = [...requests(1, 4), aRequest({ id: requestId(5), status: "active" })];
    const past = numbers(6, 5 + closed).map((n) => aRequest({ id: requestId(n), status: "ended" }));
    const person = (n: number) => ({ id: `user-${n}`, email: `${n}acme.example` });
    const closedLeases = numbers(1, closed).map((n) => {
      const access = anAccess({ person: person(n) });
      return aLease({ key: fakeKey(access), access, state: "closed" });
    });
    await world.store({ requests: [...past, ...open], leases: [aLease(), ...closedLeases] });
    for (const { id } of open)
      await world.ports.workflow.start({
        request: id,
        k: 0,
        version: 1,
        enter: "escalation",
        seconds: 1,
        startAt: addSeconds(world.clock.at(), 0),
        strategy: "fake",
      });
    const reads: Record<string, number> = {};
    const { ports } = world.invocation(({ name }) => {
      if (/\.(get|list\w*)$/.test(name)) reads[name] = (reads[name] ?? 0) + 1;
      return undefined;
    });
    expect(await reconcileRequests(ports, world.deadline())).toMatchObject({ requests: 5 });
    expect(await reconcileLeases(ports, world.deadline())).toMatchObject({ leases: 1 });
    return reads;
  };

  it("grows with what is open, not with what has been", async () => {
    const few = await readsWith(10);
    // `CURFEW_HISTORY=100000` tries as many, which takes a while to store.
    expect(await readsWith(Number(process.env.CURFEW_HISTORY ?? 1_000))).toEqual(few);
    // Two pages of what is open, and the empty one of what is due.
    expect(few["requests.listOpen"]).toBe(3);
    expect(few["requests.get"]).toBeLessThan(5 * 6);
  });
});
