import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { administrator } from "../support/acme.ts";
import { useSandbox } from "../support/use-sandbox.ts";

describe("bad input", () => {
  const bench = useSandbox();

  const valid = {
    flow: "staging-access",
    target: "staging-readonly",
    duration: "30s",
    reason: "test",
  };

  const itemsInTable = async (): Promise<number> => {
    const client = new DynamoDBClient(administrator(bench.sandbox.awsUrl, "666666666666"));
    return (await client.send(new ScanCommand({ TableName: "curfew-sandbox" }))).Count ?? -1;
  };

  it.each([
    ["malformed JSON", "{", 400, "body.malformed", undefined],
    ["a list", [], 400, "body.malformed", undefined],
    ["nothing", "", 400, "body.malformed", undefined],
    ["an unknown flow", { ...valid, flow: "nope" }, 404, "flow.not-found", "flow"],
    ["an unknown target", { ...valid, target: "x" }, 404, "flow.target-not-found", "target"],
    ["a name of JavaScript's", { ...valid, flow: "constructor" }, 404, "flow.not-found", "flow"],
    ["a bad duration", { ...valid, duration: "soon" }, 400, "body.malformed", "duration"],
    ["no duration", { ...valid, duration: undefined }, 400, "body.malformed", "duration"],
    ["zero", { ...valid, duration: "0s" }, 400, "body.malformed", "duration"],
    ["too long", { ...valid, duration: "61m" }, 422, "flow.duration-not-allowed", "duration"],
    ["no reason", { ...valid, reason: " " }, 422, "flow.reason-required", "reason"],
    ["a requester", { ...valid, requester: "bob" }, 400, "body.malformed", "requester"],
    ["64 KB and more", { ...valid, reason: "x".repeat(66_000) }, 413, "body.too-large", undefined],
    ["an unknown field", { ...valid, fields: { a: 1 } }, 400, "field.invalid", "fields.a"],
  ])("refuses %s and writes nothing", async (_, body, status, code, path) => {
    const answer = await bench.api.call("alice", "POST", "/requests", body);
    expect(answer).toMatchObject({ status, body: { code, status } });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    if (path !== undefined) expect(answer.body).toMatchObject({ errors: [{ path }] });
    expect(await itemsInTable()).toBe(0);
  });

  const foreign = (key: KeyObject, claims: { issuer: string; audience: string }) =>
    new SignJWT({ email: "alice@acme.example" })
      .setProtectedHeader({ alg: "RS256" })
      .setIssuer(claims.issuer)
      .setAudience(claims.audience)
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(key);

  it("answers the gateway's own 401 to no, expired and foreign tokens", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
    const issuer = "https://login.acme.example";
    const tokens = [
      undefined,
      "garbage",
      await bench.api.tokenOf("alice", -60),
      await foreign(privateKey, { issuer, audience: "curfew" }),
      await foreign(privateKey, { issuer: "https://evil.example", audience: "curfew" }),
    ];
    for (const token of tokens) {
      const headers: Record<string, string> =
        token === undefined ? {} : { authorization: `Bearer ${token}` };
      const answer = await bench.api.callWith(headers, "POST", "/requests", valid);
      expect(answer).toMatchObject({ status: 401, body: { message: "Unauthorized" } });
    }
    expect(await itemsInTable()).toBe(0);
  });

  it.each([
    ["GET", "/requests/nope"],
    ["GET", "/requests/req_01ARZ3NDEKTSV4RRFFQ69G5FAV"],
    ["POST", "/requests/req_01ARZ3NDEKTSV4RRFFQ69G5FAV/revoke"],
  ])("answers 404 to %s %s", async (method, path) => {
    const answer = await bench.api.call("alice", method, path);
    expect(answer).toMatchObject({ status: 404, body: { code: "request.not-found" } });
  });
});
