import { expect, it } from "vitest";
import { createInvocationRoutes } from "./invocation-routes.ts";

const ask = async (query: string) => {
  const routes = createInvocationRoutes({ list: (name) => [aRecord(name ?? "any")] });
  const request = {
    method: "GET",
    path: "/sandbox/invocations",
    query,
    headers: {},
    body: new Uint8Array(),
    sourceIp: "127.0.0.1",
  };
  const answer = await routes["GET /sandbox/invocations"]?.(request);
  return { status: answer?.status, body: JSON.parse(String(answer?.body)) };
};

const aRecord = (name: string) => ({
  function: name,
  at: "2026-11-20T12:00:00.000Z",
  payload: {},
  answer: null,
  error: null,
});

it("GET /sandbox/invocations lists those of all functions, or of one", async () => {
  expect(await ask("")).toEqual({ status: 200, body: { invocations: [aRecord("any")] } });
  expect(await ask("function=noisy")).toMatchObject({
    body: { invocations: [{ function: "noisy" }] },
  });
});

it("GET /sandbox/invocations refuses what it does not know", async () => {
  expect(await ask("name=noisy")).toMatchObject({
    status: 400,
    body: { code: "sandbox.bad-request" },
  });
});
