import { beforeEach, describe, expect, it } from "vitest";
import type { Person } from "../request/person.ts";
import type { Request } from "../request/request.ts";
import {
  aConfig,
  alice,
  aRequest,
  aWorld,
  bob,
  carol,
  groups,
  mallory,
  requestId,
  type World,
} from "../testing/index.ts";
import { listRequests, type RequestQuery } from "./list-requests.ts";

const config = aConfig({ auditors: { groups: ["auditors"] } });
const dave: Person = { id: "user-dave", email: "dave@acme.example" };

let world: World;
beforeEach(() => {
  world = aWorld({
    config,
    people: [alice, bob, carol, dave, mallory],
    groups: { ...groups, auditors: [dave.id] },
  });
});

const list = (person: Person, query: Partial<RequestQuery> = {}) =>
  listRequests(world.ports, config, person, { limit: 50, ...query });
const numbers = (requests: readonly Request[]): number[] => requests.map(({ id }) => +id.slice(4));

const production = { name: "production", version: "1.0.0" };
const selfService = { name: "self-service", version: "1.0.0" };

/** Four requests: two of Alice's, one of Bob's, one of Mallory's. */
const some = async (): Promise<void> =>
  world.store({
    requests: [
      aRequest({ id: requestId(1), flow: production, status: "pending_approval" }),
      aRequest({ id: requestId(2), flow: selfService, requester: bob, status: "active" }),
      aRequest({ id: requestId(3), flow: selfService, status: "ended" }),
      aRequest({ id: requestId(4), flow: selfService, requester: mallory, status: "active" }),
    ],
  });

/** Reads page after page. */
const listAll = async (person: Person, query: Partial<RequestQuery>): Promise<number[][]> => {
  const pages: number[][] = [];
  for (let page = await list(person, query); ; ) {
    pages.push(numbers(page.requests));
    if (page.before === undefined) return pages;
    page = await list(person, { ...query, before: page.before });
  }
};

describe("listing requests", () => {
  it.each([
    ["their own", alice, [3, 1]],
    ["their own and those they decide on", bob, [2, 1]],
    ["those they decide on", carol, [1]],
    ["all, to an auditor", dave, [4, 3, 2, 1]],
    ["their own, to anybody", mallory, [4]],
  ])("shows people %s, the newest first", async (_, person, expected) => {
    await some();
    expect(numbers((await list(person)).requests)).toEqual(expected);
  });

  it.each([
    ["a status", dave, { status: "active" }, [4, 2]],
    ["a flow", dave, { flow: "self-service" }, [4, 3, 2]],
    ["a requester by e-mail address", dave, { requester: alice.email }, [3, 1]],
    ["a requester by id, who may have left", dave, { requester: "user-gone" }, []],
    ["all of them", dave, { requester: bob.id, status: "active", flow: "self-service" }, [2]],
    ["another person, as far as one may see", carol, { requester: alice.email }, [1]],
    ["somebody else, in vain", alice, { requester: bob.email }, []],
  ] as const)("goes by %s", async (_, person, query, expected) => {
    await some();
    expect(numbers((await list(person, query)).requests)).toEqual(expected);
  });

  it("goes page by page, a full one and the last also ending there", async () => {
    await some();
    expect(await listAll(dave, { limit: 2 })).toEqual([
      [4, 3],
      [2, 1],
    ]);
    expect(await listAll(dave, { limit: 3 })).toEqual([[4, 3, 2], [1]]);
    expect(await listAll(bob, { limit: 1 })).toEqual([[2], [1]]);
  });

  it("neither shifts nor repeats when requests are made meanwhile", async () => {
    await some();
    const first = await list(dave, { limit: 2 });
    await world.store({ requests: [aRequest({ id: requestId(5) })] });
    const second = await list(dave, { limit: 2, before: first.before });
    expect(numbers([...first.requests, ...second.requests])).toEqual([4, 3, 2, 1]);
  });

  it("goes on where a filter left nothing of what was read", async () => {
    const others = Array.from({ length: 2_100 }, (_, n) =>
      aRequest({ id: requestId(n + 2), flow: selfService }),
    );
    await world.store({ requests: [aRequest({ id: requestId(1), flow: production }), ...others] });
    const pages = await listAll(alice, { flow: "production", limit: 100 });
    expect(pages.flat()).toEqual([1]);
    expect(pages.length).toBeGreaterThan(1);
  });

  it("shows what a request has become, where its index lags behind", async () => {
    await some();
    const { ports } = world;
    const requests = { ...ports.requests, listBy: async () => [requestId(3), requestId(2)] };
    const listed = await listRequests({ ...ports, requests }, config, dave, {
      status: "active",
      limit: 50,
    });
    expect(numbers(listed.requests)).toEqual([2]);
  });
});

describe("a filter that nothing can pass", () => {
  const invalid = (path: string) =>
    expect.objectContaining({
      code: "parameter.invalid",
      problems: [expect.objectContaining({ path })],
    });

  it("is refused for a requester whom the directory does not know", async () => {
    const listed = list(dave, { requester: "nobody@acme.example" });
    await expect(listed).rejects.toEqual(invalid("requester"));
  });

  it.each(["nope", "constructor"])("is refused for the flow %s", async (flow) => {
    await expect(list(dave, { flow })).rejects.toEqual(invalid("flow"));
  });

  it("is refused for a flow that the caller may not know of, and not for another", async () => {
    await expect(list(mallory, { flow: "production" })).rejects.toEqual(invalid("flow"));
    expect(await list(mallory, { flow: "self-service" })).toEqual({ requests: [] });
    expect(await list(alice, { flow: "production" })).toEqual({ requests: [] });
    expect(await list(carol, { flow: "production" })).toEqual({ requests: [] });
  });

  it("is accepted for a flow that is configured no more and has requests", async () => {
    const removed = { name: "removed", version: "1.0.0" };
    await world.store({ requests: [aRequest({ flow: removed })] });
    expect(numbers((await list(alice, { flow: "removed" })).requests)).toEqual([1]);
    const after = await list(alice, { flow: "removed", before: requestId(1) });
    expect(after.requests).toEqual([]);
  });
});
