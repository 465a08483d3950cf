import { beforeEach, describe, expect, it } from "vitest";
import { actorOf } from "../request/person.ts";
import {
  alice,
  aRequest,
  aWorld,
  noon,
  requestId,
  type World,
  withEveryFault,
} from "../testing/index.ts";
import { publishEvents } from "./publish-events.ts";

const id = requestId(1);
const history = [1, 2, 3].map((seq) => ({
  seq,
  event: "request.created" as const,
  at: noon,
  actor: actorOf(alice),
}));
const unpublished = aRequest({ history, published: 1 });

let world: World;
beforeEach(async () => {
  world = aWorld();
  await world.store({ requests: [unpublished] });
});

const ids = (): string[] => world.publisher.published.map(({ message }) => message.id);

describe("publishing events", () => {
  it("publishes those that were not, in order, and marks them", async () => {
    await publishEvents(world.ports, id);
    expect(ids()).toEqual([`${id}:2`, `${id}:3`]);
    expect(world.request().published).toBe(3);
    await publishEvents(world.ports, id);
    expect(ids()).toHaveLength(2);
  });

  it("marks only what it has published when more happens meanwhile", async () => {
    const { ports } = world.invocation(async ({ name }) => {
      const stored = await world.requests.get(id);
      if (name !== "publisher.publish" || stored === undefined) return undefined;
      if (stored.document.history.length > 3) return undefined;
      const later = [...history, { ...history[0], seq: 4 }] as typeof history;
      await world.requests.put({ ...stored.document, history: later }, stored);
      return undefined;
    });
    await publishEvents(ports, id);
    expect(world.request().published).toBe(3);
    await publishEvents(world.ports, id);
    expect(ids().at(-1)).toBe(`${id}:4`);
  });

  it("marks what it has published when the next one fails, so that a slow topic gets on", async () => {
    let published = 0;
    const error = new Error("Too slow");
    const { ports } = world.invocation(({ name }) =>
      name === "publisher.publish" && ++published === 2 ? { when: "before", error } : undefined,
    );
    await publishEvents(ports, id);
    expect(ids()).toEqual([`${id}:2`]);
    expect(world.request().published).toBe(2);
    expect(world.log.entries).toMatchObject([{ level: "error", fields: { requestId: id } }]);
  });

  it("loses none at any fault, and never throws", async () => {
    await withEveryFault(async (hook) => {
      world = aWorld();
      await world.store({ requests: [unpublished] });
      const { ports, faults } = world.invocation(hook);
      await publishEvents(ports, id);
      await publishEvents(world.ports, id);
      expect(new Set(ids())).toEqual(new Set([`${id}:2`, `${id}:3`]));
      expect(world.request().published).toBe(3);
      return faults;
    });
  });
});
