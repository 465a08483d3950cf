import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  escalateRole,
  hub,
  listFlowsRole,
  startEndpoint,
  type TestEndpoint,
} from "../testing/endpoint.ts";

let endpoint: TestEndpoint;
beforeAll(async () => {
  endpoint = await startEndpoint();
});
afterAll(() => endpoint.close());

const connector = "arn:aws:iam::111111111111:role/curfew/CurfewIdentityCenter";

/** A client with the keys of a role of the hub. */
const asRole = (roleArn = escalateRole, sourceIdentity?: string): STSClient => {
  const { accessKeyId, sessionToken } = endpoint.callers.issue(
    {
      accountId: hub,
      roleArn,
      sessionName: "i-1",
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    },
    3600,
  );
  return new STSClient(endpoint.as(accessKeyId, sessionToken));
};

const assume = (client: STSClient, input: Partial<AssumeRoleCommandInput> = {}) =>
  client.send(
    new AssumeRoleCommand({
      RoleArn: connector,
      RoleSessionName: "req_01",
      ExternalId: "acme-curfew",
      ...input,
    }),
  );

describe("AssumeRole", () => {
  it("hands out keys of the role that last an hour", async () => {
    const { Credentials, AssumedRoleUser } = await assume(asRole());
    expect(AssumedRoleUser?.Arn).toBe(
      "arn:aws:sts::111111111111:assumed-role/CurfewIdentityCenter/req_01",
    );
    expect(Credentials?.Expiration?.getTime()).toBe(endpoint.clock.now() + 3600_000);
    const session = new STSClient(
      endpoint.as(Credentials?.AccessKeyId ?? "", Credentials?.SessionToken),
    );
    expect(await session.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: "111111111111",
      Arn: AssumedRoleUser?.Arn,
    });
  });

  it("sets the source identity and session tags that the trust allows", async () => {
    const answer = await assume(asRole(), {
      SourceIdentity: "alice@acme.example",
      Tags: [{ Key: "request", Value: "req_01" }],
    });
    expect(answer.SourceIdentity).toBe("alice@acme.example");
  });

  it("carries on which worker the keys are of", async () => {
    const worker = { functionName: "curfew-sandbox-escalate", id: "worker-1" };
    const keys = endpoint.callers.issue(
      { accountId: hub, roleArn: escalateRole, sessionName: "i-1", worker },
      3600,
    );
    const { Credentials } = await assume(
      new STSClient(endpoint.as(keys.accessKeyId, keys.sessionToken)),
    );
    const { AccessKeyId = "", SessionToken } = Credentials ?? {};
    expect(endpoint.callers.resolve(AccessKeyId, SessionToken)).toMatchObject({ worker });
    expect(endpoint.callLog.calls().at(-1)).toMatchObject({ function: worker.functionName });
  });

  it("carries a source identity on", async () => {
    const answer = await assume(asRole(escalateRole, "alice"));
    expect(answer.SourceIdentity).toBe("alice");
  });

  it.each([
    ["another external id", {}, { ExternalId: "guessed" }],
    ["no external id", {}, { ExternalId: undefined }],
    ["a role outside the trusted path", { role: `arn:aws:iam::${hub}:role/other` }, {}],
    [
      "a role that the connector trusts, and whose own policy does not allow it",
      { role: listFlowsRole },
      {},
    ],
    ["a role that does not exist", {}, { RoleArn: "arn:aws:iam::111111111111:role/Unknown" }],
    [
      "another source identity than the one it carries",
      { identity: "bob" },
      { SourceIdentity: "alice" },
    ],
  ])("refuses %s", async (_case, caller: { role?: string; identity?: string }, input) => {
    const client = asRole(caller.role, caller.identity);
    await expect(assume(client, input)).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining("is not authorized to perform: sts:"),
      $metadata: { httpStatusCode: 403 },
    });
  });

  it("refuses an administrator of the hub, who is not a role under /curfew/", async () => {
    const client = new STSClient(endpoint.as(`sandbox-${hub}`));
    await expect(assume(client)).rejects.toMatchObject({ name: "AccessDenied" });
  });

  it.each([
    ["a session name with a space", { RoleSessionName: "two words" }, "'roleSessionName'"],
    ["a session name of one character", { RoleSessionName: "a" }, "greater than or equal to 2"],
    ["less than 15 minutes", { DurationSeconds: 899 }, "greater than or equal to 900"],
    ["more than an hour with a role's keys", { DurationSeconds: 3601 }, "role chaining"],
  ])("finds %s invalid", async (_case, input, message) => {
    await expect(assume(asRole(), input)).rejects.toMatchObject({
      name: "ValidationError",
      message: expect.stringContaining(message),
    });
  });
});
