import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AwsError } from "../aws/service.ts";
import { createClock } from "../clock.ts";
import type { ApiRoute } from "../deployment.ts";
import type { InvocationResult } from "../lambda/runtime.ts";
import { openStore } from "../store.ts";
import { createGateway, type Gateway } from "./gateway.ts";
import { json } from "./http.ts";
import { createIssuer, type Issuer } from "./issuer.ts";

const identity = { issuer: "http://localhost:4100", audience: "curfew" };
const authorizer = { issuer: identity.issuer, audiences: [identity.audience] };
const route = (key: string, overrides: Partial<ApiRoute> = {}): ApiRoute => ({
  key,
  functionArn: `arn:${key}`,
  timeout: 30_000,
  authorizer: undefined,
  ...overrides,
});
const alice = { id: "a11ce", email: "alice@acme.example", displayName: "Alice Archer" };
const store = openStore(":memory:");
const clock = createClock();

let issuer: Issuer;
let gateway: Gateway;
let url: string;
let events: { functionArn: string; event: Record<string, unknown> }[];
let answer: InvocationResult | Error | "never";

beforeAll(async () => {
  issuer = await createIssuer({ store, clock, ...identity });
  gateway = createGateway({
    deployment: {
      accountId: "666666666666",
      region: "us-east-1",
      routes: [
        route("GET /health"),
        route("GET /open/{id}"),
        route("POST /open"),
        route("GET /slow", { timeout: 50 }),
        route("GET /requests/{id}", { authorizer }),
      ],
    },
    lambda: {
      invoke: async (functionArn, event) => {
        events.push({ functionArn, event: event as Record<string, unknown> });
        if (answer instanceof Error) throw answer;
        return answer === "never" ? new Promise(() => {}) : answer;
      },
    },
    issuer,
    clock,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    sandboxRoutes: async ({ path }) => json(200, { sandbox: path }),
  });
  url = `http://127.0.0.1:${await gateway.listen(0)}`;
});
afterAll(() => gateway.close());
beforeEach(() => {
  events = [];
  answer = { payload: { statusCode: 200, body: "fine" } };
});

const get = (path: string, token?: string, headers: [string, string][] = []): Promise<Response> =>
  fetch(url + path, {
    headers: [
      ...(token === undefined ? [] : [["authorization", `Bearer ${token}`] as [string, string]]),
      ...headers,
    ],
  });
const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  fetch(url + path, { method: "POST", body, headers });

describe("the event", () => {
  it("has the form of payload format 2.0", async () => {
    const { token } = await issuer.sign(alice, 60);
    await get("/requests/req%20%2F1?to=x&to=y%20z&flag", token, [
      ["x-tag", "one"],
      ["x-tag", "two"],
      ["cookie", "a=1; b=2"],
    ]);
    expect(events).toEqual([
      {
        functionArn: "arn:GET /requests/{id}",
        event: {
          version: "2.0",
          routeKey: "GET /requests/{id}",
          rawPath: "/requests/req /1",
          rawQueryString: "to=x&to=y%20z&flag",
          cookies: ["a=1", "b=2"],
          headers: expect.objectContaining({
            "x-tag": expect.stringMatching(/^one, ?two$/),
            authorization: `Bearer ${token}`,
          }),
          queryStringParameters: { to: "x,y z", flag: "" },
          pathParameters: { id: "req /1" },
          requestContext: {
            accountId: "666666666666",
            apiId: "sandbox",
            authorizer: {
              jwt: {
                claims: {
                  sub: "a11ce",
                  email: "alice@acme.example",
                  name: "Alice Archer",
                  iss: identity.issuer,
                  aud: "curfew",
                  iat: expect.stringMatching(/^\d+$/),
                  exp: expect.stringMatching(/^\d+$/),
                },
                scopes: null,
              },
            },
            domainName: "sandbox.execute-api.us-east-1.amazonaws.com",
            domainPrefix: "sandbox",
            http: {
              method: "GET",
              path: "/requests/req /1",
              protocol: "HTTP/1.1",
              sourceIp: "127.0.0.1",
              userAgent: expect.any(String),
            },
            requestId: expect.any(String),
            routeKey: "GET /requests/{id}",
            stage: "$default",
            time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
            timeEpoch: expect.any(Number),
          },
          isBase64Encoded: false,
        },
      },
    ]);
    expect(events[0]?.event.headers).not.toHaveProperty("cookie");
  });

  it("carries JSON as text, and anything unknown in base64", async () => {
    await post("/open", '{"ä":1}', { "content-type": "application/json; charset=utf-8" });
    await post("/open", new Uint8Array([0, 255]), { "content-type": "application/octet-stream" });
    expect(events.map(({ event }) => [event.body, event.isBase64Encoded])).toEqual([
      ['{"ä":1}', false],
      ["AP8=", true],
    ]);
  });
});

describe("the answer", () => {
  it("has the function's status, headers, cookies and body", async () => {
    answer = {
      payload: {
        statusCode: 202,
        headers: { Location: "/requests/req_1", "X-Count": 3 },
        cookies: ["a=1", "b=2"],
        body: "AP8=",
        isBase64Encoded: true,
      },
    };
    const response = await get("/health");
    expect(response.status).toBe(202);
    expect(response.headers.get("location")).toBe("/requests/req_1");
    expect(response.headers.get("x-count")).toBe("3");
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([0, 255]));
  });

  it("is 200 and JSON for what has no status", async () => {
    answer = { payload: { hello: "world" } };
    const response = await get("/health");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual({ hello: "world" });
  });

  it.each<[string, typeof answer]>([
    [
      "crashed",
      { functionError: "Unhandled", payload: { errorType: "E", errorMessage: "secret" } },
    ],
    ["answered out of form", { payload: { statusCode: "soon" } }],
    ["could not be run", new Error("secret")],
  ])("is a bare 500 for a function that %s", async (_what, crash) => {
    answer = crash;
    const response = await get("/health");
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: "Internal Server Error" });
  });

  it("is 503 when the function takes too long", async () => {
    answer = "never";
    const response = await get("/slow");
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ message: "Service Unavailable" });
  });

  it("is 503 when no worker comes free in time", async () => {
    answer = new AwsError("TooManyRequestsException", "Rate Exceeded.", 429);
    expect((await get("/slow")).status).toBe(503);
  });

  it("waits for a worker that comes free", async () => {
    answer = new AwsError("TooManyRequestsException", "Rate Exceeded.", 429);
    const response = get("/health");
    await expect.poll(() => events.length).toBeGreaterThan(1);
    answer = { payload: { statusCode: 200, body: "at last" } };
    expect((await response).status).toBe(200);
  });

  it("is 413 for a body that Lambda would not take", async () => {
    const response = await post("/open", new Uint8Array(6 * 2 ** 20 + 1));
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ message: "Request Entity Too Large" });
    expect(events).toEqual([]);
  });

  it.each(["/nowhere", "/health/", "/open", "/open/a/b"])("is 404 for GET %s", async (path) => {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ message: "Not Found" });
  });
});

describe("who may call", () => {
  it("is anyone where the route has no authorizer", async () => {
    expect((await get("/health", "rubbish")).status).toBe(200);
  });

  it("is nobody without a token where it has one", async () => {
    const response = await get("/requests/req_1");
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    expect(await response.json()).toEqual({ message: "Unauthorized" });
    expect(events).toEqual([]);
  });

  it("is anyone below /sandbox, which no function sees", async () => {
    expect(await (await get("/sandbox/inbox")).json()).toEqual({ sandbox: "/sandbox/inbox" });
    expect(events).toEqual([]);
  });
});
