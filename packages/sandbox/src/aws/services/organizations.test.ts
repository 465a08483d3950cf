import {
  DescribeAccountCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  OrganizationsClient,
  paginateListAccounts,
} from "@aws-sdk/client-organizations";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hub, startEndpoint, type TestEndpoint } from "../testing/endpoint.ts";

let endpoint: TestEndpoint;
let client: OrganizationsClient;
beforeAll(async () => {
  endpoint = await startEndpoint();
  client = new OrganizationsClient(endpoint.as("sandbox"));
});
afterAll(() => endpoint.close());

const namesUnder = async (ParentId: string) => {
  const { Accounts } = await client.send(new ListAccountsForParentCommand({ ParentId }));
  return Accounts?.map(({ Name }) => Name);
};

describe("Organizations", () => {
  it("lists all accounts page by page", async () => {
    const names: (string | undefined)[] = [];
    let pages = 0;
    for await (const page of paginateListAccounts({ client, pageSize: 4 }, {})) {
      pages += 1;
      names.push(...(page.Accounts ?? []).map(({ Name }) => Name));
    }
    expect(pages).toBe(2);
    expect(names).toEqual(["management", "prod", "staging", "playground", "tools", "hub"]);
  });

  it("describes an account as AWS does", async () => {
    const { Account } = await client.send(new DescribeAccountCommand({ AccountId: hub }));
    expect(Account).toMatchObject({
      Id: hub,
      Name: "hub",
      Status: "ACTIVE",
      Arn: `arn:aws:organizations::111111111111:account/o-acme000001/${hub}`,
      JoinedTimestamp: new Date("2024-01-01T00:00:00Z"),
    });
  });

  it("lists the direct children of a unit, and under the root the accounts in no unit", async () => {
    expect(await namesUnder("ou-acme-workloads")).toEqual(["prod", "staging"]);
    expect(await namesUnder("r-acme")).toEqual(["management", "tools", "hub"]);
  });

  it("lists the root and its units", async () => {
    const { Roots } = await client.send(new ListRootsCommand({}));
    expect(Roots?.map(({ Id }) => Id)).toEqual(["r-acme"]);
    const { OrganizationalUnits } = await client.send(
      new ListOrganizationalUnitsForParentCommand({ ParentId: "r-acme" }),
    );
    expect(OrganizationalUnits?.map(({ Id }) => Id)).toEqual([
      "ou-acme-playground",
      "ou-acme-workloads",
    ]);
  });

  it.each([
    ["a parent that does not exist", "ou-acme-unknown0", "ParentNotFoundException"],
    ["a parent that cannot exist", "workloads", "InvalidInputException"],
  ])("refuses %s", async (_case, parent, name) => {
    await expect(namesUnder(parent)).rejects.toMatchObject({ name });
  });

  it("refuses an account that does not exist", async () => {
    const call = client.send(new DescribeAccountCommand({ AccountId: "999999999999" }));
    await expect(call).rejects.toMatchObject({ name: "AccountNotFoundException" });
  });

  it("refuses the token of another list", async () => {
    const { NextToken } = await client.send(new ListAccountsCommand({ MaxResults: 1 }));
    const call = client.send(new ListAccountsForParentCommand({ ParentId: "r-acme", NextToken }));
    await expect(call).rejects.toMatchObject({ name: "InvalidInputException" });
  });

  it("answers no other account than the management account", async () => {
    const other = new OrganizationsClient(endpoint.as(`sandbox-${hub}`));
    await expect(other.send(new ListAccountsCommand({}))).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
  });
});
