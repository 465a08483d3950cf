import { createRequest, RequestBody, type RequestId, reconcileLeases } from "@curfew/core";
import {
  endAccess,
  type FaultHook,
  faultOf,
  grantAccess,
  noFaults,
  outcome,
  untilDone,
} from "@curfew/core/testing";
import { describe, expect, it } from "vitest";
import {
  config,
  flowFor,
  groups,
  oncall,
  type PlannedTarget,
  people,
  sharedKeyOf,
} from "./config.ts";
import { exception } from "./exceptions.ts";
import { aShippedWorld, operations, type ShippedWorld } from "./shipped-world.ts";

const { alice } = people;
const membership = sharedKeyOf("oncall", alice.id) ?? "";
const createMembership = "identity-center.CreateGroupMembership";

const aWorldWithLag = (lag = 300): ShippedWorld =>
  aShippedWorld({ config, groups, timing: { operation: 1_000, lag } });

const ask = async (world: ShippedWorld, target: PlannedTarget): Promise<RequestId> => {
  const body = RequestBody.parse({ flow: flowFor(target, false), target, duration: "1h" });
  return (await createRequest(world.ports, config, { person: alice, body })).id;
};

const grant = (world: ShippedWorld, id: RequestId, hook: FaultHook = noFaults) =>
  grantAccess({ ...world, ports: world.invocation(hook).ports }, id);

/** The first creation gets no answer and no effect; the second one, two minutes later, succeeds. */
const grantAtSecondTry = async (world: ShippedWorld, id: RequestId): Promise<void> => {
  await outcome(() => grant(world, id, faultOf(createMembership, { when: "before" })));
  world.clock.advance(120);
  await untilDone(world, () => grant(world, id));
  expect(world.lease().unanswered).toHaveLength(1);
};

describe("a membership that somebody else gives", () => {
  it("long after an unanswered creation, while the request is active, stays", async () => {
    const world = aWorldWithLag();
    const id = await ask(world, "oncall");
    await grantAtSecondTry(world, id);
    world.clock.advance(900);
    world.identityCenter.membershipByHand("delete", oncall, alice.id);
    world.clock.advance(900);
    world.identityCenter.membershipByHand("create", oncall, alice.id);
    world.clock.advance(900);
    await untilDone(world, () => endAccess(world, id));
    expect(world.access.has(membership)).toBe(true);
    expect(world.request(id).fate).toBe("standing");
  });

  it("before the next request, which a lagging look-up does not show, stays", async () => {
    const world = aWorldWithLag();
    const first = await ask(world, "oncall");
    await grantAtSecondTry(world, first);
    world.clock.advance(3_000);
    await untilDone(world, () => endAccess(world, first));
    world.timing.lag = 15_000;
    world.clock.advance(60);
    world.identityCenter.membershipByHand("create", oncall, alice.id);
    world.clock.advance(5);
    const second = await ask(world, "oncall");
    await untilDone(world, () => grant(world, second));
    world.clock.advance(1_800);
    await untilDone(world, () => endAccess(world, second));
    expect(world.access.has(membership)).toBe(true);
  });
});

describe("a membership of ours", () => {
  it("is not taken for somebody else's by a stale look-up after a removal", async () => {
    const world = aWorldWithLag(0);
    const first = await ask(world, "oncall");
    await untilDone(world, () => grant(world, first));
    world.clock.advance(600);
    await untilDone(world, () => endAccess(world, first));
    world.clock.advance(5);
    const second = await ask(world, "oncall");
    const error = exception("InternalServerException", "After the effect.", 500);
    await outcome(() => grant(world, second, faultOf(createMembership, { when: "after", error })));
    world.timing.lag = 20_000;
    await untilDone(world, () => endAccess(world, second));
    expect(world.request(second).fate).toBe("removed");
    expect(world.access.has(membership)).toBe(false);
  });
});

describe("access that exists again while Identity Center's record cannot be read", () => {
  it("is reported at the first re-check, and taken away once the record says that it is ours", async () => {
    const world = aWorldWithLag();
    const id = await ask(world, "prod-readonly");
    await outcome(() => grant(world, id, faultOf(operations.create, { when: "before" })));
    world.clock.advance(95);
    await untilDone(world, () => endAccess(world, id));
    world.clock.advance(60);
    const [, TargetId = "", PermissionSetArn = "", PrincipalId = ""] = (
      sharedKeyOf("prod-readonly", alice.id) ?? ""
    ).split("#");
    const described = { TargetId, PermissionSetArn, PrincipalId };
    await world.identityCenter.api.CreateAccountAssignment(described);

    const error = exception("ThrottlingException", "Rate exceeded");
    const throttled = faultOf(operations.creationStatus, { when: "before", error });
    const reconcile = (hook: FaultHook) => {
      const { ports } = world.invocation(hook);
      return reconcileLeases(ports, { deadline: world.clock.now() + 280_000 });
    };
    world.clock.advance(1_200);
    await outcome(() => reconcile(throttled));
    expect(world.request(id).history.at(-1)?.event).toBe("access.stuck");
    world.clock.advance(300);
    await reconcile(noFaults);
    expect(world.access.has(sharedKeyOf("prod-readonly", alice.id) ?? "")).toBe(false);
  });
});
