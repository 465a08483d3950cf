import { beforeEach, describe, expect, it } from "vitest";
import {
  aLease,
  anAccess,
  aRequest,
  assignmentOf,
  aWorld,
  bob,
  endAccess,
  grantAccess,
  noon,
  requestId,
  type World,
} from "../testing/index.ts";
import { addSeconds } from "../time.ts";
import { armRevocation } from "./arm-revocation.ts";
import { escalate } from "./escalate.ts";
import { revokeRequest } from "./revoke-request.ts";

const [first, second] = [requestId(1), requestId(2)];
const assignment = assignmentOf(anAccess());
let world: World;
beforeEach(() => {
  world = aWorld();
});

const changes = (): string[] => world.service.changes.map(({ kind }) => kind);
const failure = (name: string) => expect.objectContaining({ name });

describe("escalating", () => {
  it("gives the access, and starts the curfew when the service has confirmed it", async () => {
    await world.store({ requests: [aRequest()] });
    await grantAccess(world, first);
    expect(world.service.has(assignment)).toBe(true);
    const request = world.request();
    expect(request.status).toBe("active");
    expect(request.activatedAt).toBe(world.clock.at());
    expect(request.expiresAt).toBe(world.clock.at(3_600));
    expect(world.lease()).toEqual(aLease());
  });

  it("sets the schedule into the minute before the end, and tells how long to wait", async () => {
    await world.store({ requests: [aRequest()] });
    expect(await grantAccess(world, first)).toEqual({ seconds: 3_660 });
    expect(world.schedules.armed.get(`${first}.1`)).toBe(world.clock.at(3_540));
  });

  it.each([
    [119, false],
    [120, true],
  ])("with %i seconds sets a schedule: %s", async (duration, scheduled) => {
    await world.store({ requests: [aRequest({ duration })] });
    await grantAccess(world, first);
    expect(world.schedules.armed.has(`${first}.1`)).toBe(scheduled);
  });

  it("waits for a revoke where the flow sets no curfew", async () => {
    await world.store({ requests: [aRequest({ scheduled: false })] });
    expect(await grantAccess(world, first)).toEqual({ seconds: 300 * 86_400 });
    expect(world.request()).not.toHaveProperty("expiresAt");
    expect(world.schedules.armed.size).toBe(0);
  });

  it("tells what happened, once", async () => {
    await world.store({ requests: [aRequest()] });
    await grantAccess(world, first);
    await escalate(world.ports, world.config, first, world.deadline());
    expect(world.publisher.published.map(({ message }) => message.event)).toEqual([
      "access.escalating",
      "access.granted",
    ]);
    expect(world.request().published).toBe(3);
  });

  it("answers the same when it is repeated, and changes nothing", async () => {
    await world.store({ requests: [aRequest()] });
    const answer = await grantAccess(world, first);
    const before = world.request();
    expect(await escalate(world.ports, world.config, first, world.deadline())).toEqual(answer);
    expect(world.request()).toEqual(before);
    expect(changes()).toEqual(["create"]);
  });
});

describe("escalating what the person has already", () => {
  it("creates nothing, and remembers that it was standing", async () => {
    world.service.give(assignment);
    await world.store({ requests: [aRequest()] });
    await grantAccess(world, first);
    expect(changes()).toEqual([]);
    expect(world.lease()).toMatchObject({ state: "open", standing: true, holders: [first] });
    expect(world.request().status).toBe("active");
  });

  it("has it stored before the lock is given back", async () => {
    world.service.give(assignment);
    await world.store({ requests: [aRequest()] });
    await armRevocation(world.ports, first);
    let writes = 0;
    // Of locking, holding, opening and giving back, the fourth fails.
    const { ports } = world.invocation(({ name }) => {
      if (name === "leases.put") writes += 1;
      return name === "leases.put" && writes === 4
        ? { when: "before", error: new Error("No table") }
        : undefined;
    });
    await escalate(ports, world.config, first, world.deadline());
    expect(world.lease()).toMatchObject({ state: "open", standing: true });
    expect(world.lease().lock).toBeDefined();
  });

  it("through another request shares it, and never takes it for standing", async () => {
    await world.store({ requests: [aRequest(), aRequest({ id: second })] });
    await grantAccess(world, first);
    await grantAccess(world, second);
    expect(changes()).toEqual(["create"]);
    expect(world.lease()).toMatchObject({ standing: false, holders: [first, second] });
  });

  it("waits where it may be what was taken away a moment ago and a List still shows", async () => {
    world.service.give(assignment);
    const removedAt = addSeconds(noon, -60);
    await world.store({ requests: [aRequest()], leases: [aLease({ state: "closed", removedAt })] });
    await expect(grantAccess(world, first)).rejects.toEqual(failure("LeaseBusy"));
    expect(world.lease().state).toBe("opening");
    world.clock.advance(60);
    await escalate(world.ports, world.config, first, world.deadline());
    expect(world.lease()).toMatchObject({ state: "open", standing: true });
  });
});

