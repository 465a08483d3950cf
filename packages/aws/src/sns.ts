import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import {
  type NotificationMessage,
  type Publisher,
  WorkflowError,
  workflowErrors,
} from "@curfew/core";
import { repeatable } from "./clients.ts";
import { calling } from "./errors.ts";
import { within } from "./within.ts";

/** The topics' ARNs. */
export interface TopicArns {
  results: string;
  errors: string;
}

/** The topics of one process, and whether SNS has stopped answering it. */
export interface Topics {
  arns: TopicArns;
  client: SNSClient;
  /** Until when nothing is published, in milliseconds since the epoch. */
  silentUntil: number;
}

/** How long one message may take with all its attempts, in milliseconds. */
const patience = 2_000;

/** How long nothing is tried after a message that took longer, in milliseconds: each attempt of each request would wait for nothing. */
const silence = 60_000;

/** Opens the topics for the life of a process. */
export const openTopics = (arns: TopicArns, client = new SNSClient(repeatable)): Topics => ({
  arns,
  client,
  silentUntil: 0,
});

/**
 * Publishes notifications, with the attributes that filter policies see: event, flow, target, status and severity. One without a value is `-`.
 *
 * The outbox covers a message that is not published, so that nobody waits for SNS: a message is given up after two seconds, and then
 * none is tried for a minute. It may arrive all the same, under the id that it is published with again.
 *
 * @param budget what all messages of this publisher may take together, in milliseconds
 */
export const createPublisher = (topics: Topics, budget = Number.POSITIVE_INFINITY): Publisher => {
  let spent = 0;
  return {
    publish: async ({ topic, severity, message }) => {
      const begun = Date.now();
      const left = Math.min(patience, budget - spent);
      if (left <= 0 || begun < topics.silentUntil)
        throw new WorkflowError(
          workflowErrors.serviceUnavailable,
          "SNS took too long a moment ago: the message is left to the reconciler.",
        );
      const { flow, target, status } = message.request;
      const attributes = { event: message.event, flow, target, status, severity };
      const command = new PublishCommand({
        TopicArn: topics.arns[topic],
        Message: fitting(message),
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [
            name,
            { DataType: "String", StringValue: value === "" ? "-" : value },
          ]),
        ),
      });
      const what = "Publishing a notification";
      try {
        await within(left, what, (abortSignal) =>
          calling(what, () => topics.client.send(command, { abortSignal })),
        );
      } finally {
        const took = Date.now() - begun;
        spent += took;
        // A timer may fire a little early.
        if (took >= patience * 0.95) topics.silentUntil = begun + took + silence;
      }
    },
  };
};

/** What SNS takes is 256 KB with the attributes: this leaves them more than they need. In bytes. */
const largestMessage = 240 * 1024;

/** Characters that are left of the text where the whole message would be too large. */
const shortText = 10_000;

/** The message as JSON. Errors of customers' functions could make it larger than SNS takes, and it would never be published: then they are left to the API. */
const fitting = (message: NotificationMessage): string => {
  const whole = JSON.stringify(message);
  if (Buffer.byteLength(whole) <= largestMessage) return whole;
  const text = `${message.text.slice(0, shortText)} … (shortened: see the request)`;
  return JSON.stringify({ ...message, errors: [], text });
};
