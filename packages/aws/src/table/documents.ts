import { randomUUID } from "node:crypto";
import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import type { DocumentKind, Documents, Page, Stored } from "@curfew/core";
import * as z from "zod/mini";
import { repeatable } from "../clients.ts";
import { calling, isException } from "../errors.ts";
import { attributesOf, type Values, valuesIn } from "./attributes.ts";

/** Where the documents are kept. */
export interface Table {
  client: DynamoDBClient;
  name: string;
}

/** Opens a table by its name. */
export const openTable = (name: string, client = new DynamoDBClient(repeatable)): Table => ({
  client,
  name,
});

/** What is read of an item of the table. */
const Item = z.object({
  pk: z.string(),
  revision: z.int().check(z.positive()),
  /** Names the write, so that a writer whose answer was lost recognises its own. */
  write: z.string(),
  /** JSON in a text: what a customer's function answers may be nested deeper, and have greater numbers, than DynamoDB's own types. */
  document: z.string(),
});

/**
 * A whole item. `open` and `due` are the keys of the sparse index `open`; `ttl` is in seconds since the epoch. Every other attribute is the key
 * of the index of that name.
 */
type Item = Values & z.infer<typeof Item>;

const openIndex = "open";

/** How many ids one page of open documents has at most. */
const pageSize = 100;

/** Documents of one kind in a DynamoDB table, one item each: `get` reads consistently, `put` is conditional on the revision. */
export const createDocuments = <T>(table: Table, kind: DocumentKind<T>): Documents<T> => {
  const keyOf = (id: string): string => `${kind.name}#${id}`;
  const idOf = (pk: string): string => pk.slice(kind.name.length + 1);

  const read = async (id: string): Promise<z.infer<typeof Item> | undefined> => {
    const command = new GetItemCommand({
      TableName: table.name,
      Key: attributesOf({ pk: keyOf(id) }),
      ConsistentRead: true,
    });
    const { Item: item } = await calling("Reading the table", () => table.client.send(command));
    return item === undefined ? undefined : Item.parse(valuesIn(item));
  };

  /** Kinds share the indexes, too: every key begins with the kind. */
  const indexKeysOf = (document: T): Record<string, string> =>
    Object.fromEntries(
      Object.entries(kind.indexes ?? {}).flatMap(([index, partitionOf]) => {
        const partition = partitionOf(document);
        return partition === undefined ? [] : [[index, keyOf(partition)]];
      }),
    );

  const itemOf = (document: T, revision: number): Item => {
    const due = kind.openSince(document);
    const ttl = kind.expires?.(document);
    return {
      pk: keyOf(kind.id(document)),
      revision,
      write: randomUUID(),
      document: JSON.stringify(document),
      ...indexKeysOf(document),
      ...(due === undefined ? {} : { open: kind.name, due }),
      ...(ttl === undefined ? {} : { ttl }),
    };
  };

  return {
    get: async (id) => {
      const item = await read(id);
      return item && { document: kind.parse(JSON.parse(item.document)), revision: item.revision };
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

    listOpen: async (cursor, dueBy): Promise<Page<string>> => {
      const isAll = dueBy === undefined;
      const command = new QueryCommand({
        TableName: table.name,
        IndexName: openIndex,
        KeyConditionExpression: isAll ? "#open = :kind" : "#open = :kind AND #due <= :due",
        ExpressionAttributeNames: { "#open": "open", ...(isAll ? {} : { "#due": "due" }) },
        ExpressionAttributeValues: attributesOf({
          ":kind": kind.name,
          ...(isAll ? {} : { ":due": dueBy }),
        }),
        ExclusiveStartKey:
          cursor === undefined ? undefined : attributesOf(IndexKey.parse(JSON.parse(cursor))),
        Limit: pageSize,
      });
      const page = await calling("Querying the table", () => table.client.send(command));
      return {
        items: keysIn(page.Items).map(idOf),
        ...(page.LastEvaluatedKey === undefined
          ? {}
          : { cursor: JSON.stringify(valuesIn(page.LastEvaluatedKey)) }),
      };
    },

    listBy: async ({ index, partition, before, limit }) => {
      const ids: string[] = [];
      let end = before;
      do {
        const command = new QueryCommand({
          TableName: table.name,
          IndexName: index,
          KeyConditionExpression:
            end === undefined ? "#index = :partition" : "#index = :partition AND pk < :end",
          ExpressionAttributeNames: { "#index": index },
          ExpressionAttributeValues: attributesOf({
            ":partition": keyOf(partition),
            ...(end === undefined ? {} : { ":end": keyOf(end) }),
          }),
          ScanIndexForward: false,
          Limit: limit - ids.length,
        });
        const page = await calling("Querying the table", () => table.client.send(command));
        ids.push(...keysIn(page.Items).map(idOf));
        // A page may be short although there is more.
        end = page.LastEvaluatedKey === undefined ? undefined : ids.at(-1);
      } while (end !== undefined && ids.length < limit);
      return ids;
    },
  };
};

const keysIn = (items: readonly Record<string, AttributeValue>[] = []): string[] =>
  items.map((item) => z.object({ pk: z.string() }).parse(valuesIn(item)).pk);

const IndexKey = z.strictObject({ pk: z.string(), open: z.string(), due: z.string() });

const put = (table: Table, item: Item, previous: Stored<unknown> | undefined): PutItemCommand =>
  new PutItemCommand({
    TableName: table.name,
    Item: attributesOf(item),
    ...(previous === undefined
      ? { ConditionExpression: "attribute_not_exists(pk)" }
      : {
          ConditionExpression: "revision = :revision",
          ExpressionAttributeValues: attributesOf({ ":revision": previous.revision }),
        }),
  });
