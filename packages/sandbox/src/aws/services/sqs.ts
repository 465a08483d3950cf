import { createHash } from "node:crypto";
import * as z from "zod";
import type { Clock } from "../../clock.ts";
import type { Store } from "../../store.ts";
import { paginate } from "../pagination.ts";
import { createQueueMessages, type QueueMessage } from "../queue-messages.ts";
import type { Queues } from "../queues.ts";
import { AwsError, type Call, type Service } from "../service.ts";
import { validate } from "../validate.ts";

interface Queue {
  name: string;
  arn: string;
  /** Seconds a message is kept. */
  retention?: number | undefined;
}

/** Seconds a message is kept where the queue does not say: SQS's default. */
const defaultRetention = 4 * 24 * 3600;

/** Seconds a received message stays hidden: SQS's default. */
const defaultVisibility = 30;
/** Milliseconds between two looks of a long poll. */
const pollInterval = 200;

const attributeValue = z.object({ DataType: z.string(), StringValue: z.string().optional() });
const queueUrl = z.string();
const names = z.array(z.string()).default([]);
const OfQueue = z.object({ QueueUrl: queueUrl });
const OfAttributes = OfQueue.extend({ AttributeNames: names });
const OfName = z.object({ QueueName: z.string() });
const ListQueues = z.object({
  QueueNamePrefix: z.string().default(""),
  MaxResults: z.number().int().min(1).max(1000).default(1000),
  NextToken: z.string().optional(),
});
const SendMessage = OfQueue.extend({
  MessageBody: z.string().min(1),
  DelaySeconds: z.number().int().min(0).max(900).default(0),
  MessageAttributes: z.record(z.string(), attributeValue).default({}),
});
const ReceiveMessage = OfQueue.extend({
  MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
  VisibilityTimeout: z.number().int().min(0).max(43_200).default(defaultVisibility),
  WaitTimeSeconds: z.number().int().min(0).max(20).default(0),
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
});
type ReceiveMessage = z.infer<typeof ReceiveMessage>;
const DeleteMessage = OfQueue.extend({ ReceiptHandle: z.string() });

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

const missing = (): AwsError =>
  new AwsError("QueueDoesNotExist", "The specified queue does not exist.");

/** SQS refuses bad values in its own words, and under its own name. */
const parse = <S extends z.ZodType>(schema: S, call: Call) =>
  validate(schema, call.input, "InvalidParameterValue");

/** The attributes that were asked for, or undefined without any: SQS sends none by itself. */
const select = (
  attributes: Readonly<Record<string, unknown>>,
  wanted: readonly string[],
): Record<string, unknown> | undefined => {
  const all = wanted.includes("All") || wanted.includes(".*");
  const found = Object.entries(attributes).filter(([name]) => all || wanted.includes(name));
  return found.length === 0 ? undefined : Object.fromEntries(found);
};

const describe = (message: QueueMessage, input: ReceiveMessage) => ({
  MessageId: message.id,
  ReceiptHandle: message.receipt,
  MD5OfBody: md5(message.body),
  Body: message.body,
  Attributes: select(
    {
      SentTimestamp: String(message.sentAt),
      ApproximateReceiveCount: String(message.received),
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    },
    [...input.AttributeNames, ...input.MessageSystemAttributeNames],
  ),
  MessageAttributes: select(
    Object.fromEntries(
      Object.entries(message.attributes).map(([name, StringValue]) => [
        name,
        { DataType: "String", StringValue },
      ]),
    ),
    input.MessageAttributeNames,
  ),
});

