import { describe, expect, it } from "vitest";
import { hang } from "../testing/fake-lambda.ts";
import { aDefinition, aRun, aTask, functionArn } from "./testing/bench.ts";

const done = { Type: "Succeed" };
const caught = () => ({
  Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught" }],
  Next: "Done",
});
const withCatch = (task: unknown) => aDefinition({ A: task, Caught: done, Done: done });

describe("what States.ALL does not catch", () => {
  const Retry = [{ ErrorEquals: ["States.ALL"] }];

  it.each<[string, unknown, Record<string, unknown>]>([
    [
      "a parameter's path that leads nowhere",
      aTask("f", {
        ...caught(),
        Retry,
        Parameters: { FunctionName: functionArn("f"), "Payload.$": "$.absent" },
      }),
      {},
    ],
    [
      "a result's path that leads nowhere",
      aTask("f", { ...caught(), Retry, ResultSelector: { "x.$": "$.Payload.absent" } }),
      {},
    ],
    [
      "a timeout of nothing",
      aTask("f", { ...caught(), Retry, TimeoutSecondsPath: "$.x" }),
      { x: 0 },
    ],
    ["a timeout that is absent", aTask("f", { ...caught(), Retry, TimeoutSecondsPath: "$.x" }), {}],
    [
      "a timeout in parts",
      aTask("f", { ...caught(), Retry, TimeoutSecondsPath: "$.x" }),
      { x: 1.5 },
    ],
  ])("is %s", async (_, task, input) => {
    const run = await aRun({ definition: withCatch(task), functions: { f: () => ({}) }, input });
    expect(run.execution()).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  });

  it.each([
    ["result", { f: () => "x".repeat(262_145) }, {}],
    ["payload", { f: hang }, { a: "x".repeat(262_140) }],
  ])("is a %s above 256 KiB", async (_, functions, input) => {
    const task = aTask("f", { ...caught(), Retry });
    const run = await aRun({ definition: withCatch(task), functions, input });
    expect(run.execution()).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
  });

  it("is a result above 256 KiB of which nothing is kept", async () => {
    const task = aTask("f", { ...caught(), Retry, ResultPath: null });
    const functions = { f: () => "x".repeat(262_145) };
    const run = await aRun({ definition: withCatch(task), functions });
    expect(run.execution()).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
  });

  it("is no result that just fits", async () => {
    const task = aTask("f", { ...caught(), ResultSelector: { "x.$": "$.Payload" } });
    const functions = { f: () => "x".repeat(260_000) };
    const run = await aRun({ definition: withCatch(task), functions });
    expect(run.execution().status).toBe("SUCCEEDED");
  });
});
