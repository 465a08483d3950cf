import { setTimeout } from "node:timers/promises";
import { SNSClient } from "@aws-sdk/client-sns";
import { createPublisher, openTopics } from "@curfew/aws";
import type { Notification } from "@curfew/core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
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

  /** How long SNS takes, in milliseconds. */
  let latency = 0;

  beforeAll(async () => {
    endpoint = await startEndpoint({
      inject: async (_, call, run) => {
        if (latency > 0) await setTimeout(latency, undefined, { ref: false });
        return run(call);
      },
    });
  });

  afterEach(() => {
    latency = 0;
    vi.restoreAllMocks();
  });

  const open = () =>
    openTopics(topics, new SNSClient({ ...endpoint.as(`sandbox-${hub}`), maxAttempts: 3 }));

  afterAll(() => endpoint.close());

  const publish = async (notification: Notification): Promise<void> => {
    await createPublisher(open()).publish(notification);
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

  describe("to an SNS that does not answer", () => {
    const message = aNotification([]);
    const refused = { name: "ServiceUnavailable" };
    const timed = async (work: () => Promise<unknown>): Promise<number> => {
      const begun = Date.now();
      await work();
      return Date.now() - begun;
    };

    it("costs two seconds in all, however much there is to publish and whoever publishes", async () => {
      latency = 60_000;
      const opened = open();
      const [first, second, reconciler] = [
        createPublisher(opened, 2_000),
        createPublisher(opened, 2_000),
        createPublisher(opened),
      ];
      const took = await timed(async () => {
        for (const publisher of [first, first, first, second, reconciler])
          await expect(publisher.publish(message)).rejects.toMatchObject(refused);
      });
      expect(took).toBeGreaterThan(1_900);
      expect(took).toBeLessThan(2_500);
    });

    it("is tried again after a minute", async () => {
      latency = 60_000;
      const opened = open();
      await expect(createPublisher(opened).publish(message)).rejects.toMatchObject(refused);
      latency = 0;
      await expect(createPublisher(opened).publish(message)).rejects.toMatchObject(refused);
      const later = Date.now() + 61_000;
      vi.spyOn(Date, "now").mockImplementation(() => later);
      await createPublisher(opened).publish(message);
    });

    it("costs two seconds in all where each message takes its time, and more for the reconciler only", async () => {
      latency = 800;
      const opened = open();
      const publisher = createPublisher(opened, 2_000);
      const took = await timed(async () => {
        for (const _ of [1, 2]) await publisher.publish(message);
        for (const _ of [3, 4, 5])
          await expect(publisher.publish(message)).rejects.toMatchObject(refused);
      });
      expect(took).toBeLessThan(2_500);
      const reconciler = createPublisher(opened);
      for (const _ of [1, 2, 3]) await reconciler.publish(message);
    });
  });
});
