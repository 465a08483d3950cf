import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Publisher } from "@curfew/core";
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
      Message: JSON.stringify(message),
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
