import { describe, expect, it } from "vitest";
import { type DeploymentFile, readDeployment } from "./deployment.ts";

const hub = "666666666666";
const functionArn = `arn:aws:lambda:us-east-1:${hub}:function:curfew-sandbox-expire`;
const queueUrl = `https://sqs.us-east-1.amazonaws.com/${hub}/dead`;
const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sns:Publish" }] };

const resource = (
  type: string,
  name: string,
  properties: Record<string, unknown>,
  id?: string,
): DeploymentFile["resources"][number] => ({
  type,
  name,
  properties,
  ...(id === undefined ? {} : { id }),
});

const aFile = (overrides: Partial<DeploymentFile> = {}): DeploymentFile => ({
  version: 1,
  app: "curfew",
  stage: "sandbox",
  region: "us-east-1",
  accountId: hub,
  resources: [
    resource("aws:lambda/function:Function", "ExpireFunction", {
      name: "curfew-sandbox-expire",
      arn: functionArn,
      role: `arn:aws:iam::${hub}:role/curfew/curfew-sandbox-expire`,
      timeout: 60,
      memorySize: 512,
      environment: { variables: { CURFEW_STAGE: "sandbox" } },
      tags: { ignored: true },
    }),
    resource("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "ExpireAsync", {
      functionName: "curfew-sandbox-expire",
      maximumRetryAttempts: 1,
      destinationConfig: { onFailure: { destination: `arn:aws:sqs:us-east-1:${hub}:dead` } },
    }),
    resource("aws:sqs/queue:Queue", "Dead", {
      name: "dead",
      arn: `arn:aws:sqs:us-east-1:${hub}:dead`,
      url: queueUrl,
    }),
    resource("aws:sqs/queuePolicy:QueuePolicy", "DeadPolicy", { queueUrl, policy }),
    resource("aws:cloudwatch/eventRule:EventRule", "Ended", {
      name: "ended",
      arn: `arn:aws:events:us-east-1:${hub}:rule/ended`,
      eventPattern: '{"source":["aws.states"]}',
    }),
    resource("aws:cloudwatch/eventTarget:EventTarget", "EndedTarget", {
      rule: "ended",
      arn: functionArn,
      targetId: "t1",
      deadLetterConfig: { arn: `arn:aws:sqs:us-east-1:${hub}:dead` },
    }),
    resource(
      "aws:apigatewayv2/authorizer:Authorizer",
      "Identity",
      {
        authorizerType: "JWT",
        jwtConfiguration: { issuer: "https://login.acme.example", audiences: ["curfew"] },
      },
      "auth1",
    ),
    resource(
      "aws:apigatewayv2/integration:Integration",
      "ExpireIntegration",
      {
        integrationType: "AWS_PROXY",
        integrationUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
        payloadFormatVersion: "2.0",
      },
      "int1",
    ),
    resource("aws:apigatewayv2/route:Route", "Open", {
      routeKey: "GET /health",
      target: "integrations/int1",
      authorizationType: "NONE",
    }),
    resource("aws:apigatewayv2/route:Route", "Closed", {
      routeKey: "POST /requests",
      target: "integrations/int1",
      authorizationType: "JWT",
      authorizerId: "auth1",
    }),
    resource("aws:iam/role:Role", "Role", {
      name: "curfew-sandbox-expire",
      arn: `arn:aws:iam::${hub}:role/curfew/curfew-sandbox-expire`,
      assumeRolePolicy: JSON.stringify(policy),
      inlinePolicies: [{ name: "inline", policy: JSON.stringify(policy) }],
    }),
    resource("aws:iam/rolePolicy:RolePolicy", "More", {
      name: "more",
      role: "curfew-sandbox-expire",
      policy: { ...policy, Statement: { Effect: "Deny" } },
    }),
    resource("aws:cloudwatch/logGroup:LogGroup", "Logs", { retentionInDays: 30 }),
  ],
  builds: [
    {
      function: "curfew-sandbox-expire",
      handler: "packages/functions/src/schedule/expire.handler",
      links: { Table: { name: "curfew-sandbox" } },
      esbuild: { minify: true },
    },
  ],
  ...overrides,
});

const without = (name: string): DeploymentFile =>
  aFile({ resources: aFile().resources.filter((it) => it.name !== name) });

describe("a deployment", () => {
  it("joins functions with their builds", () => {
    expect(readDeployment(aFile()).functions).toEqual([
      {
        name: "curfew-sandbox-expire",
        arn: functionArn,
        description: "",
        role: `arn:aws:iam::${hub}:role/curfew/curfew-sandbox-expire`,
        timeout: 60,
        memory: 512,
        runtime: "nodejs24.x",
        environment: { CURFEW_STAGE: "sandbox" },
        handler: "packages/functions/src/schedule/expire.handler",
        links: { Table: { name: "curfew-sandbox" } },
        nodejs: { minify: true },
      },
    ]);
  });

  it("takes Lambda's defaults for asynchronous events where nothing is said", () => {
    expect(readDeployment(aFile()).asyncConfigs).toEqual([
      {
        functionArn,
        retries: 1,
        maximumAge: 21_600,
        onFailure: `arn:aws:sqs:us-east-1:${hub}:dead`,
      },
    ]);
  });

  it("joins routes with their function and authorizer", () => {
    expect(readDeployment(aFile()).routes).toEqual([
      { key: "GET /health", functionArn, timeout: 30_000, authorizer: undefined },
      {
        key: "POST /requests",
        functionArn,
        timeout: 30_000,
        authorizer: { issuer: "https://login.acme.example", audiences: ["curfew"] },
      },
    ]);
  });

  it("joins rules with their targets", () => {
    expect(readDeployment(aFile()).rules).toMatchObject([
      {
        name: "ended",
        enabled: true,
        pattern: { source: ["aws.states"] },
        schedule: undefined,
        targets: [
          { id: "t1", arn: functionArn, deadLetterArn: `arn:aws:sqs:us-east-1:${hub}:dead` },
        ],
      },
    ]);
  });

  it("joins queues with their policies, and roles with all of theirs", () => {
    const deployment = readDeployment(aFile());
    expect(deployment.queues).toMatchObject([{ name: "dead", policy }]);
    expect(deployment.roles).toMatchObject([
      {
        trust: policy,
        policies: [
          { name: "inline", document: policy },
          { name: "more", document: { Statement: [{ Effect: "Deny" }] } },
        ],
      },
    ]);
  });

  it.each([
    ["Identity", 'authorizer of route "POST /requests"'],
    ["ExpireIntegration", 'integration of route "GET /health"'],
    ["ExpireFunction", 'function "curfew-sandbox-expire"'],
  ])("without %s says what is missing", (name, what) => {
    expect(() => readDeployment(without(name))).toThrow(`there is no ${what}`);
  });

  it("without a build of a function says so", () => {
    expect(() => readDeployment(aFile({ builds: [] }))).toThrow(
      'there is no build of function "curfew-sandbox-expire"',
    );
  });

  it("names the resource that is not as it should be", () => {
    const broken = resource("aws:sns/topic:Topic", "Results", { name: "results" });
    const resources = [...aFile().resources, broken];
    expect(() => readDeployment(aFile({ resources }))).toThrow(
      /aws:sns\/topic:Topic "Results": .*\barn\b/s,
    );
  });

  it("of another version is refused", () => {
    expect(() => readDeployment({ ...aFile(), version: 2 })).toThrow("version");
  });
});
