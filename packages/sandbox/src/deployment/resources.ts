import * as z from "zod";

/** A JSON document that Pulumi keeps as a string; the synthesized file may hold it parsed. */
const Json = z.union([
  z.string().transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: "custom", message: "not JSON" });
      return z.NEVER;
    }
  }),
  z.record(z.string(), z.unknown()),
]);

/** An IAM policy or trust policy, as a document. */
export const PolicyDocument = Json.pipe(
  z.looseObject({
    Version: z.string().optional(),
    Statement: z.union([z.array(z.looseObject({})), z.looseObject({}).transform((one) => [one])]),
  }),
);
export type PolicyDocument = z.infer<typeof PolicyDocument>;

const name = z.string().min(1);
const arn = z.string().startsWith("arn:");

/**
 * What the sandbox reads of each resource type of the graph (Pulumi's names). All else of a
 * resource's properties is left alone.
 */
export const resourceTypes = {
  function: {
    type: "aws:lambda/function:Function",
    schema: z.object({
      name,
      arn,
      role: arn,
      description: z.string().optional(),
      /** Seconds; Lambda's default is 3. */
      timeout: z.number().int().positive().default(3),
      /** MB; Lambda's default is 128. */
      memorySize: z.number().int().positive().default(128),
      runtime: z.string().default("nodejs24.x"),
      environment: z.object({ variables: z.record(z.string(), z.string()).default({}) }).optional(),
    }),
  },
  asyncConfig: {
    type: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    schema: z.object({
      /** Name or ARN of the function. */
      functionName: name,
      maximumEventAgeInSeconds: z.number().int().optional(),
      maximumRetryAttempts: z.number().int().min(0).max(2).optional(),
      destinationConfig: z
        .object({ onFailure: z.object({ destination: arn }).optional() })
        .optional(),
    }),
  },
  permission: {
    type: "aws:lambda/permission:Permission",
    schema: z.object({
      function: name,
      action: z.string(),
      principal: z.string(),
      sourceArn: z.string().optional(),
      sourceAccount: z.string().optional(),
    }),
  },
  machine: {
    type: "aws:sfn/stateMachine:StateMachine",
    schema: z.object({ name, arn, roleArn: arn, definition: Json }),
  },
  scheduleGroup: {
    type: "aws:scheduler/scheduleGroup:ScheduleGroup",
    schema: z.object({ name, arn }),
  },
  rule: {
    type: "aws:cloudwatch/eventRule:EventRule",
    schema: z.object({
      name,
      arn,
      eventPattern: Json.optional(),
      scheduleExpression: z.string().optional(),
      state: z.string().default("ENABLED"),
    }),
  },
  target: {
    type: "aws:cloudwatch/eventTarget:EventTarget",
    schema: z.object({
      rule: name,
      arn,
      targetId: z.string().optional(),
      input: z.string().optional(),
      deadLetterConfig: z.object({ arn: arn.optional() }).optional(),
    }),
  },
  queue: {
    type: "aws:sqs/queue:Queue",
    schema: z.object({
      name,
      arn,
      url: z.string().optional(),
      messageRetentionSeconds: z.number().optional(),
    }),
  },
  queuePolicy: {
    type: "aws:sqs/queuePolicy:QueuePolicy",
    schema: z.object({ queueUrl: z.string(), policy: PolicyDocument }),
  },
  topic: { type: "aws:sns/topic:Topic", schema: z.object({ name, arn }) },
  table: {
    type: "aws:dynamodb/table:Table",
    schema: z.object({
      name,
      arn,
      hashKey: z.string(),
      rangeKey: z.string().optional(),
      attributes: z.array(z.object({ name, type: z.enum(["S", "N", "B"]) })),
      globalSecondaryIndexes: z
        .array(
          z.object({
            name,
            hashKey: z.string(),
            rangeKey: z.string().optional(),
            projectionType: z.enum(["ALL", "KEYS_ONLY", "INCLUDE"]),
            nonKeyAttributes: z.array(z.string()).optional(),
          }),
        )
        .default([]),
    }),
  },
  api: {
    type: "aws:apigatewayv2/api:Api",
    schema: z.object({ name, protocolType: z.string().default("HTTP") }),
  },
  route: {
    type: "aws:apigatewayv2/route:Route",
    schema: z.object({
      routeKey: z.string(),
      /** `integrations/<id>`. */
      target: z.string(),
      authorizationType: z.string().default("NONE"),
      authorizerId: z.string().optional(),
    }),
  },
  integration: {
    type: "aws:apigatewayv2/integration:Integration",
    schema: z.object({
      integrationUri: z.string(),
      integrationType: z.literal("AWS_PROXY"),
      payloadFormatVersion: z.literal("2.0"),
      timeoutMilliseconds: z.number().int().positive().max(30_000).default(30_000),
    }),
  },
  authorizer: {
    type: "aws:apigatewayv2/authorizer:Authorizer",
    schema: z.object({
      authorizerType: z.literal("JWT"),
      jwtConfiguration: z.object({ issuer: z.string(), audiences: z.array(z.string()) }),
    }),
  },
  role: {
    type: "aws:iam/role:Role",
    schema: z.object({
      name,
      arn,
      assumeRolePolicy: PolicyDocument,
      inlinePolicies: z
        .array(z.object({ name: z.string().optional(), policy: PolicyDocument.optional() }))
        .default([]),
      managedPolicyArns: z.array(z.string()).default([]),
    }),
  },
  rolePolicy: {
    type: "aws:iam/rolePolicy:RolePolicy",
    schema: z.object({ name: z.string().optional(), role: name, policy: PolicyDocument }),
  },
} as const;
