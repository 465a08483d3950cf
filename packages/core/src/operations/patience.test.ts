import { beforeEach, describe, expect, it } from "vitest";
import type { Attempt, Change, Strategy } from "../ports/strategy.ts";
import { aRequest, aWorld, requestId, type World } from "../testing/index.ts";
import { addSeconds } from "../time.ts";
import { armRevocation } from "./arm-revocation.ts";
import { deescalate } from "./deescalate.ts";
import { escalate } from "./escalate.ts";

const first = requestId(1);
let world: World;
beforeEach(async () => {
  world = aWorld();
  await world.store({ requests: [aRequest()] });
  await armRevocation(world.ports, first);
});

/** Ports whose strategy needs a minute, and does this when it is to give access or to take it away. */
const withStep = (step: (attempt: Attempt) => unknown) => ({
  ...world.ports,
  strategy: (name: string): Strategy => {
    const strategy = world.ports.strategy(name);
    const run = async (_: unknown, attempt: Attempt) => {
      await step(attempt);
      return {};
    };
    return { ...strategy, patience: () => 60_000, escalate: run, deescalate: run };
  },
});

/** A changing call without an effect. */
const nothing: Change<void> = { call: async () => {}, failureOf: () => "refused" };

/** An invocation that may go on for a quarter of an hour. */
const long = () => ({ deadline: world.clock.now() + 900_000 });

describe("an attempt of a strategy that is less patient than its invocation", () => {
  it("locks the lease no longer than it needs", async () => {
    const locks: (string | undefined)[] = [];
    const ports = withStep(() => locks.push(world.lease().lock?.until));
    const before = world.clock.at();
    await escalate(ports, world.config, first, long());
    world.clock.advance(3_600);
    const later = world.clock.at();
    await deescalate(ports, first, long());
    expect(locks).toEqual([addSeconds(before, 90), addSeconds(later, 90)]);
  });

  it("changes nothing when its own time is over", async () => {
    const ports = withStep(async (attempt) => {
      world.clock.advance(51);
      await attempt.change(nothing);
    });
    const attempt = escalate(ports, world.config, first, long());
    await expect(attempt).rejects.toMatchObject({ name: "StillProvisioning" });
  });

  it("begins no change that could outlast it", async () => {
    const ports = withStep(async (attempt) => {
      await attempt.change({ ...nothing, duration: 49_000 });
      await attempt.change({ ...nothing, duration: 50_000 });
    });
    const attempt = escalate(ports, world.config, first, long());
    await expect(attempt).rejects.toMatchObject({ name: "StillProvisioning" });
  });
});
