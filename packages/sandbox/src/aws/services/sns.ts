import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { Clock } from "../../clock.ts";
import type { Store } from "../../store.ts";
import { accountOf } from "../arn.ts";
import { accessDenied } from "../authorize.ts";
import { paginate } from "../pagination.ts";
import { AwsError, type Call, type Service } from "../service.ts";
import { validate } from "../validate.ts";

/** What a topic delivered. */
export interface DeliveredMessage {
  /** The topic's name. */
  topic: string;
  /** ISO 8601. */
  at: string;
  attributes: Readonly<Record<string, string>>;
  /** Parsed where it is JSON, the text where it is not. */
  message: unknown;
}

/** SNS, and all that it delivered. */
export interface Sns extends Service {
  /** In the order of delivery. */
  messages(): DeliveredMessage[];
}

/** Bytes, with the attributes: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const largestMessage = 256 * 1024;

const Publish = z.object({
  TopicArn: z.string().optional(),
  TargetArn: z.string().optional(),
  Message: z.string(),
  Subject: z.string().optional(),
  MessageStructure: z.string().optional(),
  MessageAttributes: z
    .record(z.string(), z.object({ DataType: z.string(), StringValue: z.string().optional() }))
    .default({}),
});
type Publish = z.infer<typeof Publish>;

const OfTopic = z.object({ TopicArn: z.string() });
const Page = z.object({ NextToken: z.string().optional() });

const invalid = (message: string): AwsError =>
  new AwsError("InvalidParameter", `Invalid parameter: ${message}`);

const attributesOf = (input: Publish): Record<string, string> => {
  const pairs = Object.entries(input.MessageAttributes).map(
    ([name, { DataType, StringValue }]): [string, string] => {
      if (StringValue === undefined || StringValue === "") {
        throw new AwsError(
          "ParameterValueInvalid",
          `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
        );
      }
      return [name, StringValue];
    },
  );
  return Object.fromEntries(pairs);
};

const Alternatives = z.record(z.string(), z.string());

/** What a subscriber gets: with `MessageStructure: json` the text for every protocol stands by itself. */
const textOf = (input: Publish): string => {
  if (input.MessageStructure === undefined) return input.Message;
  if (input.MessageStructure !== "json") throw invalid("MessageStructure");
  let parsed: unknown;
  try {
    parsed = JSON.parse(input.Message);
  } catch {
    throw invalid("Message Structure - JSON message body failed to parse");
  }
  const alternatives = Alternatives.safeParse(parsed).data;
  if (alternatives?.default === undefined) {
    throw invalid("Message Structure - No default entry in JSON message body");
  }
  return alternatives.default;
};

const parsedOrText = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const sizeOf = (input: Publish): number =>
  Buffer.byteLength(input.Message) +
  Object.entries(input.MessageAttributes)
    .map(([name, { DataType, StringValue }]) => name + DataType + (StringValue ?? ""))
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0);

const check = (input: Publish): void => {
  if (input.Message === "") throw invalid("Empty message");
  if (sizeOf(input) > largestMessage) throw invalid("Message too long");
  const { Subject } = input;
  if (Subject !== undefined && !/^[\x20-\x7e]{1,100}$/.test(Subject)) throw invalid("Subject");
};

/** SNS of the hub. Nobody subscribes here: what was published waits in the inbox. */
export const createSns = (deps: {
  store: Store;
  clock: Clock;
  topics: readonly { name: string; arn: string }[];
  /** Told of each message once it is kept. */
  onDelivered?: (message: DeliveredMessage) => void;
}): Sns => {
  const { clock, topics, onDelivered } = deps;
  const delivered = deps.store.collection<DeliveredMessage>("sns-messages");
  let sequence = delivered.list().length;

  const topicOf = (call: Call, arn: string) => {
    if (!arn.startsWith("arn:aws:sns:")) throw invalid("TopicArn");
    if (accountOf(arn) !== call.caller.accountId) {
      throw accessDenied(service, call, arn, `SNS:${call.operation}`);
    }
    const topic = topics.find((it) => it.arn === arn);
    if (topic === undefined) throw new AwsError("NotFound", "Topic does not exist", 404);
    return topic;
  };

  const publish = (call: Call): unknown => {
    const input = validate(Publish, call.input, "InvalidParameter");
    const arn = input.TopicArn ?? input.TargetArn;
    if (arn === undefined)
      throw invalid("TopicArn or TargetArn Reason: no value for required parameter");
    const topic = topicOf(call, arn);
    check(input);
    const message: DeliveredMessage = {
      topic: topic.name,
      at: new Date(clock.now()).toISOString(),
      attributes: attributesOf(input),
      message: parsedOrText(textOf(input)),
    };
    delivered.put(String(sequence).padStart(12, "0"), message);
    sequence += 1;
    onDelivered?.(message);
    return { MessageId: randomUUID() };
  };

  const listTopics = (call: Call): unknown => {
    const { NextToken } = validate(Page, call.input, "InvalidParameter");
    const mine = topics.filter(({ arn }) => accountOf(arn) === call.caller.accountId);
    const { items, nextToken } = paginate(mine, ({ arn }) => arn, {
      list: "topics",
      token: NextToken,
      size: 100,
      invalidToken: "InvalidParameter",
    });
    return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), NextToken: nextToken };
  };

  const getAttributes = (call: Call): unknown => {
    const { arn } = topicOf(call, validate(OfTopic, call.input, "InvalidParameter").TopicArn);
    return {
      Attributes: new Map([
        ["TopicArn", arn],
        ["Owner", accountOf(arn)],
        ["DisplayName", ""],
        ["SubscriptionsConfirmed", "0"],
        ["SubscriptionsPending", "0"],
        ["SubscriptionsDeleted", "0"],
      ]),
    };
  };

  const listSubscriptions = (call: Call): unknown => {
    const { NextToken } = validate(Page, call.input, "InvalidParameter");
    if (NextToken !== undefined) throw invalid("NextToken");
    return { Subscriptions: [] };
  };

  const service: Sns = {
    signingName: "sns",
    xmlNamespace: "http://sns.amazonaws.com/doc/2010-03-31/",
    resources: {
      Publish: ({ input }) => [String(input.TopicArn ?? input.TargetArn)],
      GetTopicAttributes: ({ input }) => [String(input.TopicArn)],
      ListSubscriptionsByTopic: ({ input }) => [String(input.TopicArn)],
    },
    operations: {
      Publish: publish,
      ListTopics: listTopics,
      GetTopicAttributes: getAttributes,
      ListSubscriptions: listSubscriptions,
      ListSubscriptionsByTopic: (call) => {
        topicOf(call, validate(OfTopic, call.input, "InvalidParameter").TopicArn);
        return listSubscriptions(call);
      },
    },
    messages: () => delivered.list().map(({ document }) => document),
  };
  return service;
};
