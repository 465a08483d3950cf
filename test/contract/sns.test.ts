import { SNSClient } from "@aws-sdk/client-sns";
import { createPublisher } from "@curfew/aws";
import type { Notification } from "@curfew/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  hub,
  startEndpoint,
  type TestEndpoint,
} from "../../packages/sandbox/src/aws/testing/endpoint.ts";

const topicOf = (name: string): string => `arn:aws:sns:us-east-1:${hub}:curfew-sandbox-${name}`;
const topics = { results: topicOf("results"), errors: topicOf("errors") };
const at = "2026-11-20T12:00:00.000Z";

const aNotification = (errors: string[]): Notification => ({
  topic: "errors",
  severity: "error",
  message: {
    version: 1,
    id: "req_1:7",
    event: "answer.errors",
    at,
    request: {
      id: "req_1",
      flow: "database-admin",
      target: "noisy",
      requester: "alice@acme.example",
      status: "escalating",
      reason: "Ticket 123",
      duration: "1h",
      startAt: null,
      activatedAt: null,
      expiresAt: null,
      endedAt: null,
      sessionsUntil: null,
      endReason: null,
    },
    actor: { type: "system", id: "curfew", name: "curfew" },
    errors,
    text: `It answered with errors.${errors.map((error) => `\n• ${error}`).join("")}`,
  },
});

describe("publishing", () => {
  let endpoint: TestEndpoint;

  beforeAll(async () => {
    endpoint = await startEndpoint();
  });

  afterAll(() => endpoint.close());

  const publish = async (notification: Notification): Promise<void> => {
    const client = new SNSClient(endpoint.as(`sandbox-${hub}`));
    await createPublisher(topics, client).publish(notification);
  };

  it("sends the whole message to its topic, with what filter policies see", async () => {
    const notification = aNotification(["two", "one"]);
    await publish(notification);
    expect(endpoint.sns.messages().at(-1)).toMatchObject({
      topic: expect.stringContaining("errors"),
      attributes: {
        event: "answer.errors",
        flow: "database-admin",
        target: "noisy",
        status: "escalating",
        severity: "error",
      },
      message: notification.message,
    });
  });

  it("shortens a message that SNS would not take", async () => {
    await publish(aNotification(Array(100).fill("ä".repeat(1_000))));
    const { message } = endpoint.sns.messages().at(-1) ?? {};
    expect(message).toMatchObject({
      id: "req_1:7",
      errors: [],
      text: expect.stringMatching(
        /^It answered with errors\.\n• ä.*shortened: see the request\)$/s,
      ),
    });
  });
});
