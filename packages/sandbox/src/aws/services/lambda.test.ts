import { beforeEach, describe, expect, it } from "vitest";
import { createClock } from "../../clock.ts";
import { createLambda } from "../../lambda/lambda.ts";
import type { InvocationResult } from "../../lambda/runtime.ts";
import { aSpec } from "../../lambda/testing/specs.ts";
import { openStore } from "../../store.ts";
import type { Call, Service } from "../service.ts";
import { createLambdaService } from "./lambda.ts";

const tools = "555555555555";
const specs = ["crash", "db-admin", "noisy"].map((name) =>
  aSpec(name, { arn: `arn:aws:lambda:us-east-1:${tools}:function:${name}` }),
);
const foreign = aSpec("escalate");

let service: Service;
let result: InvocationResult;
let runs: { name: string; payload: string }[];

beforeEach(() => {
  result = { payload: { body: {}, errors: [] } };
  runs = [];
  const lambda = createLambda({
    functions: [...specs, foreign],
    store: openStore(":memory:"),
    clock: createClock(),
    configOf: () => ({ retries: 2, maximumAge: 60, onFailure: undefined }),
    queues: { send: () => {} },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    pool: {
      hasRoom: () => true,
      onRoom: () => {},
      run: async (spec, payload) => {
        runs.push({ name: spec.name, payload });
        return result;
      },
    },
  });
  service = createLambdaService({ lambda });
});

const call = async (operation: string, input: Record<string, unknown>): Promise<unknown> => {
  const caller = { accountId: tools, arn: `arn:aws:iam::${tools}:user/x`, administrator: true };
  const made: Call = { operation, input, caller, region: "us-east-1" };
  return service.operations[operation]?.(made);
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("Invoke", () => {
  it("answers 200 with what the function answered", async () => {
    const answer = await call("Invoke", { FunctionName: "db-admin", Payload: bytes('{"a":1}') });
    expect(answer).toEqual({
      StatusCode: 200,
      ExecutedVersion: "$LATEST",
      Payload: '{"body":{},"errors":[]}',
    });
    expect(runs).toEqual([{ name: "db-admin", payload: '{"a":1}' }]);
  });

  it("answers a crash with 200, too, and marks it", async () => {
    result = {
      functionError: "Unhandled",
      payload: { errorType: "Error", errorMessage: "boom" },
    };
    expect(await call("Invoke", { FunctionName: "crash" })).toMatchObject({
      StatusCode: 200,
      FunctionError: "Unhandled",
      Payload: '{"errorType":"Error","errorMessage":"boom"}',
    });
  });

  it.each([
    "db-admin",
    "db-admin:live",
    `${tools}:db-admin`,
    `${tools}:function:db-admin:$LATEST`,
    `arn:aws:lambda:us-east-1:${tools}:function:db-admin`,
    `arn:aws:lambda:us-east-1:${tools}:function:db-admin:live`,
  ])("finds the function as %s", async (FunctionName) => {
    await call("Invoke", { FunctionName });
    expect(runs).toEqual([{ name: "db-admin", payload: "{}" }]);
  });

  it("of an event answers 202 before anything runs", async () => {
    const input = { FunctionName: "db-admin", InvocationType: "Event" };
    expect(await call("Invoke", input)).toEqual({ StatusCode: 202 });
    expect(runs).toEqual([]);
    await expect.poll(() => runs.length, { interval: 1 }).toBe(1);
  });

  it("checks a DryRun, and runs nothing", async () => {
    const input = { FunctionName: "db-admin", InvocationType: "DryRun" };
    expect(await call("Invoke", input)).toEqual({ StatusCode: 204 });
    expect(runs).toEqual([]);
  });

  it.each([
    ["a function that is not there", { FunctionName: "nobody" }, "ResourceNotFoundException"],
    ["another account's function", { FunctionName: foreign.arn }, "AccessDeniedException"],
    ["a bad name", { FunctionName: "a b" }, "ValidationException"],
    ["an unknown type", { FunctionName: "noisy", InvocationType: "Later" }, "ValidationException"],
    [
      "what is not JSON",
      { FunctionName: "noisy", Payload: bytes("{") },
      "InvalidRequestContentException",
    ],
    [
      "too large an event",
      { FunctionName: "noisy", InvocationType: "Event", Payload: new Uint8Array(262_145) },
      "RequestTooLargeException",
    ],
  ])("refuses %s", async (_what, input, code) => {
    await expect(call("Invoke", input)).rejects.toMatchObject({ code });
    expect(runs).toEqual([]);
  });
});

describe("ListFunctions", () => {
  it("lists the caller's account page by page", async () => {
    const first = await call("ListFunctions", { MaxItems: "2" });
    expect(first).toMatchObject({
      Functions: [{ FunctionName: "crash" }, { FunctionName: "db-admin", Timeout: 10 }],
      NextMarker: expect.any(String),
    });
    const { NextMarker } = first as { NextMarker: string };
    const second = await call("ListFunctions", { MaxItems: "2", Marker: NextMarker });
    expect(second).toMatchObject({ Functions: [{ FunctionName: "noisy" }], NextMarker: undefined });
  });
});

describe("GetFunction", () => {
  it("describes a function by its ARN with an alias", async () => {
    expect(await call("GetFunction", { FunctionName: `${specs[1]?.arn}:live` })).toMatchObject({
      Configuration: { FunctionArn: specs[1]?.arn, Runtime: "nodejs24.x" },
    });
  });
});
