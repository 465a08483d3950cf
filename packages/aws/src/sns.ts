import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { NotificationMessage, Publisher } from "@curfew/core";
import { repeatable } from "./clients.ts";
import { calling } from "./errors.ts";

/** The topics' ARNs. */
export interface Topics {
  results: string;
  errors: string;
}

/** Publishes notifications, with the attributes that filter policies see: event, flow, target, status and severity. One without a value is `-`. */
export const createPublisher = (topics: Topics, client = new SNSClient(repeatable)): Publisher => ({
  publish: async ({ topic, severity, message }) => {
    const { flow, target, status } = message.request;
    const attributes = { event: message.event, flow, target, status, severity };
    const command = new PublishCommand({
      TopicArn: topics[topic],
      Message: fitting(message),
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [
          name,
          { DataType: "String", StringValue: value === "" ? "-" : value },
        ]),
      ),
    });
    await calling("Publishing a notification", () => client.send(command));
  },
});

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
