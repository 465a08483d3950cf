import { beforeEach, describe, expect, it } from "vitest";
import type { Ports } from "../ports/index.ts";
import type { StepAnswer } from "../ports/strategy.ts";
import { beginDeescalation } from "../request/lifecycle.ts";
import {
  aLease,
  anAccess,
  aRequest,
  assignmentOf,
  aWorld,
  endAccess,
  faultOf,
  grantAccess,
  noon,
  requestId,
  type World,
} from "../testing/index.ts";
import { addSeconds } from "../time.ts";
import { deescalate } from "./deescalate.ts";
import { releaseAccess } from "./release-access.ts";
import { updateRequest } from "./update.ts";

const [first, second] = [requestId(1), requestId(2)];
const access = anAccess();
const assignment = assignmentOf(access);
let world: World;
beforeEach(async () => {
  world = aWorld();
});

const changes = (): string[] => world.service.changes.map(({ kind }) => kind);
const events = (): string[] => world.publisher.published.map(({ message }) => message.event);
const failure = (name: string) => expect.objectContaining({ name });
const run = (cause?: { name: string; message: string }) =>
  deescalate(world.ports, first, world.deadline(), cause);

/** Ports whose strategy answers deescalations like this. */
const answering = (answer: StepAnswer): Ports => ({
  ...world.ports,
  strategy: (name) => ({ ...world.ports.strategy(name), deescalate: async () => answer }),
});

const revisionOf = async (id: typeof first) => {
  const stored = await world.requests.get(id);
  return [stored?.document, stored?.revision];
};

/** Writes that the deescalation has begun, as an attempt that died then has done. */
const beginToEnd = async (): Promise<void> => {
  world.clock.advance(3_600);
  await updateRequest(world.ports, first, beginDeescalation(world.clock.now()));
};

/** Grants as many requests of the same access as are given. */
const granted = async (...ids: (typeof first)[]): Promise<void> => {
  await world.store({ requests: ids.map((id) => aRequest({ id })) });
  for (const id of ids) await grantAccess(world, id);
};

describe("deescalating at the curfew", () => {
  it("takes away what was given, and ends the request once that is verified", async () => {
    await granted(first);
    world.clock.advance(3_600);
    expect(await run()).toEqual({ due: true, seconds: 1 });
    expect(world.service.has(assignment)).toBe(false);
    expect(await world.service.list(assignment)).toBe(false);
    expect(world.request()).toMatchObject({ status: "ended", endReason: "expired" });
    expect(world.lease()).toMatchObject({ state: "closed", holders: [], pending: [] });
    expect(world.lease().lock).toBeUndefined();
    expect(events()).toEqual([
      "access.escalating",
      "access.granted",
      "access.deescalating",
      "access.ended",
    ]);
  });

  it("does nothing a moment before, and says how long to wait", async () => {
    await granted(first);
    const before = world.request();
    world.clock.advance(3_599);
    expect(await run()).toEqual({ due: false, seconds: 61 });
    expect(world.request()).toEqual(before);
    expect(world.service.has(assignment)).toBe(true);
  });

  it("waits on for a revoke where there is no curfew", async () => {
    await world.store({ requests: [aRequest({ scheduled: false })] });
    await grantAccess(world, first);
    world.clock.advance(300 * 86_400);
    expect(await run()).toEqual({ due: false, seconds: 300 * 86_400 });
  });

  it("is over when it is repeated", async () => {
    await granted(first);
    await endAccess(world, first);
    const before = world.request();
    expect(await run()).toEqual({ due: true, seconds: 1 });
    expect(world.request()).toEqual(before);
    expect(changes()).toEqual(["create", "delete"]);
  });
});

