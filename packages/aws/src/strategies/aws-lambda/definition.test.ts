import { describe, expect, it } from "vitest";
import { awsLambdaDefinition, FunctionSettings } from "./definition.ts";

const arn = "arn:aws:lambda:eu-west-1:555555555555:function:db-admin";

const configured = awsLambdaDefinition.targetSettings.aws_lambda_function;

describe("the settings of a function", () => {
  it("are read from a request of a later version", () => {
    expect(FunctionSettings.safeParse({ arn, qualifier: "live" }).success).toBe(true);
  });

  it("need no more than its ARN", () => {
    expect(FunctionSettings.parse({ arn })).toEqual({
      arn,
      timeout: 60,
      invoke_type: "RequestResponse",
    });
  });

  it.each([
    { arn: `${arn}:live` },
    { arn: `${arn}:7` },
    { arn: `${arn}:$LATEST` },
    { arn: arn.replace("aws", "aws-us-gov").replace("eu-west-1", "us-gov-west-1") },
    { arn, timeout: "14m" },
    { arn, invoke_type: "Event" },
  ])("may be %j", (settings) => {
    expect(configured?.safeParse(settings).success).toBe(true);
  });

  it.each([
    {},
    { arn: "db-admin" },
    { arn: arn.replace("lambda", "states") },
    { arn: `${arn}:live:1` },
    { arn, timeout: "15m" },
    { arn, timeout: 60 },
    { arn, invoke_type: "DryRun" },
    { arn, region: "eu-west-1" },
  ])("may not be %j", (settings) => {
    expect(configured?.safeParse(settings).success).toBe(false);
  });
});

describe("an access through a function", () => {
  it("is shared with no other request", () => {
    const access = {
      strategy: "aws_lambda",
      integration: {
        name: "tools",
        roleArn: "arn:aws:iam::555555555555:role/curfew/CurfewLambda",
        externalId: "acme-curfew",
        region: "eu-west-1",
        settings: {},
      },
      target: { name: "db-admin", type: "aws_lambda_function", label: "db", settings: { arn } },
      person: { id: "a11ce", email: "alice@acme.example" },
      session: { name: "req_1", sourceIdentity: "alice@acme.example" },
    };
    expect(awsLambdaDefinition.leaseKey(access, "req_1")).toBe("lambda#req_1");
  });
});
