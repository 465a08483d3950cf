import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Contract, PagedList } from "./contract.ts";
import { dynamoDb, dynamoDbLists } from "./dynamodb.ts";
import { events } from "./events.ts";
import { identityStore, identityStoreLists } from "./identity-store.ts";
import { lambda, lambdaLists } from "./lambda.ts";
import { organizations, organizationsLists } from "./organizations.ts";
import { scheduler, schedulerLists } from "./scheduler.ts";
import { sns } from "./sns.ts";
import { sqs } from "./sqs.ts";
import { ssoAdmin, ssoAdminLists } from "./sso-admin.ts";
import { states, statesLists } from "./states.ts";
import { sts } from "./sts.ts";
import { startWorld, type World } from "./world.ts";

/** By the service's signing name. */
const contracts: Readonly<Record<string, { operations: Contract; lists: readonly PagedList[] }>> = {
  dynamodb: { operations: dynamoDb, lists: dynamoDbLists },
  events: { operations: events, lists: [] },
  identitystore: { operations: identityStore, lists: identityStoreLists },
  lambda: { operations: lambda, lists: lambdaLists },
  organizations: { operations: organizations, lists: organizationsLists },
  scheduler: { operations: scheduler, lists: schedulerLists },
  sns: { operations: sns, lists: [] },
  sqs: { operations: sqs, lists: [] },
  sso: { operations: ssoAdmin, lists: ssoAdminLists },
  states: { operations: states, lists: statesLists },
  sts: { operations: sts, lists: [] },
};

const itemsOf = async (list: PagedList, world: World, pageSize: number): Promise<unknown[][]> => {
  const pages: unknown[][] = [];
  for await (const page of list.pages(world, pageSize)) {
    const items = Object.entries(page).find(([name]) => name === list.member)?.[1];
    pages.push(Array.isArray(items) ? items : []);
  }
  return pages;
};

describe.each(Object.entries(contracts))("%s", (service, { operations, lists }) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  /** How the calls of an operation ended, says the endpoint: no case can pass without its call. */
  const outcomesOf = (operation: string): string[] =>
    world.callLog
      .calls()
      .filter((call) => call.service === service && call.operation === operation)
      .map(({ outcome }) => outcome);

  it("promises every operation that is offered, and no other", () => {
    const offered = world.services.find(({ signingName }) => signingName === service)?.operations;
    expect(Object.keys(operations).sort()).toEqual(Object.keys(offered ?? {}).sort());
  });

  describe.each(Object.entries(operations))("%s", (operation, { answers, refuses }) => {
    it("answers", async () => {
      await answers(world);
      expect(outcomesOf(operation)).toContain("ok");
    });

    it.each(Object.entries(refuses))("refuses with %s", async (name, call) => {
      await expect(call(world)).rejects.toMatchObject({ name });
      // SNS's exceptions lack the ending on the wire.
      const codes = [name, name.replace(/Exception$/, "")];
      expect(codes).toContain(outcomesOf(operation).at(-1));
    });
  });

  it.each(lists)("lists the same page by page: $operation", async (list) => {
    const all = await itemsOf(list, world, 20);
    const single = await itemsOf(list, world, 1);
    expect(all).toHaveLength(1);
    expect(single.length).toBeGreaterThan(1);
    expect(single.flat()).toEqual(all.flat());
  });
});
