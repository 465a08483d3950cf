import { describe, expect, it } from "vitest";
import { createCallLog } from "../aws/call-log.ts";
import { createFaults } from "../faults/faults.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createTimeLapse } from "../time-lapse.ts";
import { createFaultRoutes } from "./fault-routes.ts";
import type { SandboxRoute } from "./http.ts";
import { createObservationRoutes } from "./observation-routes.ts";

const ask = async (
  routes: Record<string, SandboxRoute>,
  key: string,
  { query = "", body = "" } = {},
) => {
  const [method = "", path = ""] = key.split(" ");
  const request = {
    method,
    path,
    query,
    headers: {},
    body: new TextEncoder().encode(body),
    sourceIp: "127.0.0.1",
  };
  const answer = await routes[key]?.(request);
  return { status: answer?.status, content: JSON.parse(String(answer?.body)) };
};

describe("/sandbox/faults", () => {
  const routes = createFaultRoutes({
    faults: createFaults({ clock: createManualClock() }),
    offered: {
      operations: new Map([["sso", ["DeleteAccountAssignment"]]]),
      lagging: new Map(),
      functions: [],
      prefix: "curfew-sandbox-",
    },
  });
  const fault = { service: "sso", operation: "DeleteAccountAssignment", error: "throttled" };

  it("takes faults, lists them with their counts, and takes them back", async () => {
    const added = { id: 1, ...fault, when: "before", times: 1, hits: 0, remaining: 1 };
    expect(await ask(routes, "POST /sandbox/faults", { body: JSON.stringify(fault) })).toEqual({
      status: 201,
      content: added,
    });
    expect(await ask(routes, "GET /sandbox/faults")).toEqual({
      status: 200,
      content: { faults: [added] },
    });
    expect(await ask(routes, "DELETE /sandbox/faults")).toEqual({
      status: 200,
      content: { cleared: 1 },
    });
    expect(await ask(routes, "GET /sandbox/faults")).toMatchObject({ content: { faults: [] } });
  });

  it.each([
    [JSON.stringify({ ...fault, service: "s3" }), "service", "must be one of sso"],
    [JSON.stringify({ ...fault, when: "never" }), "when", "before"],
    ["nonsense", "", "expected object"],
  ])("says what is wrong with %s", async (body, path, message) => {
    expect(await ask(routes, "POST /sandbox/faults", { body })).toMatchObject({
      status: 400,
      content: {
        code: "sandbox.bad-request",
        errors: [{ path, message: expect.stringContaining(message) }],
      },
    });
  });
});

describe("/sandbox/calls", () => {
  const callLog = createCallLog();
  const clock = createManualClock(Date.parse("2026-01-01T12:00:00Z"));
  const routes = createObservationRoutes({ callLog, clock });
  const record = (requestId: string, at: string, service: string, operation: string): void =>
    callLog.record({ requestId, at, service, operation, caller: "-", outcome: "ok" });
  record("1", "2026-01-01T12:00:00.000Z", "sso", "ListAccountAssignments");
  record("2", "2026-01-01T12:00:01.000Z", "sso", "DeleteAccountAssignment");
  record("3", "2026-01-01T12:00:02.000Z", "sts", "AssumeRole");

  it.each([
    ["", ["1", "2", "3"]],
    ["service=sso", ["1", "2"]],
    ["service=sso&operation=DeleteAccountAssignment", ["2"]],
    ["since=2026-01-01T12:00:01Z", ["2", "3"]],
    ["since=2026-01-01T13:00:01%2B01:00&service=sts", ["3"]],
    ["service=iam", []],
  ])("answers %j with the calls %j", async (query, ids) => {
    const { content } = await ask(routes, "GET /sandbox/calls", { query });
    expect(content.calls.map((call: { requestId: string }) => call.requestId)).toEqual(ids);
  });

  it.each(["since=yesterday", "caller=me"])("refuses %s", async (query) => {
    const answer = await ask(routes, "GET /sandbox/calls", { query });
    expect(answer).toMatchObject({ status: 400, content: { code: "sandbox.bad-request" } });
  });

  it("is accompanied by a way to keep time from being skipped", async () => {
    const machine = createManualClock();
    const lapsing = createTimeLapse({ machine, factor: 100 });
    const start = lapsing.now();
    lapsing.at(start + 3_600_000, () => {});
    const held = createObservationRoutes({ callLog, clock: lapsing });
    const body = JSON.stringify({ hold: 5_000 });
    expect(await ask(held, "POST /sandbox/clock", { body })).toMatchObject({ status: 200 });
    await machine.advance(5_000);
    expect(lapsing.now() - start).toBe(5_000);
    await machine.advance(20);
    expect(lapsing.now() - start).toBeGreaterThan(5_500);
    expect(await ask(held, "POST /sandbox/clock", { body: '{"hold":60001}' })).toMatchObject({
      status: 400,
      content: { errors: [{ path: "hold" }] },
    });
  });

  it("is accompanied by the sandbox's time", async () => {
    await clock.advance(1_500);
    expect(await ask(routes, "GET /sandbox/clock")).toEqual({
      status: 200,
      content: { now: "2026-01-01T12:00:01.500Z" },
    });
  });
});
