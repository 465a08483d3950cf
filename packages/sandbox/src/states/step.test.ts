import { describe, expect, it } from "vitest";
import type { Execution, Signal, Surroundings } from "./execution.ts";
import { longestHistory } from "./history.ts";
import { loadDefinition } from "./load.ts";
import { step } from "./step.ts";
import { aDefinition, aTask } from "./testing/bench.ts";

const surroundings: Surroundings = { now: 1_000_000, random: () => 0, token: () => "token" };

const anExecution = (States: Record<string, unknown>, input: unknown = {}): Execution => ({
  arn: "arn:aws:states:us-east-1:666666666666:execution:test:one",
  name: "one",
  machineArn: "arn:aws:states:us-east-1:666666666666:stateMachine:test",
  roleArn: "arn:aws:iam::666666666666:role/test",
  definition: loadDefinition("test", aDefinition(States)),
  input: JSON.stringify(input),
  status: "RUNNING",
  startedAt: 1_000_000,
  events: 0,
});
const started = (States: Record<string, unknown>, input?: unknown) =>
  step(anExecution(States, input), { type: "started" }, surroundings);

describe("a step", () => {
  it("leaves the execution it is given as it was", () => {
    const execution = anExecution({ A: aTask("f") });
    const before = structuredClone(execution);
    const first = step(execution, { type: "started" }, surroundings);
    expect(execution).toEqual(before);
    expect(step(execution, { type: "started" }, surroundings)).toEqual(first);
  });

  it("goes on until something is to be waited for", () => {
    const { execution, invocation, history } = started(
      {
        A: { Type: "Pass", Result: { x: 1 }, ResultPath: "$.a", Next: "B" },
        B: { Type: "Choice", Choices: [{ Variable: "$.a.x", NumericEquals: 1, Next: "C" }] },
        C: aTask("f"),
      },
      { y: 2 },
    );
    expect(execution.position).toMatchObject({ state: "C", input: { a: { x: 1 }, y: 2 } });
    expect(invocation?.payload).toEqual({ a: { x: 1 }, y: 2 });
    expect(history.map(({ type }) => type)).toEqual([
      "ExecutionStarted",
      "PassStateEntered",
      "PassStateExited",
      "ChoiceStateEntered",
      "ChoiceStateExited",
      "TaskStateEntered",
      "TaskScheduled",
      "TaskStarted",
    ]);
  });

  it("of an execution that has ended changes nothing", () => {
    const { execution } = started({ A: { Type: "Succeed" } });
    expect(execution.status).toBe("SUCCEEDED");
    const after = step(execution, { type: "stopped" }, surroundings);
    expect(after).toEqual({ execution, history: [], invocation: undefined });
  });
});

describe("passing", () => {
  it.each<[string, Record<string, unknown>, unknown]>([
    ["its input", {}, { a: { b: 1 } }],
    ["a result", { Result: [1] }, [1]],
    ["parameters", { Parameters: { "x.$": "$.a.b", y: "z" } }, { x: 1, y: "z" }],
    ["part of its input", { InputPath: "$.a" }, { b: 1 }],
    ["nothing of its input", { InputPath: null }, {}],
    ["part of its output", { Result: { c: { d: 1 } }, OutputPath: "$.c" }, { d: 1 }],
    ["its input without the result", { Result: 1, ResultPath: null }, { a: { b: 1 } }],
    ["a result beside it", { Result: 1, ResultPath: "$.a.c" }, { a: { b: 1, c: 1 } }],
  ])("on %s", (_, fields, output) => {
    const { execution } = started({ A: { Type: "Pass", End: true, ...fields } }, { a: { b: 1 } });
    expect(JSON.parse(execution.output ?? "")).toEqual(output);
  });

  it("on what does not fit ends the execution", () => {
    const big = { Type: "Pass", Result: "x".repeat(200_000), ResultPath: "$.more", End: true };
    const { execution } = started({ A: big }, { a: "x".repeat(100_000) });
    expect(execution).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
  });

  it("to where a result does not match ends the execution", () => {
    const { execution } = started({ A: { Type: "Pass", ResultPath: "$.a.b", End: true } }, "text");
    expect(execution).toMatchObject({ status: "FAILED", error: "States.ResultPathMatchFailure" });
  });
});

