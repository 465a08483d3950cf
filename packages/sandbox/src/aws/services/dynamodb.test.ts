import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeTableCommand, DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployment, hub, startEndpoint, type TestEndpoint } from "../testing/endpoint.ts";
import { createDynamoDb } from "./dynamodb.ts";

let endpoint: TestEndpoint;
let client: DynamoDBClient;
let documents: DynamoDBDocumentClient;
beforeAll(async () => {
  endpoint = await startEndpoint();
  client = new DynamoDBClient(endpoint.as(`sandbox-${hub}`));
  documents = DynamoDBDocumentClient.from(client);
});
afterAll(() => endpoint.close());

const TableName = "curfew-sandbox";

describe("DynamoDB", () => {
  it("has the deployment's table, with its index, from the start", async () => {
    const { TableNames } = await client.send(new ListTablesCommand({}));
    expect(TableNames).toEqual([TableName]);
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table?.TableStatus).toBe("ACTIVE");
    expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).toEqual([
      "open",
      "all",
      "flow",
    ]);
  });

  it("writes an item on a condition only", async () => {
    const put = (status: string) =>
      documents.send(
        new PutCommand({
          TableName,
          Item: { pk: "request#1", status },
          ConditionExpression: "attribute_not_exists(pk)",
        }),
      );
    await put("pending_approval");
    await expect(put("approved")).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
    });
    const { Item } = await documents.send(
      new GetCommand({ TableName, Key: { pk: "request#1" }, ConsistentRead: true }),
    );
    expect(Item).toEqual({ pk: "request#1", status: "pending_approval" });
  });

  it("shows in the sparse index what has its keys", async () => {
    await documents.send(
      new PutCommand({
        TableName,
        Item: { pk: "request#2", open: "open", due: "2026-01-05", holders: new Set(["a", "b"]) },
      }),
    );
    const query = new QueryCommand({
      TableName,
      IndexName: "open",
      KeyConditionExpression: "#open = :open AND due <= :due",
      ExpressionAttributeNames: { "#open": "open" },
      ExpressionAttributeValues: { ":open": "open", ":due": "2026-02" },
    });
    expect((await documents.send(query)).Items).toMatchObject([
      { pk: "request#2", holders: new Set(["a", "b"]) },
    ]);
    await documents.send(
      new UpdateCommand({
        TableName,
        Key: { pk: "request#2" },
        UpdateExpression: "REMOVE #open",
        ExpressionAttributeNames: { "#open": "open" },
      }),
    );
    expect((await documents.send(query)).Items).toEqual([]);
  });

  it("refuses an item above 400 KB", async () => {
    const Item = { pk: "request#3", output: "x".repeat(400 * 1024) };
    await expect(documents.send(new PutCommand({ TableName, Item }))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  it("refuses a table that does not exist", async () => {
    const get = new GetCommand({ TableName: "unknown", Key: { pk: "1" } });
    await expect(documents.send(get)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("hides the hub's table from other accounts", async () => {
    const other = new DynamoDBClient(endpoint.as("sandbox"));
    expect((await other.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    await expect(other.send(new DescribeTableCommand({ TableName }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  it("keeps its items on disk", async () => {
    const path = mkdtempSync(join(tmpdir(), "curfew-dynamodb-"));
    const caller = { accountId: hub, arn: "arn", administrator: true };
    const run = async (operation: string, input: Record<string, unknown>) => {
      const table = createDynamoDb({ path, tables: deployment.tables, accountId: hub });
      await table.start();
      const call = { operation, input, caller, region: "us-east-1" };
      const output = await table.operations[operation]?.(call);
      await table.stop();
      return output;
    };
    await run("PutItem", { TableName, Item: { pk: { S: "kept" } } });
    expect(await run("GetItem", { TableName, Key: { pk: { S: "kept" } } })).toEqual({
      Item: { pk: { S: "kept" } },
    });
    rmSync(path, { recursive: true });
  });

  it("does not start on the table of an earlier version, which lacks an index", async () => {
    const path = mkdtempSync(join(tmpdir(), "curfew-dynamodb-"));
    const run = async (tables: typeof deployment.tables) => {
      const table = createDynamoDb({ path, tables, accountId: hub });
      try {
        await table.start();
      } finally {
        await table.stop();
      }
    };
    const attributes = [{ name: "pk", type: "S" } as const];
    const earlier = { attributes, globalSecondaryIndexes: [] };
    await run(deployment.tables.map((table) => ({ ...table, ...earlier })));
    await expect(run(deployment.tables)).rejects.toThrow(/without the index open.*--fresh/);
    rmSync(path, { recursive: true });
  });
});
