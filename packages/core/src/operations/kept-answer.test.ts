import { beforeEach, describe, expect, it } from "vitest";
import type { StepAnswer, Strategy } from "../ports/strategy.ts";
import { activate } from "../request/lifecycle.ts";
import { actorOf } from "../request/person.ts";
import {
  alice,
  aRequest,
  aWorld,
  grantAccess,
  noon,
  requestId,
  type World,
} from "../testing/index.ts";
import { deescalate } from "./deescalate.ts";
import { releaseAccess } from "./release-access.ts";

const first = requestId(1);
let world: World;
beforeEach(async () => {
  world = aWorld();
  await world.store({ requests: [aRequest()] });
  await grantAccess(world, first);
  world.clock.advance(3_600);
});

/** Ports whose strategy answers deescalations like this. */
const answering = (answer: StepAnswer) => ({
  ...world.ports,
  strategy: (name: string): Strategy => ({
    ...world.ports.strategy(name),
    deescalate: async () => answer,
  }),
});

/** An invocation that took the access away and ended before it finished the request. */
const takeAway = (answer: StepAnswer) =>
  releaseAccess(
    answering(answer),
    world.lease().access,
    world.lease().key,
    [first],
    world.deadline(),
  );

describe("what was answered when access was taken away", () => {
  it("still makes the request fail when the invocation ended before it was written down", async () => {
    await takeAway({ errors: ["two", "one"] });
    await deescalate(world.ports, first, world.deadline());
    expect(world.request()).toMatchObject({ status: "failed", errors: ["two", "one"] });
    expect(world.request().history.at(-1)).toMatchObject({ severity: "critical" });
  });

  it("still is warned of when it had not the agreed form", async () => {
    await takeAway({ malformed: true });
    await deescalate(world.ports, first, world.deadline());
    expect(world.request().status).toBe("ended");
    expect(world.request().history.map(({ event }) => event)).toContain("answer.malformed");
  });

  it("still is the request's output", async () => {
    const output = { body: { removed: true }, errors: [] };
    await takeAway({ output, errors: [] });
    await deescalate(world.ports, first, world.deadline());
    expect(world.request()).toMatchObject({ status: "ended", outputs: { deescalate: output } });
  });

  it("is not kept where there was none", async () => {
    await takeAway({});
    expect(world.lease().answer).toBeUndefined();
  });

  it("is forgotten when the access is given again", async () => {
    await takeAway({ errors: ["one"] });
    const second = requestId(2);
    await world.store({ requests: [aRequest({ id: second })] });
    world.clock.advance(3_600);
    await grantAccess(world, second);
    expect(world.lease().answer).toBeUndefined();
  });
});

describe("what was answered to an escalation whose end was asked for meanwhile", () => {
  it("is kept for the deescalation", () => {
    const end = { reason: "released" as const, by: actorOf(alice), at: noon };
    const ending = aRequest({ status: "escalating", endRequested: end });
    const output = { body: { role: "admin" }, errors: [] };
    expect(activate(0, { output })(ending)).toEqual({ ...ending, output });
    expect(activate(0, {})(ending)).toBeUndefined();
  });

  it("is warned of when it had not the agreed form", () => {
    const end = { reason: "released" as const, by: actorOf(alice), at: noon };
    const ending = aRequest({ status: "escalating", endRequested: end });
    const output = { body: {}, errors: [] };
    const request = activate(0, { output, malformed: true })(ending);
    expect(request).toMatchObject({ status: "escalating", output });
    expect(request?.history.at(-1)?.event).toBe("answer.malformed");
  });
});
