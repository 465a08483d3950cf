import { expect, test } from "vitest";
import * as z from "zod";
import { functions, propertiesOf, queuePolicies, roleNamed } from "./graph.ts";

const deadLetters = "arn:aws:sqs:us-east-1:666666666666:curfew-sandbox-dead-letters";

const rules = propertiesOf(
  "aws:cloudwatch/eventRule:EventRule",
  z.object({
    name: z.string(),
    arn: z.string(),
    eventPattern: z.unknown().optional(),
    scheduleExpression: z.string().optional(),
  }),
);
const targets = propertiesOf(
  "aws:cloudwatch/eventTarget:EventTarget",
  z.object({
    rule: z.string(),
    arn: z.string(),
    deadLetterConfig: z.object({ arn: z.string() }).optional(),
  }),
);
const permissions = propertiesOf(
  "aws:lambda/permission:Permission",
  z.object({
    function: z.string(),
    action: z.string(),
    principal: z.string(),
    sourceArn: z.string().optional(),
  }),
);
const routes = propertiesOf(
  "aws:apigatewayv2/route:Route",
  z.object({ routeKey: z.string(), authorizationType: z.string() }),
);

test("what ends access is retried twice within six hours, and then kept as a dead letter", () => {
  const configs = propertiesOf(
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    z.object({
      functionName: z.string(),
      maximumRetryAttempts: z.number(),
      maximumEventAgeInSeconds: z.number(),
      destinationConfig: z.object({ onFailure: z.object({ destination: z.string() }) }),
    }),
  );
  expect(configs.map(({ functionName }) => functionName).toSorted()).toEqual([
    "curfew-sandbox-expire",
    "curfew-sandbox-reconcile-leases",
    "curfew-sandbox-reconcile-requests",
    "curfew-sandbox-recover",
  ]);
  for (const config of configs) {
    expect(config).toMatchObject({
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 6 * 60 * 60,
      destinationConfig: { onFailure: { destination: deadLetters } },
    });
    // Lambda sends with the function's own role.
    const mayWrite = roleNamed(config.functionName).statements.some(
      ({ Action, Resource }) =>
        Action.includes("sqs:SendMessage") && Resource.includes(deadLetters),
    );
    expect(mayWrite).toBe(true);
  }
});

test("broken executions of our machine call recover, and crons call the reconcilers", () => {
  const calls = rules.map(({ name, eventPattern, scheduleExpression }) => ({
    on: scheduleExpression ?? eventPattern,
    call: targets.filter(({ rule }) => rule === name).map(({ arn }) => arn.split(":").at(-1)),
  }));
  expect(calls).toEqual([
    {
      on: {
        source: ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        detail: {
          stateMachineArn: ["arn:aws:states:us-east-1:666666666666:stateMachine:curfew-sandbox"],
          status: ["FAILED", "TIMED_OUT", "ABORTED"],
        },
      },
      call: ["curfew-sandbox-recover"],
    },
    { on: "rate(5 minutes)", call: ["curfew-sandbox-reconcile-leases"] },
    { on: "rate(5 minutes)", call: ["curfew-sandbox-reconcile-requests"] },
  ]);
});

test("each rule may invoke its target, and what cannot be handed over is a dead letter", () => {
  for (const { name, arn } of rules) {
    const own = targets.filter(({ rule }) => rule === name);
    expect(own.map(({ deadLetterConfig }) => deadLetterConfig?.arn)).toEqual([deadLetters]);
    expect(permissions).toContainEqual({
      function: own[0]?.arn,
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: arn,
    });
  }
});

test("every rule, and nothing else, may send to the dead-letter queue by its policy", () => {
  const [statement, ...others] = queuePolicies.flatMap(({ policy }) => policy.Statement);
  expect(others).toEqual([]);
  expect(statement).toMatchObject({
    Action: ["sqs:SendMessage"],
    Resource: [deadLetters],
    Principal: { Service: ["events.amazonaws.com"] },
  });
  const sources = statement?.Condition?.ArnEquals?.["aws:SourceArn"] ?? [];
  expect(sources.toSorted()).toEqual(rules.map(({ arn }) => arn).toSorted());
});

test("only API Gateway and EventBridge invoke by permission, and never without a source", () => {
  expect(new Set(permissions.map(({ principal }) => principal))).toEqual(
    new Set(["apigateway.amazonaws.com", "events.amazonaws.com"]),
  );
  expect(permissions.filter(({ sourceArn }) => !sourceArn)).toEqual([]);
  const known = new Set(functions.map(({ arn }) => arn));
  expect(permissions.filter((permission) => !known.has(permission.function))).toEqual([]);
});

test("every route but those that tell nothing asks for a token", () => {
  expect(routes.length).toBeGreaterThan(1);
  const open = routes.filter(({ authorizationType }) => authorizationType !== "JWT");
  expect(open.map(({ routeKey }) => routeKey)).toEqual(["GET /health", "GET /openapi.json"]);
});
