import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from "@aws-sdk/lib-dynamodb";
import type { DocumentKind, Documents, Page, Stored } from "@curfew/core";
import * as z from "zod";
import { repeatable } from "../clients.ts";
import { calling, isException } from "../errors.ts";

/** Where the documents are kept. */
export interface Table {
  client: DynamoDBDocumentClient;
  name: string;
}

/** Opens a table by its name. */
export const openTable = (
  name: string,
  client = DynamoDBDocumentClient.from(new DynamoDBClient(repeatable)),
): Table => ({ client, name });

/** One item of the table. `open` and `due` are the keys of the sparse index `open`; `ttl` is in seconds since the epoch. */
const Item = z.strictObject({
  pk: z.string(),
  revision: z.int().positive(),
  /** Names the write, so that a writer whose answer was lost recognises its own. */
  write: z.string(),
  document: z.unknown(),
  open: z.string().optional(),
  due: z.string().optional(),
  ttl: z.int().optional(),
});
type Item = z.infer<typeof Item>;

const openIndex = "open";

/** How many ids one page of open documents has at most. */
const pageSize = 100;

/** Documents of one kind in a DynamoDB table, one item each: `get` reads consistently, `put` is conditional on the revision. */
export const createDocuments = <T>(table: Table, kind: DocumentKind<T>): Documents<T> => {
  const keyOf = (id: string): string => `${kind.name}#${id}`;

  const read = async (id: string): Promise<Item | undefined> => {
    const command = new GetCommand({
      TableName: table.name,
      Key: { pk: keyOf(id) },
      ConsistentRead: true,
    });
    const { Item: item } = await calling("Reading the table", () => table.client.send(command));
    return item === undefined ? undefined : Item.parse(item);
  };

  const itemOf = (document: T, revision: number): Item => {
    const due = kind.openSince(document);
    const ttl = kind.expires?.(document);
    return {
      pk: keyOf(kind.id(document)),
      revision,
      write: randomUUID(),
      document,
      ...(due === undefined ? {} : { open: kind.name, due }),
      ...(ttl === undefined ? {} : { ttl }),
    };
  };

  return {
    get: async (id) => {
      const item = await read(id);
      return item && { document: kind.parse(item.document), revision: item.revision };
    },

    put: async (document, previous): Promise<Stored<T> | undefined> => {
      const item = itemOf(kind.parse(document), (previous?.revision ?? 0) + 1);
      const stored = { document, revision: item.revision };
      try {
        await calling("Writing the table", () => table.client.send(put(table, item, previous)));
        return stored;
      } catch (error) {
        if (!isException(error, "ConditionalCheckFailedException")) throw error;
        const winner = await read(kind.id(document));
        return winner?.write === item.write ? stored : undefined;
      }
    },

    listOpen: async (cursor): Promise<Page<string>> => {
      const command = new QueryCommand({
        TableName: table.name,
        IndexName: openIndex,
        KeyConditionExpression: "#open = :kind",
        ExpressionAttributeNames: { "#open": "open" },
        ExpressionAttributeValues: { ":kind": kind.name },
        ExclusiveStartKey: cursor === undefined ? undefined : IndexKey.parse(JSON.parse(cursor)),
        Limit: pageSize,
      });
      const page = await calling("Querying the table", () => table.client.send(command));
      const items = (page.Items ?? []).map((item) => z.object({ pk: z.string() }).parse(item).pk);
      return {
        items: items.map((pk) => pk.slice(kind.name.length + 1)),
        ...(page.LastEvaluatedKey === undefined
          ? {}
          : { cursor: JSON.stringify(page.LastEvaluatedKey) }),
      };
    },
  };
};

const IndexKey = z.strictObject({ pk: z.string(), open: z.string(), due: z.string() });

const put = (table: Table, item: Item, previous: Stored<unknown> | undefined): PutCommand =>
  new PutCommand({
    TableName: table.name,
    Item: item,
    ...(previous === undefined
      ? { ConditionExpression: "attribute_not_exists(pk)" }
      : {
          ConditionExpression: "revision = :revision",
          ExpressionAttributeValues: { ":revision": previous.revision },
        }),
  });
