import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { createClock } from "../clock.ts";
import { openStore } from "../store.ts";
import { createAuthorizer } from "./authorizer.ts";
import { createIssuer, type Issuer } from "./issuer.ts";

const identity = { issuer: "http://localhost:4100", audience: "curfew" };
const alice = { id: "a11ce", email: "alice@acme.example", displayName: "Alice Archer" };
const store = openStore(":memory:");
const clock = createClock();
let issuer: Issuer;

beforeAll(async () => {
  issuer = await createIssuer({ store, clock, ...identity });
});

const authorize = (header: string | undefined, issuedBy = issuer) =>
  createAuthorizer({ issuer: issuedBy, clock })(
    { issuer: identity.issuer, audiences: ["other", identity.audience] },
    header,
  );

/** A token that is right in everything that is not said otherwise. */
const aToken = async (overrides: {
  issuer?: string;
  audience?: string;
  claims?: Record<string, unknown>;
  kid?: string;
  expires?: number | undefined;
  key?: CryptoKey | Uint8Array;
  alg?: string;
}): Promise<string> => {
  const kept = store.collection<JWK>("issuer-keys").get("current");
  const token = new SignJWT({ email: alice.email, ...overrides.claims })
    .setProtectedHeader({ alg: overrides.alg ?? "RS256", kid: overrides.kid ?? issuer.keyId })
    .setIssuer(overrides.issuer ?? identity.issuer)
    .setAudience(overrides.audience ?? identity.audience);
  if (!("expires" in overrides)) token.setExpirationTime("1m");
  else if (overrides.expires !== undefined) token.setExpirationTime(overrides.expires);
  return token.sign(overrides.key ?? (await importJWK({ ...kept }, "RS256")));
};

const expectRefusal = async (token: string, reason: string): Promise<void> => {
  expect(await authorize(`Bearer ${token}`)).toEqual({
    allowed: false,
    response: {
      status: 401,
      headers: {
        "content-type": "application/json",
        "www-authenticate": expect.stringContaining(`error_description="${reason}"`),
      },
      body: '{"message":"Unauthorized"}',
    },
  });
};

describe("a token", () => {
  it("of the issuer is taken, its claims as strings", async () => {
    const claims = { groups: ["a", "b"], admin: true, level: 3 };
    expect(await authorize(`Bearer ${await aToken({ claims })}`)).toEqual({
      allowed: true,
      claims: {
        email: "alice@acme.example",
        iss: identity.issuer,
        aud: "curfew",
        exp: expect.stringMatching(/^\d+$/),
        groups: "[a b]",
        admin: "true",
        level: "3",
      },
    });
  });

  it("is taken with any spelling of Bearer, and without it", async () => {
    const token = await aToken({});
    expect(await authorize(`bearer ${token}`)).toMatchObject({ allowed: true });
    expect(await authorize(token)).toMatchObject({ allowed: true });
  });

  it.each([undefined, "", "Bearer "])("is missing in %j", async (header) => {
    expect(await authorize(header)).toMatchObject({
      allowed: false,
      response: { status: 401, headers: { "www-authenticate": "Bearer" } },
    });
  });

  it("that has expired is refused", async () => {
    await expectRefusal((await issuer.sign(alice, -1)).token, "the token has expired");
  });

  it("that never expires is refused", async () => {
    await expectRefusal(await aToken({ expires: undefined }), "invalid exp");
  });

  it("of a foreign issuer is refused", async () => {
    await expectRefusal(await aToken({ issuer: "https://elsewhere.example" }), "invalid iss");
  });

  it("for another audience is refused", async () => {
    await expectRefusal(await aToken({ audience: "payroll" }), "invalid aud");
  });

  it("signed with another key is refused, whatever key it claims", async () => {
    const { privateKey } = await generateKeyPair("RS256");
    await expectRefusal(await aToken({ key: privateKey }), "signature is invalid");
    await expectRefusal(await aToken({ key: privateKey, kid: "mine" }), "invalid token");
  });

  it("whose claims were changed after signing is refused", async () => {
    const [head, , signature] = (await aToken({})).split(".");
    const claims = { iss: identity.issuer, aud: "curfew", exp: 9e9, email: "carol@acme.example" };
    const forged = Buffer.from(JSON.stringify(claims)).toString("base64url");
    await expectRefusal(`${head}.${forged}.${signature}`, "signature is invalid");
  });

  it("without a signature (alg none) is refused", async () => {
    const part = (content: unknown) => Buffer.from(JSON.stringify(content)).toString("base64url");
    const claims = { iss: identity.issuer, aud: "curfew", exp: 9e9, email: alice.email };
    const head = { alg: "none", kid: issuer.keyId };
    await expectRefusal(`${part(head)}.${part(claims)}.`, "signing method is invalid");
  });

  it("signed with the public key as a secret (HS256) is refused", async () => {
    const key = new TextEncoder().encode(JSON.stringify(await exportJWK(issuer.publicKey)));
    await expectRefusal(await aToken({ alg: "HS256", key }), "signing method is invalid");
  });

  it("that is none is refused", async () => {
    await expectRefusal("rubbish", "invalid token");
  });

  it("outlives a restart", async () => {
    const { token } = await issuer.sign(alice, 60);
    const restarted = await createIssuer({ store, clock, ...identity });
    expect(await authorize(`Bearer ${token}`, restarted)).toMatchObject({ allowed: true });
  });
});