describe("escalating what somebody else is at", () => {
  it("waits while it is being released, and leaves the lease as it is", async () => {
    const releasing = aLease({ state: "releasing" });
    await world.store({ requests: [aRequest()], leases: [releasing] });
    await expect(grantAccess(world, first)).rejects.toEqual(failure("LeaseBusy"));
    expect(world.lease()).toEqual(releasing);
  });

  it("waits for a lock for seconds, and then leaves it to the workflow", async () => {
    const lock = { owner: "somebody", until: addSeconds(noon, 60) };
    await world.store({ requests: [aRequest()], leases: [aLease({ state: "closed", lock })] });
    await expect(grantAccess(world, first)).rejects.toEqual(failure("LeaseBusy"));
    expect(world.clock.at()).toBe(addSeconds(noon, 4));
    expect(world.lease().lock).toEqual(lock);
  });

  it("takes a lock over that runs out meanwhile", async () => {
    const lock = { owner: "somebody", until: addSeconds(noon, 3) };
    await world.store({ requests: [aRequest()], leases: [aLease({ state: "closed", lock })] });
    await grantAccess(world, first);
    expect(world.request().status).toBe("active");
  });

  it("holds its lock for half a minute longer than it can live, and gives it back", async () => {
    await world.store({ requests: [aRequest()] });
    const seen: unknown[] = [];
    const { ports } = world.invocation(({ name }) => {
      if (name === "service.create") seen.push(world.lease().lock?.until);
      return undefined;
    });
    await grantAccess({ ...world, ports }, first);
    expect(seen).toEqual([addSeconds(noon, 90)]);
    expect(world.lease().lock).toBeUndefined();
  });
});

describe("escalating too late", () => {
  const refused = failure("GrantRefused");

  it("touches nothing once the time to grant is over", async () => {
    await world.store({ requests: [aRequest({ status: "escalating" })] });
    world.clock.advance(900);
    await expect(escalate(world.ports, world.config, first, world.deadline())).rejects.toEqual(
      refused,
    );
    expect(changes()).toEqual([]);
    expect(world.leases.all().flatMap(({ holders }) => holders)).toEqual([]);
  });

  it("grants nothing when the time runs out between looking and granting", async () => {
    await world.store({ requests: [aRequest({ status: "escalating" })] });
    world.clock.advance(899);
    const { ports } = world.invocation(({ name }) => {
      if (name === "service.list") world.clock.advance(1);
      return undefined;
    });
    await expect(escalate(ports, world.config, first, world.deadline())).rejects.toEqual(refused);
    expect(changes()).toEqual([]);
  });

  it.each(["approved", "escalating"] as const)(
    "touches nothing once somebody has revoked it while it was %s",
    async (status) => {
      const armed = { at: noon, grantBy: addSeconds(noon, 900) };
      await world.store({ requests: [aRequest({ status, armed })] });
      await revokeRequest(world.ports, world.config, bob, first);
      await expect(grantAccess(world, first)).rejects.toEqual(refused);
      expect(changes()).toEqual([]);
      expect(world.leases.all().flatMap(({ holders }) => holders)).toEqual([]);
    },
  );

  it("does not make active what is revoked while the service is at work", async () => {
    await world.store({ requests: [aRequest()] });
    const { ports } = world.invocation(async ({ name }) => {
      if (name === "service.status") await revokeRequest(world.ports, world.config, bob, first);
      return undefined;
    });
    await expect(grantAccess({ ...world, ports }, first)).rejects.toEqual(refused);
    expect(world.request()).toMatchObject({ status: "escalating" });
    await endAccess(world, first);
    expect(world.request()).toMatchObject({ status: "ended", endReason: "revoked" });
    expect(world.service.has(assignment)).toBe(false);
  });

  it.each(["deescalating", "ended", "failed"] as const)(
    "does not come back to a request that is %s",
    async (status) => {
      await world.store({ requests: [aRequest({ status })] });
      await expect(escalate(world.ports, world.config, first, world.deadline())).rejects.toEqual(
        refused,
      );
      expect(changes()).toEqual([]);
      expect(world.request().status).toBe(status);
    },
  );
});

describe("escalating against a service in trouble", () => {
  it("goes on with the creation that an earlier attempt began", async () => {
    world.service.timing.operation = 45_000;
    await world.store({ requests: [aRequest()] });
    await expect(grantAccess(world, first)).rejects.toEqual(failure("StillProvisioning"));
    expect(world.lease().pending).toHaveLength(1);
    await expect(escalate(world.ports, world.config, first, world.deadline())).rejects.toEqual(
      failure("StillProvisioning"),
    );
    await escalate(world.ports, world.config, first, world.deadline());
    expect(changes()).toEqual(["create"]);
    expect(world.lease().pending).toEqual([]);
    expect(world.request().status).toBe("active");
  });

  it("begins nothing in the last ten seconds of an invocation", async () => {
    await world.store({ requests: [aRequest()] });
    const late = { deadline: world.clock.now() + 10_000 };
    await expect(grantAccess({ ...world, deadline: () => late }, first)).rejects.toEqual(
      failure("StillProvisioning"),
    );
    expect(changes()).toEqual([]);
  });

  it("leaves a creation that failed to the deescalation", async () => {
    world.service.failNext(1);
    await world.store({ requests: [aRequest()] });
    await expect(grantAccess(world, first)).rejects.toEqual(failure("EscalationFailed"));
    expect(world.request().status).toBe("escalating");
  });

  it("comes back when another change of the account is in the way", async () => {
    await world.store({ requests: [aRequest()] });
    await world.service.create({ ...assignment, permission: "other" });
    await expect(grantAccess(world, first)).rejects.toEqual(failure("ServiceUnavailable"));
    world.clock.advance(2);
    await escalate(world.ports, world.config, first, world.deadline());
    expect(world.request().status).toBe("active");
  });

  it("does not know requests that there are not", async () => {
    await expect(
      escalate(world.ports, world.config, first, world.deadline()),
    ).rejects.toMatchObject({
      code: "request.not-found",
    });
  });
});
