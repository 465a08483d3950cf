import {
  GetTopicAttributesCommand,
  ListTopicsCommand,
  PublishCommand,
  type PublishCommandInput,
  SNSClient,
} from "@aws-sdk/client-sns";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../../store.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { deployment, hub, startEndpoint, type TestEndpoint } from "../testing/endpoint.ts";
import { createSns } from "./sns.ts";

let endpoint: TestEndpoint;
let client: SNSClient;
beforeEach(async () => {
  endpoint = await startEndpoint();
  client = new SNSClient(endpoint.as(`sandbox-${hub}`));
});
afterEach(() => endpoint.close());

const TopicArn = `arn:aws:sns:us-east-1:${hub}:curfew-sandbox-results`;

const publish = (input: Partial<PublishCommandInput> = {}) =>
  client.send(new PublishCommand({ TopicArn, Message: "hello", ...input }));

describe("SNS", () => {
  it("delivers messages in order with their attributes", async () => {
    const { MessageId } = await publish({
      Message: JSON.stringify({ text: "<a> & 'b'" }),
      MessageAttributes: {
        event: { DataType: "String", StringValue: "access.granted" },
        severity: { DataType: "String", StringValue: "info" },
      },
    });
    expect(MessageId).toMatch(/^[0-9a-f-]{36}$/);
    await endpoint.clock.advance(1000);
    await publish();
    expect(endpoint.sns.messages()).toEqual([
      {
        topic: "curfew-sandbox-results",
        at: "2026-01-01T00:00:00.000Z",
        attributes: { event: "access.granted", severity: "info" },
        message: { text: "<a> & 'b'" },
      },
      {
        topic: "curfew-sandbox-results",
        at: "2026-01-01T00:00:01.000Z",
        attributes: {},
        message: "hello",
      },
    ]);
  });

  it("keeps the order over a restart", () => {
    const store = openStore(":memory:");
    const clock = createManualClock();
    const call = {
      operation: "Publish",
      caller: { accountId: hub, arn: "arn", administrator: true },
      region: "us-east-1",
    };
    for (const Message of ["first", "second"]) {
      const sns = createSns({ store, clock, topics: deployment.topics });
      sns.operations.Publish?.({ ...call, input: { TopicArn, Message } });
    }
    const sns = createSns({ store, clock, topics: deployment.topics });
    expect(sns.messages().map(({ message }) => message)).toEqual(["first", "second"]);
  });

  it("delivers the default text of a message with a structure", async () => {
    await publish({
      MessageStructure: "json",
      Message: JSON.stringify({ default: "for all", email: "for e-mail" }),
    });
    expect(endpoint.sns.messages().map(({ message }) => message)).toEqual(["for all"]);
  });

  it.each([
    ["an empty message", { Message: "" }, "InvalidParameter"],
    ["more than 256 KB", { Message: "x".repeat(256 * 1024 + 1) }, "InvalidParameter"],
    [
      "a structure without a default",
      { MessageStructure: "json", Message: "{}" },
      "InvalidParameter",
    ],
    ["a subject of two lines", { Subject: "a\nb" }, "InvalidParameter"],
    ["a topic that does not exist", { TopicArn: `${TopicArn}-2` }, "NotFound"],
    [
      "an attribute without a value",
      { MessageAttributes: { flow: { DataType: "String", StringValue: "" } } },
      "ParameterValueInvalid",
    ],
  ])("refuses %s, and delivers nothing", async (_case, input, code) => {
    await expect(publish(input)).rejects.toMatchObject({ Error: { Code: code, Type: "Sender" } });
    expect(endpoint.sns.messages()).toEqual([]);
  });

  it("refuses the topics of another account", async () => {
    client = new SNSClient(endpoint.as("sandbox"));
    await expect(publish()).rejects.toMatchObject({ name: "AuthorizationErrorException" });
    expect(await client.send(new ListTopicsCommand({}))).toMatchObject({ Topics: [] });
  });

  it("lists its topics and their attributes", async () => {
    const { Topics } = await client.send(new ListTopicsCommand({}));
    expect(Topics).toHaveLength(2);
    const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn }));
    expect(Attributes).toMatchObject({ TopicArn, Owner: hub });
  });
});