/** @param deps.endpointUrl where the endpoint listens, such as `http://127.0.0.1:4566`: queue URLs begin with it */
export const createSqs = (deps: {
  store: Store;
  clock: Clock;
  queues: readonly Queue[];
  endpointUrl: () => string;
}): Service & Queues => {
  const { store, clock, queues } = deps;
  const retentionOf = (queue: Queue | undefined): number => queue?.retention ?? defaultRetention;
  const messages = createQueueMessages({
    store,
    clock,
    retention: (queueName) => retentionOf(queues.find(({ name }) => name === queueName)),
  });

  const accountOf = (queue: Queue): string => queue.arn.split(":")[4] ?? "";
  const urlOf = (queue: Queue): string => `${deps.endpointUrl()}/${accountOf(queue)}/${queue.name}`;

  /** By the URL's path alone: the endpoint may have had another port when the URL was handed out. */
  const byUrl = (call: Call, url: string): Queue => {
    const [account, name] = url.split("/").slice(-2);
    const queue = queues.find((it) => it.name === name && accountOf(it) === account);
    if (queue === undefined || account !== call.caller.accountId) throw missing();
    return queue;
  };

  const mine = (call: Call): Queue[] =>
    queues.filter((queue) => accountOf(queue) === call.caller.accountId);

  const receive = async (call: Call): Promise<unknown> => {
    const input = parse(ReceiveMessage, call);
    const queue = byUrl(call, input.QueueUrl);
    const deadline = clock.now() + input.WaitTimeSeconds * 1000;
    let taken = messages.take(queue.name, input.MaxNumberOfMessages, input.VisibilityTimeout);
    while (taken.length === 0 && clock.now() < deadline) {
      await clock.sleep(pollInterval);
      taken = messages.take(queue.name, input.MaxNumberOfMessages, input.VisibilityTimeout);
    }
    return taken.length === 0 ? {} : { Messages: taken.map((it) => describe(it, input)) };
  };

  const send = (call: Call): unknown => {
    const input = parse(SendMessage, call);
    const attributes = Object.entries(input.MessageAttributes).map(([name, value]) => [
      name,
      value.StringValue ?? "",
    ]);
    const queue = byUrl(call, input.QueueUrl);
    const { id, body } = messages.put(
      queue.name,
      input.MessageBody,
      Object.fromEntries(attributes),
      input.DelaySeconds,
    );
    return { MessageId: id, MD5OfMessageBody: md5(body) };
  };

  const remove = (call: Call): unknown => {
    const input = parse(DeleteMessage, call);
    byUrl(call, input.QueueUrl);
    messages.remove(input.ReceiptHandle);
    return {};
  };

  const getAttributes = (call: Call): unknown => {
    const input = parse(OfAttributes, call);
    const queue = byUrl(call, input.QueueUrl);
    const all = messages.kept(queue.name);
    const hidden = all.filter(({ visibleAt }) => visibleAt > clock.now()).length;
    const attributes: Record<string, string> = {
      QueueArn: queue.arn,
      ApproximateNumberOfMessages: String(all.length - hidden),
      ApproximateNumberOfMessagesNotVisible: String(hidden),
      ApproximateNumberOfMessagesDelayed: "0",
      VisibilityTimeout: String(defaultVisibility),
      MessageRetentionPeriod: String(retentionOf(queue)),
    };
    return { Attributes: select(attributes, input.AttributeNames) };
  };

  const list = (call: Call): unknown => {
    const input = parse(ListQueues, call);
    const found = mine(call).filter(({ name }) => name.startsWith(input.QueueNamePrefix));
    const { items, nextToken } = paginate(found, ({ name }) => name, {
      list: `queues:${input.QueueNamePrefix}`,
      token: input.NextToken,
      size: input.MaxResults,
      invalidToken: "InvalidParameterValue",
    });
    return { QueueUrls: items.map(urlOf), NextToken: nextToken };
  };

  return {
    signingName: "sqs",
    legacyCodes: { QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue" },
    operations: {
      SendMessage: send,
      ReceiveMessage: receive,
      DeleteMessage: remove,
      GetQueueAttributes: getAttributes,
      GetQueueUrl: (call) => {
        const { QueueName } = parse(OfName, call);
        const queue = mine(call).find(({ name }) => name === QueueName);
        if (queue === undefined) throw missing();
        return { QueueUrl: urlOf(queue) };
      },
      ListQueues: list,
    },
    has: (queueArn) => queues.some(({ arn }) => arn === queueArn),
    send: (queueArn, body, attributes = {}) => {
      const queue = queues.find(({ arn }) => arn === queueArn);
      if (queue === undefined) throw missing();
      messages.put(queue.name, body, attributes);
    },
  };
};