describe("deescalating what is not ours alone", () => {
  it("never takes away what the person had before", async () => {
    world.service.give(assignment);
    await granted(first);
    await endAccess(world, first);
    expect(changes()).toEqual([]);
    expect(world.service.has(assignment)).toBe(true);
    expect(world.request()).toMatchObject({ status: "ended", endReason: "revoked" });
    expect(world.request().fate).toBe("standing");
    expect(world.publisher.published.at(-1)?.message.text).toContain(
      "Curfew had not given the access",
    );
  });

  it("leaves the access to whoever holds it still, and takes it from the last", async () => {
    await granted(first, second);
    await endAccess(world, first);
    expect(world.request(first).status).toBe("ended");
    expect(world.request(first).fate).toBe("shared");
    expect(world.publisher.published.at(-1)?.message.text).toContain("another request holds");
    expect(world.service.has(assignment)).toBe(true);
    await endAccess(world, second);
    expect(world.request(second).fate).toBe("removed");
    expect(world.service.has(assignment)).toBe(false);
  });

  it("tells a holder of standing access that it does not end with the request", async () => {
    world.service.give(assignment);
    await granted(first);
    const granting = world.publisher.published.find(
      ({ message }) => message.event === "access.granted",
    );
    expect(granting?.message.text).toContain("already, and not from Curfew");
  });

  it("says that the access is gone although the reconciler took it away, not this attempt", async () => {
    await granted(first);
    const error = new Error("Denied");
    const { ports } = world.invocation(faultOf("service.delete", { when: "before", error }));
    await expect(endAccess({ ...world, ports }, first)).rejects.toBe(error);
    world.clock.advance(60);
    await releaseAccess(world.ports, anAccess(), world.lease().key, [], world.deadline());
    expect(world.lease().state).toBe("closed");
    world.clock.advance(60);
    await run();
    expect(world.request().fate).toBe("removed");
  });

  it("keeps standing access standing over several holders", async () => {
    world.service.give(assignment);
    await granted(first, second);
    await endAccess(world, second);
    await endAccess(world, first);
    expect(changes()).toEqual([]);
  });

  it("goes on with a release that somebody else began and did not finish", async () => {
    const requests = [aRequest({ status: "deescalating" })];
    await world.service.create(assignment);
    world.clock.advance(2);
    await world.store({ requests, leases: [aLease({ state: "releasing" })] });
    await run();
    expect(world.service.has(assignment)).toBe(false);
    expect(world.lease().state).toBe("closed");
  });

  it("waits for whoever is changing the access, with the end written down already", async () => {
    await granted(first);
    const stored = await world.leases.get(world.lease().key);
    const lock = { owner: "somebody", until: world.clock.at(60) };
    await world.leases.put({ ...world.lease(), lock }, stored);
    await expect(endAccess(world, first)).rejects.toEqual(failure("LeaseBusy"));
    expect(world.request().status).toBe("deescalating");
    expect(world.service.has(assignment)).toBe(true);
  });

  it("changes nothing any more once its lock was taken by somebody else", async () => {
    await granted(first);
    const { ports } = world.invocation(async ({ name }) => {
      if (name !== "service.delete") return undefined;
      const stored = await world.leases.get(world.lease().key);
      const lock = { owner: "somebody", until: world.clock.at(60) };
      await world.leases.put({ ...world.lease(), pending: ["operation-1"], lock }, stored);
      return undefined;
    });
    await expect(endAccess({ ...world, ports }, first)).rejects.toEqual(failure("LeaseBusy"));
    expect(world.lease().lock?.owner).toBe("somebody");
    expect(world.request().status).toBe("deescalating");
  });
});

describe("deescalating what was never verified", () => {
  it("ends a request that had nothing", async () => {
    await world.store({ requests: [aRequest()] });
    await run({ name: "EscalationFailed", message: "No such account 222222222222" });
    expect(world.request()).toMatchObject({
      status: "failed",
      fate: "never-granted",
      errors: ["EscalationFailed: The service could not give the access."],
    });
    const { message } = world.publisher.published.at(-1) ?? {};
    expect(message?.text).toMatch(/failed\. Nothing had been granted\.\n• EscalationFailed: /);
    expect(message?.details).toEqual(["EscalationFailed: No such account 222222222222"]);
    expect(changes()).toEqual([]);
    expect(world.leases.all()).toEqual([]);
  });

  it("closes a lease that was only claimed, whatever is there: it cannot be ours", async () => {
    world.service.give(assignment);
    const requests = [aRequest({ status: "escalating" })];
    await world.store({ requests, leases: [aLease({ state: "opening" })] });
    await run();
    expect(changes()).toEqual([]);
    expect(world.lease().state).toBe("closed");
  });

  it("waits out a creation in flight, so that it does not come afterwards", async () => {
    world.service.timing.operation = 5_000;
    await world.service.create(assignment);
    const requests = [aRequest({ status: "escalating" })];
    await world.store({ requests, leases: [aLease({ pending: ["operation-1"] })] });
    await run();
    expect(changes()).toEqual(["create", "delete"]);
    world.clock.advance(3_600);
    expect(world.service.has(assignment)).toBe(false);
    expect(world.request().status).toBe("failed");
  });

  it("has nothing to do with a request that nobody has decided on", async () => {
    const pending = aRequest({ status: "pending_approval" });
    await world.store({ requests: [pending] });
    await run();
    expect(world.request()).toEqual(pending);
  });
});

