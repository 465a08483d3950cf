import { request as httpRequest } from "node:http";
import { setTimeout } from "node:timers/promises";
import dynalite from "dynalite";
import * as z from "zod";
import type { Table } from "../../deployment/model.ts";
import { AwsError, type Call, type Service } from "../service.ts";

/** DynamoDB, which must be started before it is called. */
export interface DynamoDb extends Service {
  /** Opens the files and creates the tables that are not there yet. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The operations of a data plane, and the reading ones of the control plane. */
const operations = [
  "BatchGetItem",
  "BatchWriteItem",
  "DeleteItem",
  "DescribeTable",
  "DescribeTimeToLive",
  "GetItem",
  "ListTables",
  "PutItem",
  "Query",
  "Scan",
  "UpdateItem",
];

const Failure = z.looseObject({
  __type: z.string(),
  message: z.string().optional(),
  Message: z.string().optional(),
});

const Description = z.looseObject({
  Table: z.looseObject({
    TableStatus: z.string(),
    GlobalSecondaryIndexes: z.array(z.looseObject({ IndexName: z.string() })).default([]),
  }),
});

/** dynalite wants a signature, and does not verify it; who calls was decided before. */
const headers = {
  "content-type": "application/x-amz-json-1.0",
  authorization:
    "AWS4-HMAC-SHA256 Credential=sandbox/20240101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
  "x-amz-date": "20240101T000000Z",
};

const createTableInput = (table: Table) => ({
  TableName: table.name,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: table.attributes.map(({ name, type }) => ({
    AttributeName: name,
    AttributeType: type,
  })),
  KeySchema: keySchema(table),
  ...(table.globalSecondaryIndexes.length === 0
    ? {}
    : {
        GlobalSecondaryIndexes: table.globalSecondaryIndexes.map((index) => ({
          IndexName: index.name,
          KeySchema: keySchema(index),
          Projection: {
            ProjectionType: index.projectionType,
            NonKeyAttributes: index.nonKeyAttributes,
          },
        })),
      }),
});

const keySchema = (keys: { hashKey: string; rangeKey?: string | undefined }) => [
  { AttributeName: keys.hashKey, KeyType: "HASH" },
  ...(keys.rangeKey === undefined ? [] : [{ AttributeName: keys.rangeKey, KeyType: "RANGE" }]),
];

/** dynalite's description of a table, with the account in its ARNs: dynalite knows none. */
const inAccount = (description: unknown, accountId: string): unknown =>
  JSON.parse(JSON.stringify(description), (key, value: unknown) =>
    (key === "TableArn" || key === "IndexArn") && typeof value === "string"
      ? value.replace(":000000000000:", `:${accountId}:`)
      : value,
  );

const toError = (status: number, text: string): AwsError => {
  const { __type, message, Message, ...members } = Failure.parse(JSON.parse(text));
  const code = __type.slice(__type.indexOf("#") + 1);
  return new AwsError(code, message ?? Message ?? "", status, members);
};

/**
 * DynamoDB by dynalite, on a loopback port of its own that only this service knows of.
 *
 * @param deps.path the directory of its files; without one the tables live in memory
 * @param deps.accountId whose tables they are: other accounts see none
 */
export const createDynamoDb = (deps: {
  path?: string;
  tables: readonly Table[];
  accountId: string;
}): DynamoDb => {
  const server = dynalite({
    createTableMs: 0,
    ...(deps.path === undefined ? {} : { path: deps.path }),
  });

  // As in server.ts: an idle connection is never closed under a call that is on its way.
  server.keepAliveTimeout = 0;

  const forward = (operation: string, input: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const address = server.address();
      if (typeof address !== "object" || address === null) {
        reject(new Error("DynamoDB was called before it was started."));
        return;
      }
      const outgoing = httpRequest(
        {
          host: "127.0.0.1",
          port: address.port,
          method: "POST",
          headers: { ...headers, "x-amz-target": `DynamoDB_20120810.${operation}` },
        },
        (incoming) => {
          const chunks: Uint8Array[] = [];
          incoming.on("data", (chunk) => chunks.push(chunk));
          incoming.on("error", reject);
          incoming.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            const status = incoming.statusCode ?? 500;
            if (status === 200) resolve(JSON.parse(text));
            else reject(toError(status, text));
          });
        },
      );
      outgoing.on("error", reject);
      outgoing.end(JSON.stringify(input));
    });

  const run = async (call: Call): Promise<unknown> => {
    if (call.caller.accountId === deps.accountId) {
      const answer = await forward(call.operation, call.input);
      return call.operation === "DescribeTable" ? inAccount(answer, deps.accountId) : answer;
    }
    if (call.operation === "ListTables") return { TableNames: [] };
    throw new AwsError("ResourceNotFoundException", "Requested resource not found");
  };

  const createTable = async (table: Table): Promise<void> => {
    try {
      await forward("CreateTable", createTableInput(table));
    } catch (error) {
      const exists = error instanceof AwsError && error.code === "ResourceInUseException";
      if (!exists) throw error;
    }
    const indexes = await becomeActive(table.name);
    const missing = table.globalSecondaryIndexes.filter(({ name }) => !indexes.includes(name));
    if (missing.length > 0)
      throw new Error(
        `The table ${table.name} is of an earlier version, without the index ${missing[0]?.name}: start over with --fresh.`,
      );
  };

  /** dynalite creates tables a moment after it has answered. Answers the names of the table's indexes. */
  const becomeActive = async (TableName: string): Promise<string[]> => {
    for (let look = 0; look < 200; look += 1) {
      const { Table } = Description.parse(await forward("DescribeTable", { TableName }));
      if (Table.TableStatus === "ACTIVE")
        return Table.GlobalSecondaryIndexes.map(({ IndexName }) => IndexName);
      await setTimeout(10);
    }
    throw new Error(`The table ${TableName} does not become active: start over with --fresh.`);
  };

  return {
    signingName: "dynamodb",
    operations: Object.fromEntries(operations.map((operation) => [operation, run])),
    start: async () => {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", () => resolve());
      });
      await Promise.all(deps.tables.map(createTable));
    },
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) =>
          error === undefined || error === null ? resolve() : reject(error),
        );
        server.closeAllConnections();
      }),
  };
};
