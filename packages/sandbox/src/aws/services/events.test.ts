import {
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hub, startEndpoint, type TestEndpoint } from "../testing/endpoint.ts";

let endpoint: TestEndpoint;
let client: EventBridgeClient;
beforeEach(async () => {
  endpoint = await startEndpoint();
  client = new EventBridgeClient(endpoint.as(`sandbox-${hub}`));
});
afterEach(() => endpoint.close());

const Name = "curfew-sandbox-execution-ended";
const recover = `arn:aws:lambda:us-east-1:${hub}:function:curfew-sandbox-recover`;

const ended = (status: string) => ({
  source: "aws.states",
  "detail-type": "Step Functions Execution Status Change",
  account: hub,
  region: "us-east-1",
  resources: ["arn:execution"],
  detail: { status, executionArn: "arn:execution" },
});

describe("the default bus", () => {
  it("hands an event that a rule waits for to the rule's function", () => {
    endpoint.events.publish(ended("FAILED"));
    expect(endpoint.lambda.calls).toEqual([
      {
        type: "enqueue",
        functionArn: recover,
        payload: {
          ...ended("FAILED"),
          version: "0",
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          time: "2026-01-01T00:00:00Z",
        },
      },
    ]);
  });

  it("drops an event that no rule waits for", () => {
    endpoint.events.publish(ended("SUCCEEDED"));
    expect(endpoint.lambda.calls).toEqual([]);
  });

  it("puts what Lambda does not take into the target's dead-letter queue", async () => {
    const broken = await startEndpoint({ functions: {} });
    broken.events.publish(ended("FAILED"));
    const sqs = new SQSClient(broken.as(`sandbox-${hub}`));
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: `${broken.url}/${hub}/curfew-sandbox-dead-letters`,
        MessageAttributeNames: ["All"],
      }),
    );
    expect(JSON.parse(Messages?.[0]?.Body ?? "")).toMatchObject({ detail: { status: "FAILED" } });
    expect(Messages?.[0]?.MessageAttributes).toMatchObject({
      TARGET_ARN: { StringValue: recover },
      ERROR_CODE: { StringValue: "ResourceNotFoundException" },
    });
    await broken.close();
  });

  it("lets a rule be disabled and enabled", async () => {
    await client.send(new DisableRuleCommand({ Name }));
    expect(await client.send(new DescribeRuleCommand({ Name }))).toMatchObject({
      State: "DISABLED",
    });
    endpoint.events.publish(ended("FAILED"));
    expect(endpoint.lambda.calls).toEqual([]);
    expect(endpoint.events.isEnabled(Name)).toBe(false);

    await client.send(new EnableRuleCommand({ Name }));
    endpoint.events.publish(ended("FAILED"));
    expect(endpoint.lambda.calls).toHaveLength(1);
  });

  it("lists rules with what they wait for, and their targets", async () => {
    const { Rules } = await client.send(new ListRulesCommand({ NamePrefix: "curfew-" }));
    expect(Rules?.map((rule) => [rule.Name, rule.State, rule.ScheduleExpression])).toEqual([
      [Name, "ENABLED", undefined],
      ["curfew-sandbox-reconcile-requests", "ENABLED", "rate(5 minutes)"],
    ]);
    expect(JSON.parse(Rules?.[0]?.EventPattern ?? "")).toMatchObject({ source: ["aws.states"] });
    const { Targets } = await client.send(new ListTargetsByRuleCommand({ Rule: Name }));
    expect(Targets).toMatchObject([{ Id: "recover", Arn: recover }]);
  });

  it("refuses a rule that does not exist", async () => {
    const call = client.send(new DescribeRuleCommand({ Name: "unknown" }));
    await expect(call).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