describe("choosing", () => {
  it("ends the execution when nothing matches", () => {
    const Choices = [{ Variable: "$.a", StringEquals: "b", Next: "A" }];
    const { execution, history } = started({ A: { Type: "Choice", Choices } }, { a: "c" });
    expect(execution).toMatchObject({ status: "FAILED", error: "States.NoChoiceMatched" });
    expect(history.at(-1)?.type).toBe("ExecutionFailed");
  });
});

describe("waiting", () => {
  const later = (now: number, execution: Execution) =>
    step(execution, { type: "time" }, { ...surroundings, now });

  it.each([
    ["for seconds", { Seconds: 5 }, 1_005_000],
    ["until a time", { Timestamp: new Date(1_009_000).toISOString() }, 1_009_000],
    ["until a time that is past", { Timestamp: new Date(5).toISOString() }, 1_000_000],
    ["until a time of its input", { TimestampPath: "$.at.end" }, 1_009_000],
    ["until one with an offset", { TimestampPath: "$.at.local" }, 1_009_000],
    ["until one that is past", { TimestampPath: "$.at.past" }, 1_000_000],
  ])("%s ends when it is due, and not before", (_, fields, due) => {
    const at = {
      end: "1970-01-01T00:16:49Z",
      local: "1970-01-01T02:16:49.000+02:00",
      past: "1970-01-01T00:00:00Z",
    };
    const { execution } = started({ A: { Type: "Wait", End: true, ...fields } }, { at });
    expect(later(due - 1, execution).history).toEqual([]);
    const after = later(due, execution);
    expect(after.execution).toMatchObject({ status: "SUCCEEDED", output: JSON.stringify({ at }) });
    expect(after.history.map(({ type }) => type)).toEqual([
      "WaitStateExited",
      "ExecutionSucceeded",
    ]);
  });
});

describe("waiting until a time of the input", () => {
  it.each([
    ["nothing", {}],
    ["no text", { at: 5 }],
    ["no time", { at: "tomorrow" }],
    ["a time without an offset", { at: "2026-01-01T00:00:00" }],
  ])("that is %s fails the execution, which no state can catch", (_, input) => {
    const { execution } = started({ A: { Type: "Wait", TimestampPath: "$.at", End: true } }, input);
    expect(execution).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  });
});

describe("ending", () => {
  it("with a failure of the definition's own", () => {
    const { execution, history } = started({ A: { Type: "Fail", Error: "Enough", Cause: "why" } });
    expect(execution).toMatchObject({ status: "FAILED", error: "Enough", cause: "why" });
    expect(history.map(({ type }) => type).slice(1)).toEqual([
      "FailStateEntered",
      "ExecutionFailed",
    ]);
  });

  it("by being stopped says why", () => {
    const { execution } = started({ A: aTask("f") });
    const stopped = step(execution, { type: "stopped", error: "E", cause: "c" }, surroundings);
    expect(stopped.execution).toMatchObject({ status: "ABORTED", error: "E", cause: "c" });
    expect(stopped.execution).not.toHaveProperty("position");
    expect(stopped.history.map(({ type }) => type)).toEqual(["ExecutionAborted"]);
  });

  it("before the retries of a task make the history grow beyond 25,000 events", () => {
    const Retry = [{ ErrorEquals: ["States.ALL"], MaxAttempts: 99_999, MaxDelaySeconds: 1 }];
    let { execution } = started({ A: aTask("f", { Retry }) });
    for (let now = surroundings.now; execution.status === "RUNNING"; now += 1_000) {
      const task = execution.position?.activity;
      const signal: Signal =
        task?.kind === "task"
          ? { type: "failed", task: task.id, error: "Odd", cause: "" }
          : { type: "time" };
      execution = step(execution, signal, { ...surroundings, now }).execution;
    }
    expect(execution).toMatchObject({ status: "FAILED", error: "States.Runtime" });
    expect(execution.events).toBeLessThanOrEqual(longestHistory);
    expect(execution.events).toBeGreaterThan(longestHistory - 10);
  });

  it("before passing on makes the history grow beyond 25,000 events", () => {
    const { execution, history } = started({ A: { Type: "Pass", Next: "A" } });
    expect(execution).toMatchObject({ status: "FAILED", error: "States.Runtime" });
    expect(history.length).toBeLessThanOrEqual(longestHistory);
    expect(history.length).toBeGreaterThan(longestHistory - 10);
    expect(history.at(-1)?.type).toBe("ExecutionFailed");
  });
});
