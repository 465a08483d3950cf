import { endAccess, grantAccess, requestId, untilDone } from "@curfew/core/testing";
import { beforeEach, describe, expect, it } from "vitest";
import {
  aShippedRequest,
  aShippedWorld,
  assignment,
  operations,
  type ShippedWorld,
} from "./shipped-world.ts";

const [first, second] = [requestId(1), requestId(2)];
let world: ShippedWorld;
beforeEach(async () => {
  world = aShippedWorld();
  await world.store({ requests: [aShippedRequest(), aShippedRequest({ id: second })] });
});

describe("a List that lags by a minute", () => {
  it("is not believed when it shows access that was given and taken away within that minute", async () => {
    await grantAccess(world, first);
    // From here on the List shows what was a minute ago: first nothing, then what has been given.
    world.timing.lag = 60_000;
    world.clock.advance(55);
    await endAccess(world, first);
    expect(world.request(first).status).toBe("ended");

    // It begins to show it just after the look for standing access.
    let looks = 0;
    const { ports } = world.invocation(({ name }) => {
      if (name === operations.list && ++looks === 2) world.clock.advance(5);
      return undefined;
    });
    await untilDone(world, () => grantAccess({ ...world, ports }, second));
    expect(world.request(second).status).toBe("active");
    expect(world.access.has(assignment)).toBe(true);
    await untilDone(world, () => endAccess(world, second));
    expect(world.access.has(assignment)).toBe(false);
  });
});
