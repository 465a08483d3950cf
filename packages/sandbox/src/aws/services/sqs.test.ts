import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hub, startEndpoint, type TestEndpoint } from "../testing/endpoint.ts";

let endpoint: TestEndpoint;
let client: SQSClient;
let QueueUrl: string | undefined;
beforeEach(async () => {
  endpoint = await startEndpoint();
  client = new SQSClient(endpoint.as(`sandbox-${hub}`));
  const command = new GetQueueUrlCommand({ QueueName: "curfew-sandbox-dead-letters" });
  ({ QueueUrl } = await client.send(command));
});
afterEach(() => endpoint.close());

const send = (MessageBody: string) =>
  client.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody,
      MessageAttributes: { ErrorCode: { DataType: "String", StringValue: "200" } },
    }),
  );

const receive = async (input: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> => {
  const command = new ReceiveMessageCommand({
    QueueUrl,
    MessageAttributeNames: ["All"],
    ...input,
  });
  return (await client.send(command)).Messages ?? [];
};

const counts = async () => {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
  const { Attributes } = await client.send(command);
  return [
    Attributes?.ApproximateNumberOfMessages,
    Attributes?.ApproximateNumberOfMessagesNotVisible,
  ];
};

describe("SQS", () => {
  it("names queues by a URL of the endpoint", async () => {
    expect(QueueUrl).toBe(`${endpoint.url}/${hub}/curfew-sandbox-dead-letters`);
    const { QueueUrls } = await client.send(new ListQueuesCommand({}));
    expect(QueueUrls).toEqual([QueueUrl]);
  });

  it("gives a message back until it is deleted", async () => {
    await send("lost");
    const [first] = await receive();
    expect(first).toMatchObject({
      Body: "lost",
      MessageAttributes: { ErrorCode: { StringValue: "200" } },
    });
    expect(await receive()).toEqual([]);
    expect(await counts()).toEqual(["0", "1"]);

    await endpoint.clock.advance(30_000);
    const [second] = await receive();
    expect(second).toMatchObject({ MessageId: first?.MessageId, Body: "lost" });

    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));
    await endpoint.clock.advance(30_000);
    expect(await receive()).toEqual([]);
    expect(await counts()).toEqual(["0", "0"]);
  });

  it("sends the attributes that were asked for", async () => {
    await send("lost");
    const [message] = await receive({
      MessageAttributeNames: [],
      MessageSystemAttributeNames: ["ApproximateReceiveCount"],
    });
    expect(message?.MessageAttributes).toBeUndefined();
    expect(message?.Attributes).toEqual({ ApproximateReceiveCount: "1" });
  });

  it("deletes nothing by the handle of an older receive", async () => {
    await send("lost");
    const [first] = await receive({ VisibilityTimeout: 0 });
    await receive({ VisibilityTimeout: 0 });
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    expect(await receive()).toHaveLength(1);
  });

  it("gives at most as many as asked for", async () => {
    for (const body of ["a", "b", "c"]) {
      await send(body);
      await endpoint.clock.advance(1);
    }
    const bodies = (await receive({ MaxNumberOfMessages: 2 })).map(({ Body }) => Body);
    expect(bodies).toEqual(["a", "b"]);
  });

  it("forgets a message after the queue's retention", async () => {
    await send("old");
    await endpoint.clock.advance(14 * 24 * 3600_000);
    expect(await receive()).toHaveLength(1);
    await endpoint.clock.advance(30_000);
    expect(await receive()).toEqual([]);
  });

  it("refuses a queue that does not exist, or is another account's", async () => {
    const unknown = client.send(new GetQueueUrlCommand({ QueueName: "unknown" }));
    await expect(unknown).rejects.toMatchObject({ name: "QueueDoesNotExist" });
    client = new SQSClient(endpoint.as("sandbox"));
    await expect(receive()).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  });

  it("refuses more than ten messages at once", async () => {
    await expect(receive({ MaxNumberOfMessages: 11 })).rejects.toMatchObject({
      name: "InvalidParameterValue",
    });
  });
});
