import { paginateListTopics, SNS } from "@aws-sdk/client-sns";
import { expect } from "vitest";
import { deployment } from "../testing/endpoint.ts";
import type { Contract } from "./contract.ts";
import type { World } from "./world.ts";

const as = (config: World["hub"]) => new SNS(config);
const TopicArn = deployment.topics[0]?.arn ?? "";
const absent = { TopicArn: `${TopicArn}-absent` };

export const sns: Contract = {
  Publish: {
    answers: async ({ hub, sns: { messages } }) => {
      const { MessageId } = await as(hub).publish({ TopicArn, Message: '{"a":1}' });
      expect(MessageId).toEqual(expect.any(String));
      expect(messages().at(-1)).toMatchObject({ message: { a: 1 } });
    },
    refuses: {
      NotFoundException: ({ hub }) => as(hub).publish({ ...absent, Message: "a" }),
      InvalidParameterException: ({ hub }) => as(hub).publish({ TopicArn, Message: "" }),
      AuthorizationErrorException: ({ management }) =>
        as(management).publish({ TopicArn, Message: "a" }),
    },
  },
  GetTopicAttributes: {
    answers: async ({ hub }) => {
      const { Attributes } = await as(hub).getTopicAttributes({ TopicArn });
      expect(Attributes).toMatchObject({ TopicArn, Owner: "666666666666" });
    },
    refuses: { NotFoundException: ({ hub }) => as(hub).getTopicAttributes(absent) },
  },
  ListTopics: {
    answers: async ({ hub }) => {
      const topics: unknown[] = [];
      for await (const { Topics } of paginateListTopics({ client: as(hub) }, {}))
        topics.push(...(Topics ?? []));
      expect(topics).toHaveLength(2);
    },
    refuses: {
      InvalidParameterException: ({ hub }) => as(hub).listTopics({ NextToken: "none of ours" }),
    },
  },
  ListSubscriptions: {
    answers: async ({ hub }) => {
      expect((await as(hub).listSubscriptions({})).Subscriptions).toEqual([]);
    },
    refuses: {
      InvalidParameterException: ({ hub }) =>
        as(hub).listSubscriptions({ NextToken: "none of ours" }),
    },
  },
  ListSubscriptionsByTopic: {
    answers: async ({ hub }) => {
      expect((await as(hub).listSubscriptionsByTopic({ TopicArn })).Subscriptions).toEqual([]);
    },
    refuses: { NotFoundException: ({ hub }) => as(hub).listSubscriptionsByTopic(absent) },
  },
};