describe("deescalating against a service in trouble", () => {
  it("goes on until the deletion succeeds, and does not end the request before", async () => {
    await granted(first);
    world.service.failNext(1);
    await expect(endAccess(world, first)).rejects.toEqual(failure("DeescalationFailed"));
    expect(world.request().status).toBe("deescalating");
    expect(world.lease().state).toBe("releasing");
    await run();
    expect(world.request().status).toBe("ended");
    expect(world.service.has(assignment)).toBe(false);
  });

  it("goes on when the deletion takes longer than an invocation", async () => {
    await granted(first);
    world.service.timing.operation = 30_000;
    await expect(endAccess(world, first)).rejects.toEqual(failure("StillProvisioning"));
    await expect(run()).rejects.toEqual(failure("ServiceUnavailable"));
    expect(world.request().status).toBe("deescalating");
    world.clock.advance(30);
    await run();
    expect(world.request().status).toBe("ended");
    expect(world.service.has(assignment)).toBe(false);
  });

  it("begins nothing in the last ten seconds of an invocation", async () => {
    await granted(first);
    const late = { deadline: world.clock.now() + 10_000 };
    await expect(endAccess({ ...world, deadline: () => late }, first)).rejects.toEqual(
      failure("StillProvisioning"),
    );
    expect(changes()).toEqual(["create"]);
  });

  it("reports that it is late, and then stuck, although it fails each time", async () => {
    await granted(first);
    const error = new Error("Suspended");
    const { ports } = world.invocation(faultOf("service.delete", { when: "before", error }));
    const faulty = { ...world, ports };
    await expect(endAccess(faulty, first)).rejects.toBe(error);
    for (const seconds of [300, 300, 3_000]) {
      world.clock.advance(seconds);
      await expect(deescalate(ports, first, world.deadline())).rejects.toBe(error);
    }
    expect(events().slice(-3)).toEqual(["access.deescalating", "access.late", "access.stuck"]);
    expect(world.publisher.published.at(-1)?.message).toMatchObject({
      errors: ["Error: An operation failed. Its message is kept for the operators."],
      details: ["Error: Suspended"],
    });
  });

  it("writes why it failed when that changes, and not at every attempt", async () => {
    await granted(first);
    const error = new Error("Suspended");
    const { ports } = world.invocation(faultOf("service.delete", { when: "before", error }));
    await expect(endAccess({ ...world, ports }, first)).rejects.toBe(error);
    const [, revision] = await revisionOf(first);
    for (let attempt = 0; attempt < 3; attempt += 1)
      await expect(deescalate(ports, first, world.deadline())).rejects.toBe(error);
    expect(await revisionOf(first)).toEqual([world.request(), revision]);
    expect(world.request().lastFailure).toMatchObject({ detail: "Error: Suspended" });
  });

  it("fails with the attempt's own error although that cannot be stored", async () => {
    await granted(first);
    await beginToEnd();
    const error = new Error("Suspended");
    const { ports } = world.invocation(({ name }) => {
      if (name === "service.delete") return { when: "before", error };
      return name === "requests.put" ? { when: "before", error: new Error("Table") } : undefined;
    });
    await expect(deescalate(ports, first, world.deadline())).rejects.toBe(error);
    const warnings = world.log.entries.filter(({ level }) => level === "warn");
    expect(warnings).toMatchObject([{ fields: { requestId: first, error: { message: "Table" } } }]);
  });

  it.each(["removed", "standing", "shared"] as const)(
    "reports no lateness once the attempt has ended the request: %s",
    async (fate) => {
      if (fate === "standing") world.service.give(assignment);
      await granted(first, ...(fate === "shared" ? [second] : []));
      world.clock.advance(4 * 3_600);
      await run();
      expect(world.request(first).fate).toBe(fate);
      expect(events().slice(-2)).toEqual(["access.deescalating", "access.ended"]);
    },
  );

  it("knows of a customer's function only that it was called", async () => {
    await granted(first);
    const answer = { output: { body: {}, errors: [] } };
    await endAccess({ ...world, ports: answering(answer) }, first);
    expect(world.request().fate).toBe("handed-over");
  });

  it("tells and logs for operators what a function's crash said", async () => {
    await granted(first);
    const answer = { errors: ["AWSLambda:FATAL_FUNCTION_ERROR: Crash."], details: ["boom"] };
    await endAccess({ ...world, ports: answering(answer) }, first);
    expect(world.publisher.published.at(-1)).toMatchObject({
      severity: "critical",
      message: { errors: answer.errors, details: answer.details },
    });
    expect(world.log.entries.at(-1)).toMatchObject({
      level: "error",
      fields: { requestId: first, details: ["boom"] },
    });
  });

  it("does not say that nothing had been granted of what was active, even if its lease is deleted", async () => {
    await world.store({ requests: [aRequest({ status: "active", expiresAt: noon })] });
    await run();
    expect(world.request()).toMatchObject({ status: "ended", fate: "gone" });
  });

  it("asks nobody and reads no configuration: what is stored is enough", async () => {
    await granted(first);
    const error = new Error("Nothing else may be asked.");
    const { ports } = world.invocation(({ name }) =>
      /^(directory|workflow|schedules|idempotency)/.test(name)
        ? { when: "before", error }
        : undefined,
    );
    await endAccess({ ...world, ports }, first);
    expect(world.request().status).toBe("ended");
  });

  it("ends the request although nobody can be told", async () => {
    await granted(first);
    const error = new Error("No topic");
    const { ports } = world.invocation(faultOf("publisher.publish", { when: "before", error }));
    await endAccess({ ...world, ports }, first);
    const { status, published, history } = world.request();
    expect(status).toBe("ended");
    expect(published).toBeLessThan(history.length);
    expect(world.log.entries.at(-1)).toMatchObject({
      level: "error",
      fields: { requestId: first },
    });
  });

  it("that was set for a moment in the past ends without a word on lateness", async () => {
    const expiresAt = addSeconds(noon, -3_600);
    await world.store({ requests: [aRequest({ status: "active", expiresAt })] });
    await run();
    expect(events()).toEqual(["access.deescalating", "access.ended"]);
  });
});
