import { beforeEach, describe, expect, it } from "vitest";
import { requestEnd } from "../request/lifecycle.ts";
import { actorOf } from "../request/person.ts";
import type { Request } from "../request/request.ts";
import {
  anAccess,
  aRequest,
  assignmentOf,
  aWorld,
  bob,
  grantAccess,
  noon,
  requestId,
  type World,
} from "../testing/index.ts";
import { addSeconds } from "../time.ts";
import { armRevocation } from "./arm-revocation.ts";
import { deescalate } from "./deescalate.ts";
import { reconcileRequests } from "./reconcile-requests.ts";
import { updateRequest } from "./update.ts";
import { workflowStart } from "./wake.ts";

const [first, second] = [requestId(1), requestId(2)];
const assignment = assignmentOf(anAccess());
const waiting = { state: "Wait for expiry", token: "token", enteredAt: noon };

let world: World;
beforeEach(() => {
  world = aWorld();
});

const run = (from = world) => reconcileRequests(from.ports, from.deadline());
const started = () =>
  world.workflow.started.map(({ request, k, enter }) => `${request}.${k} ${enter}`);
const events = (): string[] => world.publisher.published.map(({ message }) => message.event);

describe("reconciling requests", () => {
  it("starts what was never started, and follows what died", async () => {
    const requests = [aRequest(), aRequest({ id: second, status: "active" })];
    await world.store({ requests });
    await world.ports.workflow.start(workflowStart(aRequest({ id: second }), 0));
    world.workflow.end(second, 0);
    world.workflow.started.length = 0;
    expect(await run()).toEqual({ requests: 2, failures: 0, overdue: 0, complete: true });
    expect(started().sort()).toEqual([`${first}.0 escalation`, `${second}.1 deescalation`]);
  });

  it("leaves alone what runs and has time", async () => {
    await world.store({ requests: [aRequest({ status: "active", waiting })] });
    await world.ports.workflow.start(workflowStart(aRequest(), 0));
    const before = world.request();
    await run();
    expect(world.request()).toEqual(before);
    expect(world.workflow.signals).toEqual([]);
  });

  it("goes on after any number of executions that died", async () => {
    await world.store({ requests: [aRequest({ status: "active", execution: 41 })] });
    await world.ports.workflow.start({ ...workflowStart(aRequest(), 0), k: 41 });
    world.workflow.end(first, 41);
    await run();
    expect(world.request().execution).toBe(42);
  });

  it("wakes what is past its end", async () => {
    await world.store({ requests: [aRequest({ status: "active", waiting })] });
    await world.ports.workflow.start(workflowStart(aRequest(), 0));
    world.clock.advance(3_600);
    await run();
    expect(world.workflow.signals).toEqual([{ token: "token", seconds: 1 }]);
  });

  describe("an execution that a revoke cannot wake", () => {
    const revoked = { reason: "revoked" as const, by: actorOf(bob), at: noon };
    const unreachable = aRequest({ status: "active", waiting, endRequested: revoked });
    const begin = async (request = unreachable): Promise<void> => {
      await world.store({ requests: [request] });
      await world.ports.workflow.start(workflowStart(aRequest(), 0));
      world.workflow.started.length = 0;
    };
    const runLater = async (seconds: number): Promise<void> => {
      world.clock.advance(seconds);
      await run();
    };

    it("is followed by the next one, which enters at the deescalation", async () => {
      await begin();
      await runLater(30);
      expect(started()).toEqual([`${first}.1 deescalation`]);
    });

    it.each([{ expiresAt: undefined, scheduled: false }, { waiting: undefined }])(
      "is followed whatever else is there: %j",
      async (given) => {
        await begin(aRequest({ ...unreachable, ...given } as Partial<Request>));
        await runLater(30);
        expect(started()).toEqual([`${first}.1 deescalation`]);
      },
    );

    it("is followed once, however long the next one takes", async () => {
      await begin();
      for (let time = 1; time <= 5; time += 1) await runLater(300);
      expect(started()).toEqual([`${first}.1 deescalation`]);
      world.workflow.end(first, 1);
      await run();
      expect(started().at(-1)).toBe(`${first}.2 deescalation`);
      await runLater(300);
      expect(started()).toHaveLength(2);
    });

    it("is followed although a copy of it has begun the deescalation and was stopped", async () => {
      await world.store({ requests: [unreachable] });
      await begun(`copy-of-${first}.0`);
      await world.ports.workflow.start(workflowStart(aRequest(), 0));
      expect(world.request().status).toBe("deescalating");
      world.workflow.started.length = 0;
      await runLater(30);
      expect(started()).toEqual([`${first}.1 deescalation`]);
    });

    /** An execution begins the deescalation, and its invocation dies. */
    const begun = async (execution: string): Promise<void> => {
      const { ports } = world.invocation(({ name }) =>
        name.startsWith("leases.") ? { when: "before" } : undefined,
      );
      const work = deescalate(ports, first, world.deadline(), undefined, execution);
      await expect(work).rejects.toThrow();
    };

    it.each([
      ["it reacts to the signal", async () => void world.workflow.awaitToken("token")],
      ["it has begun the deescalation", () => begun(`${first}.0`)],
    ])("is left alone when %s", async (_, react) => {
      await begin();
      await react();
      await runLater(30);
      expect(started()).toEqual([]);
    });

    it("is left alone when it begins the deescalation at that moment", async () => {
      await begin();
      world.clock.advance(60);
      const { ports } = world.invocation(async ({ name }) => {
        if (name === "workflow.status") await begun(`${first}.0`);
        return undefined;
      });
      await run({ ...world, ports });
      expect(started()).toEqual([]);
    });

    it("is given time to react", async () => {
      await begin();
      await runLater(29);
      expect(started()).toEqual([]);
    });

    it("is left alone while it has time, or gives the access", async () => {
      await begin(aRequest({ status: "active", waiting }));
      await runLater(3_590);
      expect(started()).toEqual([]);
      world = aWorld();
      await begin(aRequest({ status: "escalating", waiting, endRequested: revoked }));
      await runLater(300);
      expect(started()).toEqual([]);
    });

    it("ends the access beside it without harm, and it finds the request over", async () => {
      await world.store({ requests: [aRequest()] });
      await world.ports.workflow.start(workflowStart(aRequest(), 0));
      await grantAccess(world, first);
      await updateRequest(world.ports, first, requestEnd({ ...revoked, at: world.clock.at() }));
      await runLater(30);
      const end = (k: number) =>
        deescalate(world.ports, first, world.deadline(), undefined, `${first}.${k}`);
      const settled = await Promise.allSettled([end(0), end(1)]);
      expect(settled.map(({ status }) => status).sort()).toContain("fulfilled");
      for (const k of [0, 1]) await end(k);
      expect(world.request()).toMatchObject({ status: "ended", endReason: "revoked" });
      expect(world.service.has(assignment)).toBe(false);
      expect(world.service.changes.map(({ kind }) => kind)).toEqual(["create", "delete"]);
    });
  });

  it("wakes what was approved and whose signal was lost", async () => {
    await world.store({ requests: [aRequest({ waiting })] });
    await world.ports.workflow.start(workflowStart(aRequest(), 0));
    await run();
    expect(world.workflow.signals).toHaveLength(1);
  });

  it("lapses what nobody decided in time, and tells", async () => {
    await world.store({ requests: [aRequest({ status: "pending_approval", waiting })] });
    await world.ports.workflow.start(workflowStart(aRequest(), 0));
    world.clock.advance(86_399);
    await run();
    expect(world.request().status).toBe("pending_approval");
    world.clock.advance(1);
    await run();
    expect(world.request().status).toBe("lapsed");
    expect(events()).toEqual(["request.lapsed"]);
  });

  it("tells of a lapse once, although the workflow is woken by it and tells, too", async () => {
    await world.store({ requests: [aRequest({ status: "pending_approval", waiting })] });
    world.clock.advance(86_400);
    const woken: Promise<unknown>[] = [];
    const { ports } = world.invocation(async ({ name }) => {
      if (name === "workflow.signal") woken.push(armRevocation(ports, first).catch(() => {}));
      if (name === "publisher.publish") await new Promise(setImmediate);
      return undefined;
    });
    await run({ ...world, ports });
    await Promise.all(woken);
    expect(events()).toEqual(["request.lapsed"]);
  });

  it("lets the workflow of what has lapsed go, so that it does not wait on", async () => {
    await world.store({ requests: [aRequest({ status: "pending_approval", waiting })] });
    world.clock.advance(86_400);
    await run();
    expect(world.workflow.signals).toHaveLength(1);
    expect(world.workflow.started).toEqual([]);
  });

  it("sets a schedule again that is not there, for the end that is stored", async () => {
    const requests = [
      aRequest({ status: "active" }),
      aRequest({ id: second, status: "active", schedules: { reserved: 5, current: 4 } }),
    ];
    await world.store({ requests });
    await run();
    await run();
    expect(Object.fromEntries(world.schedules.armed)).toEqual({
      [`${first}.1`]: addSeconds(noon, 3_540),
      [`${second}.4`]: addSeconds(noon, 3_540),
    });
  });

  it("sets no schedule in the last minutes: the one that there was has fired", async () => {
    await world.store({ requests: [aRequest({ status: "active" })] });
    world.clock.advance(3_481);
    await run();
    expect(world.schedules.armed.size).toBe(0);
  });

  it("measures how many are open although their end passed minutes ago", async () => {
    const endRequested = { reason: "revoked" as const, by: actorOf(bob), at: noon };
    const requests = [
      aRequest({ status: "active" }),
      aRequest({ id: second, status: "escalating", endRequested }),
      aRequest({ id: requestId(3), status: "pending_approval" }),
    ];
    await world.store({ requests });
    world.clock.advance(119);
    expect(await run()).toMatchObject({ overdue: 0 });
    world.clock.advance(1);
    expect(await run()).toMatchObject({ overdue: 1 });
    world.clock.advance(3_600);
    await run();
    expect(world.metrics.recorded).toEqual([
      ["OpenPastExpiry", 0],
      ["OpenPastExpiry", 1],
      ["OpenPastExpiry", 2],
    ]);
  });

  it.each(["workflow.status", "workflow.signal", "requests.put", "requests.get"])(
    "measures them although nothing can be done about them: %s fails",
    async (broken) => {
      await world.store({ requests: [aRequest({ status: "active", waiting })] });
      world.clock.advance(3_600 + 300);
      const error = new Error("AccessDeniedException");
      const { ports } = world.invocation(({ name }) =>
        name === broken ? { when: "before", error } : undefined,
      );
      await run({ ...world, ports });
      expect(world.metrics.recorded).toEqual([["OpenPastExpiry", 1]]);
    },
  );

  it("replaces a dead execution although the one before cannot be told anything", async () => {
    await world.store({ requests: [aRequest({ status: "active", waiting })] });
    world.clock.advance(3_600);
    const error = new Error("AccessDeniedException");
    const { ports } = world.invocation(({ name }) =>
      name === "workflow.signal" ? { when: "before", error } : undefined,
    );
    await run({ ...world, ports });
    expect(started()).toEqual([`${first}.0 deescalation`]);
  });

  it("publishes what was not, in order, and then does not come back to it", async () => {
    await world.store({ requests: [aRequest({ status: "ended", published: 0 })] });
    expect(await run()).toMatchObject({ requests: 1 });
    expect(events()).toEqual(["request.created"]);
    expect(await run()).toMatchObject({ requests: 0 });
  });

  it.each(["active", "deescalating"] as const)(
    "reports what is late even where nothing runs that could: %s",
    async (status) => {
      await world.store({ requests: [aRequest({ status })] });
      const error = new Error("The service is down.");
      const { ports } = world.invocation(({ name }) =>
        name.startsWith("workflow") ? { when: "before", error } : undefined,
      );
      world.clock.advance(3_600 + 299);
      await run({ ...world, ports });
      expect(events()).toEqual([]);
      world.clock.advance(1);
      await run({ ...world, ports });
      await run({ ...world, ports });
      expect(events()).toEqual(["access.late"]);
      expect(world.publisher.published[0]?.message.details).toEqual([
        "Error: The service is down.",
      ]);
    },
  );

  it("tells why the last attempt failed when it reports that access is late", async () => {
    const lastFailure = { error: "Denied: No.", detail: "Denied: arn", at: noon };
    await world.store({ requests: [aRequest({ status: "deescalating", lastFailure })] });
    world.clock.advance(3_600 + 300);
    await run();
    expect(world.publisher.published[0]?.message).toMatchObject({
      event: "access.late",
      errors: [lastFailure.error],
      details: [lastFailure.detail],
    });
  });

  it("notes no failure of what is not to end yet", async () => {
    await world.store({ requests: [aRequest()] });
    const error = new Error("The service is down.");
    const { ports } = world.invocation(({ name }) =>
      name.startsWith("workflow") ? { when: "before", error } : undefined,
    );
    await run({ ...world, ports });
    expect(world.request()).not.toHaveProperty("lastFailure");
  });
});

describe("what cannot be reconciled", () => {
  it("is counted and logged, and keeps nobody else from it", async () => {
    const requests = [1, 2, 3, 4, 5, 6, 7].map((n) => aRequest({ id: requestId(n) }));
    await world.store({ requests });
    const error = new Error("Throttled");
    let calls = 0;
    const { ports } = world.invocation(({ name }) => {
      if (name !== "workflow.status") return undefined;
      calls += 1;
      return calls === 2 ? { when: "before", error } : undefined;
    });
    expect(await run({ ...world, ports })).toMatchObject({ requests: 7, failures: 1 });
    expect(world.workflow.started).toHaveLength(6);
    expect(world.log.entries.filter(({ level }) => level === "error")).toMatchObject([
      { fields: { requestId: requestId(2), error } },
    ]);
  });
});
