import { ListAccountsCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { CreateTopicCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { ListTagsForResourceCommand, SSOAdminClient } from "@aws-sdk/client-sso-admin";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acme } from "./acme.ts";
import { escalateRole, hub, startEndpoint, type TestEndpoint } from "./testing/endpoint.ts";

let endpoint: TestEndpoint;
beforeAll(async () => {
  endpoint = await startEndpoint();
});
afterAll(() => endpoint.close());

const session = { accountId: hub, roleArn: escalateRole, sessionName: "i-1" };

const listAccounts = (config: ReturnType<TestEndpoint["as"]>) =>
  new OrganizationsClient(config).send(new ListAccountsCommand({}));

const whoAmI = (config: ReturnType<TestEndpoint["as"]>) =>
  new STSClient(config).send(new GetCallerIdentityCommand({}));

describe("who calls", () => {
  it("is an administrator of the management account by the key `sandbox`", async () => {
    expect(await whoAmI(endpoint.as("sandbox"))).toMatchObject({
      Account: "111111111111",
      Arn: "arn:aws:iam::111111111111:user/sandbox",
    });
  });

  it("is an administrator of an account by the key `sandbox-<account id>`", async () => {
    expect(await whoAmI(endpoint.as(`sandbox-${hub}`))).toMatchObject({ Account: hub });
  });

  it("is a session of a role by keys that were issued for it", async () => {
    const { accessKeyId, sessionToken } = endpoint.callers.issue(session, 900);
    expect(await whoAmI(endpoint.as(accessKeyId, sessionToken))).toMatchObject({
      Account: hub,
      Arn: `arn:aws:sts::${hub}:assumed-role/curfew-sandbox-escalate/i-1`,
      UserId: expect.stringMatching(/^AROA[A-Z2-7]{16}:i-1$/),
    });
  });

  it.each(["AKIAUNKNOWN", "sandbox-999999999999"])("is nobody by the key %s", async (key) => {
    await expect(whoAmI(endpoint.as(key))).rejects.toMatchObject({
      name: "InvalidClientTokenId",
      $metadata: { httpStatusCode: 403 },
    });
    await expect(listAccounts(endpoint.as(key))).rejects.toMatchObject({
      name: "UnrecognizedClientException",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("is nobody by issued keys without their session token", async () => {
    const { accessKeyId } = endpoint.callers.issue(session, 900);
    await expect(whoAmI(endpoint.as(accessKeyId))).rejects.toMatchObject({
      name: "InvalidClientTokenId",
    });
  });

  it("is nobody once the keys have expired", async () => {
    const { accessKeyId, sessionToken } = endpoint.callers.issue(session, 900);
    await endpoint.clock.advance(900_000);
    const config = endpoint.as(accessKeyId, sessionToken);
    await expect(whoAmI(config)).rejects.toMatchObject({ name: "ExpiredToken" });
    await expect(listAccounts(config)).rejects.toMatchObject({ name: "ExpiredTokenException" });
  });

  it("must sign for the sandbox's region", async () => {
    const config = { ...endpoint.as("sandbox"), region: "eu-central-1" };
    await expect(whoAmI(config)).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
    const sso = new SSOAdminClient(config).send(
      new ListTagsForResourceCommand({ ResourceArn: acme.instanceArn }),
    );
    await expect(sso).rejects.toMatchObject({ name: "InvalidSignatureException" });
  });
});

describe("a call that nobody answers", () => {
  it("is refused and logged when the operation is not offered", async () => {
    const sso = new SSOAdminClient(endpoint.as("sandbox")).send(
      new ListTagsForResourceCommand({ ResourceArn: acme.instanceArn }),
    );
    await expect(sso).rejects.toMatchObject({ name: "UnknownOperationException" });
    const sns = new SNSClient(endpoint.as("sandbox")).send(new CreateTopicCommand({ Name: "x" }));
    await expect(sns).rejects.toMatchObject({ name: "InvalidAction" });
    expect(endpoint.warnings).toEqual([
      "The sandbox does not offer sso:ListTagsForResource.",
      "The sandbox does not offer sns:CreateTopic.",
    ]);
  });

  it("is refused when the service is not offered", async () => {
    const call = new SchedulerClient(endpoint.as("sandbox")).send(new ListSchedulesCommand({}));
    await expect(call).rejects.toThrow("does not offer the service scheduler");
  });

  it.each([
    [
      "came as a form",
      "iam",
      {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "Action=ListUsers&Version=2010-05-08",
      },
    ],
    ["is of a service that speaks XML only", "s3", { method: "GET", headers: {} }],
  ])("is refused in XML when it %s", async (_case, service, init) => {
    const response = await fetch(endpoint.url, {
      ...init,
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=sandbox/20260105/us-east-1/${service}/aws4_request`,
        ...init.headers,
      },
    });
    expect(await response.text()).toContain("<Code>UnknownOperationException</Code>");
  });

  it("is refused when it is not signed", async () => {
    const response = await fetch(endpoint.url, { method: "POST", body: "{}" });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: "MissingAuthenticationTokenException" });
  });

  it.each(["not json", "[]", '"text"'])("is refused when its body is %s", async (body) => {
    const response = await fetch(endpoint.url, {
      method: "POST",
      headers: {
        authorization: "AWS4-HMAC-SHA256 Credential=sandbox/20260105/us-east-1/sso/aws4_request",
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "SWBExternalService.ListInstances",
      },
      body,
    });
    expect(response.status).toBe(400);
    expect(response.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
    expect(await response.json()).toMatchObject({ __type: "SerializationException" });
  });
});

describe("the call log", () => {
  it("tells of every call who made it and what came of it, and nothing else", async () => {
    const seen: unknown[] = [];
    const stop = endpoint.callLog.subscribe((call) => seen.push(call));
    await new SNSClient(endpoint.as("sandbox")).send(new ListTopicsCommand({}));
    await expect(whoAmI(endpoint.as("AKIAUNKNOWN"))).rejects.toThrow();
    stop();
    await whoAmI(endpoint.as("sandbox"));
    const common = { at: expect.any(String), requestId: expect.any(String) };
    expect(seen).toStrictEqual([
      {
        ...common,
        service: "sns",
        operation: "ListTopics",
        caller: "arn:aws:iam::111111111111:user/sandbox",
        outcome: "ok",
      },
      {
        ...common,
        service: "sts",
        operation: "GetCallerIdentity",
        caller: "-",
        outcome: "InvalidClientTokenId",
      },
    ]);
    expect(endpoint.callLog.calls().at(-1)).toMatchObject({ operation: "GetCallerIdentity" });
  });
});
