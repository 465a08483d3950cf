import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { BatchWriteCommand, DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { administrator } from "../support/acme.ts";
import { apiClient } from "../support/client.ts";
import type { SandboxProcess } from "../support/sandbox.ts";
import { watchCalls } from "./calls.ts";

/** The cost of one run of a reconciler. */
export interface ReconcileCost {
  /** The function's name, without the stage's prefix. */
  name: string;
  /** Requests in the table that are over. */
  closed: number;
  calls: number;
  /** Milliseconds; the shortest of some runs, for the machine may be busy. */
  time: number;
}

const hub = "666666666666";
const table = "curfew-sandbox";
const runs = 5;
const reconcilers = ["reconcile-requests", "reconcile-leases"];

/** What `BatchWriteItem` takes, and how many of those are under way at once. */
const batchSize = 25;
const together = 8;

/**
 * Measures both reconcilers beside more and more closed requests: copies of one that really ran, written straight into the table.
 *
 * @param sizes how many closed requests, growing
 */
export const runReconcile = async (
  { apiUrl, awsUrl }: SandboxProcess,
  sizes: readonly number[],
  report: (line: string) => void,
): Promise<ReconcileCost[]> => {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(administrator(awsUrl, hub)));
  const lambda = new LambdaClient(administrator(awsUrl, hub));
  const api = apiClient(apiUrl);
  const { id } = await api.ask("alice", "1s");
  await api.until("alice", id, "ended", 60_000);
  // An open request and its lease, which every run reads.
  await api.ask("dave", "1h");
  const { Items: items = [] } = await documents.send(new ScanCommand({ TableName: table }));
  const model = items.find(({ pk }) => pk === `request#${id}`);
  if (model === undefined) throw new Error("The request is not in the table.");

  const fill = async (count: number): Promise<void> => {
    let left = count;
    const writer = async (): Promise<void> => {
      while (left > 0) {
        const size = Math.min(batchSize, left);
        left -= size;
        const puts = Array.from({ length: size }, () => ({
          PutRequest: { Item: { ...model, pk: `request#req_${randomUUID()}` } },
        }));
        await documents.send(new BatchWriteCommand({ RequestItems: { [table]: puts } }));
        if (left % 10_000 < batchSize)
          report(`${count - left} of ${count} closed requests written`);
      }
    };
    await Promise.all(Array.from({ length: together }, writer));
  };

  const invoke = async (name: string): Promise<number> => {
    const start = performance.now();
    const answer = await lambda.send(
      new InvokeCommand({ FunctionName: `${table}-${name}`, Payload: event }),
    );
    if (answer.FunctionError !== undefined)
      throw new Error(Buffer.from(answer.Payload ?? []).toString());
    return performance.now() - start;
  };

  for (const name of reconcilers) await invoke(name);
  const costs: ReconcileCost[] = [];
  let closed = 1;
  for (const size of sizes) {
    await fill(size - closed);
    closed = size;
    for (const name of reconcilers) {
      const watch = watchCalls(apiUrl);
      const start = Date.now();
      const times: number[] = [];
      for (let run = 0; run < runs; run += 1) times.push(await invoke(name));
      const calls = (await watch.stop()).filter(
        (call) => call.function === `${table}-${name}` && Date.parse(call.at) >= start,
      );
      costs.push({ name, closed, calls: calls.length / runs, time: Math.min(...times) });
    }
    report(`reconciled beside ${closed} closed requests`);
  }
  return costs;
};

/** As the cron sends it. */
const event = JSON.stringify({
  version: "0",
  id: randomUUID(),
  "detail-type": "Scheduled Event",
  source: "aws.events",
  account: hub,
  time: new Date(0).toISOString(),
  region: "us-east-1",
  resources: [],
  detail: {},
});
