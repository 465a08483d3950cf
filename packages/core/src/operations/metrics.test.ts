import { beforeEach, describe, expect, it } from "vitest";
import { actorOf } from "../request/person.ts";
import {
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
import { addSeconds, milliseconds } from "../time.ts";
import { deescalate } from "./deescalate.ts";

const [first, second] = [requestId(1), requestId(2)];

let world: World;
beforeEach(() => {
  world = aWorld();
});

const measured = (name: string) =>
  world.metrics.recorded.filter(([metric]) => metric === name).map(([, value]) => value);
const since = (from: string, until = ""): number =>
  (milliseconds(until) - milliseconds(from)) / 1_000;

describe("GrantLatencySeconds", () => {
  it("runs from the approval to the verified access", async () => {
    const at = addSeconds(noon, -600);
    const approvals = [{ decision: "approved" as const, by: actorOf(bob), at }];
    await world.store({ requests: [aRequest({ approvals, createdAt: addSeconds(noon, -7_200) })] });
    await grantAccess(world, first);
    expect(measured("GrantLatencySeconds")).toEqual([since(at, world.request().activatedAt)]);
  });

  it("runs from the creation where nobody approves, and from the start where that is later", async () => {
    const createdAt = addSeconds(noon, -60);
    const startAt = addSeconds(noon, -10);
    const config = world.config.flows["self-service"];
    if (config === undefined) throw new Error("There is no such flow.");
    const flow = { name: "self-service", version: config.version };
    const requests = [
      aRequest({ flow, approvals: [], createdAt, duration: 600 }),
      aRequest({ flow, approvals: [], createdAt, duration: 600, startAt, id: second }),
    ];
    await world.store({ requests });
    await grantAccess(world, first);
    await grantAccess(world, second);
    expect(measured("GrantLatencySeconds")).toEqual([
      since(createdAt, world.request(first).activatedAt),
      since(startAt, world.request(second).activatedAt),
    ]);
  });

  it("is measured once, however often the escalation is tried", async () => {
    await world.store({ requests: [aRequest()] });
    await grantAccess(world, first);
    await grantAccess(world, first);
    expect(measured("GrantLatencySeconds")).toHaveLength(1);
  });
});

describe("RevocationLagSeconds", () => {
  it("runs from the curfew to the verified absence", async () => {
    await world.store({ requests: [aRequest()] });
    await grantAccess(world, first);
    world.clock.advance(3_630);
    await deescalate(world.ports, first, world.deadline());
    const { expiresAt = "", endedAt } = world.request();
    expect(measured("RevocationLagSeconds")).toEqual([since(expiresAt, endedAt)]);
    expect(since(expiresAt, endedAt)).toBeGreaterThan(28);
  });

  it("runs from the revoke where that comes first, and is measured once", async () => {
    await world.store({ requests: [aRequest()] });
    await grantAccess(world, first);
    await endAccess(world, first);
    await deescalate(world.ports, first, world.deadline());
    const { endRequested, endedAt } = world.request();
    expect(measured("RevocationLagSeconds")).toEqual([since(endRequested?.at ?? "", endedAt)]);
  });

  it("is not measured where access stays, or there was none", async () => {
    world.service.give(assignmentOf(anAccess()));
    await world.store({ requests: [aRequest(), aRequest({ id: second })] });
    await grantAccess(world, first);
    await endAccess(world, first);
    await endAccess(world, second);
    expect(world.requests.all().map(({ status }) => status)).toEqual(["ended", "ended"]);
    expect(measured("RevocationLagSeconds")).toEqual([]);
  });
});
