import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { createClock } from "../clock.ts";
import { openStore } from "../store.ts";
import { json } from "./http.ts";
import { createIssuer } from "./issuer.ts";
import { createSandboxRoutes } from "./sandbox-routes.ts";

const alice = { id: "a11ce", email: "alice@acme.example", displayName: "Alice Archer" };
const issuer = await createIssuer({
  store: openStore(":memory:"),
  clock: createClock(),
  issuer: "http://localhost:4100",
  audience: "curfew",
});
const routes = createSandboxRoutes({
  issuer,
  users: [alice],
  inbox: () => [{ topic: "results", message: {} }],
  more: { "GET /sandbox/more": async () => json(200, { more: true }) },
});

const ask = async (method: string, path: string, body = "") => {
  const bytes = new TextEncoder().encode(body);
  const request = { method, path, query: "", headers: {}, body: bytes, sourceIp: "127.0.0.1" };
  const { status, body: answer } = await routes(request);
  return { status, content: JSON.parse(String(answer)) };
};

describe("POST /sandbox/token", () => {
  it("issues a token for twelve hours, in the user's name", async () => {
    const { status, content } = await ask(
      "POST",
      "/sandbox/token",
      '{"user":"Alice@acme.example"}',
    );
    expect(status).toBe(200);
    const claims = decodeJwt(content.token);
    expect(claims).toMatchObject({ sub: "a11ce", email: "alice@acme.example" });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(12 * 3600);
    expect(Date.parse(content.expiresAt)).toBe((claims.exp ?? 0) * 1000);
  });

  it("issues a token that has expired, on request", async () => {
    const body = '{"user":"alice@acme.example","expiresIn":-60}';
    const { content } = await ask("POST", "/sandbox/token", body);
    expect(Date.parse(content.expiresAt)).toBeLessThan(Date.now());
  });

  it("says who there is, when asked for somebody unknown", async () => {
    const answer = await ask("POST", "/sandbox/token", '{"user":"mallory@acme.example"}');
    expect(answer).toMatchObject({
      status: 404,
      content: {
        code: "sandbox.unknown-user",
        detail: 'There is no user "mallory@acme.example". The sandbox knows alice@acme.example.',
      },
    });
  });

  it.each(["", "nonsense", "null", "[]", '{"user":1}', '{"user":"a","admin":true}'])(
    "refuses %j",
    async (body) => {
      const answer = await ask("POST", "/sandbox/token", body);
      expect(answer).toMatchObject({ status: 400, content: { code: "sandbox.bad-request" } });
    },
  );
});

describe("the other routes", () => {
  it("show what was delivered", async () => {
    expect(await ask("GET", "/sandbox/inbox")).toEqual({
      status: 200,
      content: { messages: [{ topic: "results", message: {} }] },
    });
  });

  it("include further ones", async () => {
    expect(await ask("GET", "/sandbox/more")).toEqual({ status: 200, content: { more: true } });
    expect(await ask("GET", "/sandbox/less")).toMatchObject({
      status: 404,
      content: { detail: expect.stringContaining("GET /sandbox/more") },
    });
  });

  it.each(["/sandbox", "/sandbox/constructor"])("do not include %s", async (path) => {
    expect(await ask("GET", path)).toMatchObject({ status: 404 });
  });
});
