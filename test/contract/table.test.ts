import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createDocuments, openTable } from "@curfew/aws";
import type { DocumentKind } from "@curfew/core";
import { documentsContract } from "@curfew/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import {
  startEndpoint,
  type TestEndpoint,
} from "../../packages/sandbox/src/aws/testing/endpoint.ts";

let endpoint: TestEndpoint;
let client: DynamoDBClient;

beforeAll(async () => {
  endpoint = await startEndpoint();
  client = new DynamoDBClient(endpoint.as("sandbox-666666666666"));
});

afterAll(() => endpoint.close());

const table = (through = client) => openTable("curfew-sandbox", through);

documentsContract("documents in DynamoDB", (kind) => createDocuments(table(), kind), {
  pageSize: 100,
});

it("keeps JSON that DynamoDB has no types for", async () => {
  const Odd = z.object({ id: z.string(), answer: z.json() });
  const kind: DocumentKind<z.infer<typeof Odd>> = {
    name: "odd",
    parse: (stored) => Odd.parse(stored),
    id: ({ id }) => id,
    openSince: () => undefined,
  };
  const deep = Array.from({ length: 40 }).reduce<unknown>((inner) => ({ inner }), null);
  const answer = z.json().parse({ great: 1e300, precise: 2 ** 60, "": [""], deep });
  const documents = createDocuments(table(), kind);
  await documents.put({ id: "a", answer }, undefined);
  expect((await documents.get("a"))?.document).toEqual({ id: "a", answer });
});

describe("a writer whose answer was lost", () => {
  const kind = {
    name: "lost",
    parse: (stored: unknown) => stored as { id: string },
    id: ({ id }: { id: string }) => id,
    openSince: () => undefined,
  };

  it("recognises its own write", async () => {
    const deaf = new DynamoDBClient(endpoint.as("sandbox-666666666666"));
    // Sends every write twice, as the SDK does when the first answer does not arrive.
    deaf.middlewareStack.add(
      (next) => async (args) => {
        await next(args);
        return next(args);
      },
      { step: "finalizeRequest", priority: "low", name: "twice" },
    );
    const documents = createDocuments(table(deaf), kind);
    expect(await documents.put({ id: "a" }, undefined)).toEqual({
      document: { id: "a" },
      revision: 1,
    });
  });

  it("still loses against another writer", async () => {
    const documents = createDocuments(table(), kind);
    await documents.put({ id: "b" }, undefined);
    expect(await documents.put({ id: "b" }, undefined)).toBeUndefined();
  });
});
