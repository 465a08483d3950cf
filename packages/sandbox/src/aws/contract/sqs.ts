import { SQS } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { deployment } from "../testing/endpoint.ts";
import type { Contract } from "./contract.ts";
import type { World } from "./world.ts";

const as = (config: World["hub"]) => new SQS(config);
const QueueName = deployment.queues[0]?.name ?? "";
const urlOf = ({ url }: World): string => `${url}/666666666666/${QueueName}`;
const absentUrl = (world: World): string => `${urlOf(world)}-absent`;

export const sqs: Contract = {
  SendMessage: {
    answers: async (world) => {
      const sent = await as(world.hub).sendMessage({
        QueueUrl: urlOf(world),
        MessageBody: "sent",
      });
      expect(sent).toMatchObject({ MessageId: expect.any(String) });
    },
    refuses: {
      QueueDoesNotExist: (world) =>
        as(world.hub).sendMessage({ QueueUrl: absentUrl(world), MessageBody: "lost" }),
      InvalidParameterValue: (world) =>
        as(world.hub).sendMessage({ QueueUrl: urlOf(world), MessageBody: "a", DelaySeconds: 901 }),
    },
  },
  ReceiveMessage: {
    answers: async (world) => {
      await as(world.hub).sendMessage({ QueueUrl: urlOf(world), MessageBody: "received" });
      const { Messages } = await as(world.hub).receiveMessage({
        QueueUrl: urlOf(world),
        MaxNumberOfMessages: 10,
      });
      expect(Messages?.map(({ Body }) => Body)).toContain("received");
    },
    refuses: {
      QueueDoesNotExist: (world) => as(world.hub).receiveMessage({ QueueUrl: absentUrl(world) }),
      InvalidParameterValue: (world) =>
        as(world.hub).receiveMessage({ QueueUrl: urlOf(world), MaxNumberOfMessages: 11 }),
    },
  },
  DeleteMessage: {
    answers: async (world) => {
      const client = as(world.hub);
      const QueueUrl = urlOf(world);
      await client.sendMessage({ QueueUrl, MessageBody: "deleted" });
      const { Messages } = await client.receiveMessage({ QueueUrl });
      await client.deleteMessage({ QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle });
    },
    refuses: {
      QueueDoesNotExist: (world) =>
        as(world.hub).deleteMessage({ QueueUrl: absentUrl(world), ReceiptHandle: "x" }),
    },
  },
  GetQueueAttributes: {
    answers: async (world) => {
      const client = as(world.hub);
      const QueueUrl = urlOf(world);
      const AttributeNames = ["MessageRetentionPeriod" as const];
      const asked = await client.getQueueAttributes({ QueueUrl, AttributeNames });
      expect(asked.Attributes).toEqual({ MessageRetentionPeriod: "1209600" });
      expect((await client.getQueueAttributes({ QueueUrl })).Attributes).toBeUndefined();
    },
    refuses: {
      QueueDoesNotExist: (world) =>
        as(world.hub).getQueueAttributes({ QueueUrl: absentUrl(world) }),
    },
  },
  GetQueueUrl: {
    answers: async (world) => {
      const { QueueUrl } = await as(world.hub).getQueueUrl({ QueueName });
      expect(QueueUrl).toBe(urlOf(world));
    },
    refuses: {
      QueueDoesNotExist: ({ management }) => as(management).getQueueUrl({ QueueName }),
    },
  },
  ListQueues: {
    answers: async (world) => {
      expect((await as(world.hub).listQueues({})).QueueUrls).toEqual([urlOf(world)]);
    },
    refuses: {
      InvalidParameterValue: ({ hub }) => as(hub).listQueues({ NextToken: "none of ours" }),
    },
  },
};
