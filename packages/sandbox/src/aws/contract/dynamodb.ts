import { DynamoDB, paginateScan } from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";
import { deployment } from "../testing/endpoint.ts";
import type { Contract, PagedList } from "./contract.ts";
import type { World } from "./world.ts";

const as = (config: World["hub"]) => new DynamoDB(config);
const { name: TableName = "", arn = "" } = deployment.tables[0] ?? {};
const absent = { TableName: "absent" };
const key = (pk: string) => ({ pk: { S: pk } });
const of = (pk: string) => ({ TableName, Key: key(pk) });
const put = (world: World, pk: string) =>
  as(world.hub).putItem({ TableName, Item: { ...key(pk), open: { S: "yes" }, due: { S: pk } } });
const missing = {
  ConditionExpression: "attribute_exists(pk)",
};

export const dynamoDb: Contract = {
  PutItem: {
    answers: async (world) => {
      await put(world, "put");
      expect((await as(world.hub).getItem(of("put"))).Item).toMatchObject(key("put"));
    },
    refuses: {
      ConditionalCheckFailedException: ({ hub }) =>
        as(hub).putItem({ TableName, Item: key("nowhere"), ...missing }),
      ResourceNotFoundException: ({ management }) =>
        as(management).putItem({ TableName, Item: key("elsewhere") }),
      ValidationException: ({ hub }) => as(hub).putItem({ TableName, Item: { other: { S: "x" } } }),
    },
  },
  GetItem: {
    answers: async (world) => {
      await put(world, "got");
      const { Item } = await as(world.hub).getItem({ ...of("got"), ConsistentRead: true });
      expect(Item).toMatchObject(key("got"));
    },
    refuses: {
      ResourceNotFoundException: ({ hub }) => as(hub).getItem({ ...of("got"), ...absent }),
      ValidationException: ({ hub }) => as(hub).getItem({ TableName, Key: { other: { S: "x" } } }),
    },
  },
  UpdateItem: {
    answers: async (world) => {
      await put(world, "updated");
      const { Attributes } = await as(world.hub).updateItem({
        ...of("updated"),
        UpdateExpression: "SET n = :n",
        ExpressionAttributeValues: { ":n": { N: "1" } },
        ReturnValues: "UPDATED_NEW",
      });
      expect(Attributes).toEqual({ n: { N: "1" } });
    },
    refuses: {
      ConditionalCheckFailedException: ({ hub }) =>
        as(hub).updateItem({
          ...of("nowhere"),
          ...missing,
          UpdateExpression: "SET n = :n",
          ExpressionAttributeValues: { ":n": { N: "1" } },
        }),
    },
  },
  DeleteItem: {
    answers: async (world) => {
      await put(world, "deleted");
      await as(world.hub).deleteItem(of("deleted"));
      expect((await as(world.hub).getItem(of("deleted"))).Item).toBeUndefined();
    },
    refuses: {
      ConditionalCheckFailedException: ({ hub }) =>
        as(hub).deleteItem({ ...of("nowhere"), ...missing }),
    },
  },
  BatchGetItem: {
    answers: async (world) => {
      await put(world, "batch");
      const { Responses } = await as(world.hub).batchGetItem({
        RequestItems: { [TableName]: { Keys: [key("batch"), key("nowhere")] } },
      });
      expect(Responses?.[TableName]).toMatchObject([key("batch")]);
    },
    refuses: {
      ResourceNotFoundException: ({ hub }) =>
        as(hub).batchGetItem({ RequestItems: { absent: { Keys: [key("batch")] } } }),
    },
  },
  BatchWriteItem: {
    answers: async ({ hub }) => {
      const RequestItems = { [TableName]: [{ PutRequest: { Item: key("written") } }] };
      const { UnprocessedItems } = await as(hub).batchWriteItem({ RequestItems });
      expect(UnprocessedItems).toEqual({});
    },
    refuses: {
      ResourceNotFoundException: ({ hub }) =>
        as(hub).batchWriteItem({
          RequestItems: { absent: [{ PutRequest: { Item: key("written") } }] },
        }),
    },
  },
  Query: {
    answers: async (world) => {
      await put(world, "queried");
      const { Items } = await as(world.hub).query({
        TableName,
        IndexName: "open",
        KeyConditionExpression: "#open = :yes AND due <= :until",
        ExpressionAttributeNames: { "#open": "open" },
        ExpressionAttributeValues: { ":yes": { S: "yes" }, ":until": { S: "queried" } },
      });
      expect(Items?.at(-1)).toMatchObject(key("queried"));
    },
    refuses: {
      ValidationException: ({ hub }) =>
        as(hub).query({
          TableName,
          IndexName: "absent",
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": { S: "x" } },
        }),
    },
  },
  Scan: {
    answers: async (world) => {
      await put(world, "scanned");
      const { Items } = await as(world.hub).scan({ TableName });
      expect(Items?.map(({ pk }) => pk?.S)).toContain("scanned");
    },
    refuses: { ResourceNotFoundException: ({ hub }) => as(hub).scan(absent) },
  },
  DescribeTable: {
    answers: async ({ hub }) => {
      const { Table } = await as(hub).describeTable({ TableName });
      expect(Table).toMatchObject({ TableStatus: "ACTIVE", TableArn: arn });
      const indexes = Table?.GlobalSecondaryIndexes?.map(({ IndexArn }) => IndexArn);
      expect(indexes).toContain(`${arn}/index/open`);
    },
    refuses: {
      ResourceNotFoundException: ({ management }) => as(management).describeTable({ TableName }),
    },
  },
  DescribeTimeToLive: {
    answers: async ({ hub }) => {
      const { TimeToLiveDescription } = await as(hub).describeTimeToLive({ TableName });
      expect(TimeToLiveDescription?.TimeToLiveStatus).toBe("DISABLED");
    },
    refuses: { ResourceNotFoundException: ({ hub }) => as(hub).describeTimeToLive(absent) },
  },
  ListTables: {
    answers: async ({ hub, management }) => {
      expect((await as(hub).listTables({})).TableNames).toEqual([TableName]);
      expect((await as(management).listTables({})).TableNames).toEqual([]);
    },
    refuses: { ValidationException: ({ hub }) => as(hub).listTables({ Limit: 0 }) },
  },
};

export const dynamoDbLists: readonly PagedList[] = [
  {
    operation: "Scan",
    pages: ({ hub }, pageSize) => paginateScan({ client: as(hub), pageSize }, { TableName }),
    member: "Items",
  },
];
