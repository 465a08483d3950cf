import { beforeEach, describe, expect, it } from "vitest";
import type { Change } from "../request/change.ts";
import { aRequest, aWorld, requestId, type World } from "../testing/index.ts";
import { updateRequest } from "./update.ts";

const id = requestId(1);
let world: World;
beforeEach(async () => {
  world = aWorld();
  await world.store({ requests: [aRequest()] });
});

const count: Change = (request) => ({ ...request, execution: request.execution + 1 });
const interfere = async (): Promise<void> => {
  const stored = await world.requests.get(id);
  await world.requests.put(aRequest({ reason: `${world.requests.writes()}` }), stored);
};

describe("updating a request", () => {
  it("writes the change and answers what is stored", async () => {
    const updated = await updateRequest(world.ports, id, count);
    expect(updated).toEqual({ request: aRequest({ execution: 1 }), changed: true });
    expect(world.request()).toEqual(updated.request);
  });

  it("writes nothing where nothing is to change", async () => {
    const writes = world.requests.writes();
    const updated = await updateRequest(world.ports, id, () => undefined);
    expect(updated).toEqual({ request: aRequest(), changed: false });
    expect(world.requests.writes()).toBe(writes);
  });

  it("decides again on what is stored when it has lost a race", async () => {
    await Promise.all([1, 2, 3].map(() => updateRequest(world.ports, id, count)));
    expect(world.request().execution).toBe(3);
  });

  it("gives up on a request that others change all the time", async () => {
    const { ports } = world.invocation(async ({ name }) => {
      if (name === "requests.put") await interfere();
      return undefined;
    });
    await expect(updateRequest(ports, id, count)).rejects.toMatchObject({
      name: "ServiceUnavailable",
    });
  });

  it("does not know a request that there is not", async () => {
    await expect(updateRequest(world.ports, requestId(2), count)).rejects.toMatchObject({
      code: "request.not-found",
    });
  });
});
