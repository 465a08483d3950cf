import { describe, expect, it } from "vitest";
import { AwsError } from "../aws/service.ts";
import { named } from "../testing/fake-lambda.ts";
import { aDefinition, aRun, aTask, functionArn } from "./testing/bench.ts";

const done = { Type: "Succeed" };
const caught = (fields: Record<string, unknown> = {}) => ({
  Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught", ...fields }],
  Next: "Done",
});
const withCatch = (task: unknown) => aDefinition({ A: task, Caught: done, Done: done });

describe("a task", () => {
  it("gives its function the payload, and takes the service's whole answer", async () => {
    const run = await aRun({
      definition: aDefinition({ A: aTask("f") }),
      functions: { f: () => ({ x: 1 }) },
      input: { a: 1 },
    });
    expect(run.lambda.calls).toEqual([
      { functionArn: functionArn("f"), payload: { a: 1 }, type: "invoke" },
    ]);
    expect(run.output()).toEqual({
      ExecutedVersion: "$LATEST",
      Payload: { x: 1 },
      SdkHttpMetadata: { HttpStatusCode: 200 },
      SdkResponseMetadata: { RequestId: expect.any(String) },
      StatusCode: 200,
    });
    expect(run.statuses).toEqual(["RUNNING", "SUCCEEDED"]);
  });

  it("writes the service's events", async () => {
    const run = await aRun({
      definition: aDefinition({ A: aTask("f", { TimeoutSeconds: 9 }) }),
      functions: { f: () => null },
    });
    expect(run.types()).toEqual([
      "ExecutionStarted",
      "TaskStateEntered",
      "TaskScheduled",
      "TaskStarted",
      "TaskSucceeded",
      "TaskStateExited",
      "ExecutionSucceeded",
    ]);
    expect(run.details("TaskScheduled")).toEqual([
      {
        resourceType: "lambda",
        resource: "invoke",
        region: "us-east-1",
        parameters: JSON.stringify({ FunctionName: functionArn("f"), Payload: {} }),
        timeoutInSeconds: 9,
      },
    ]);
    const history = run.runner.history(run.arn);
    expect(history.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(history.map(({ previousEventId }) => previousEventId)).toEqual([0, 0, 2, 3, 4, 5, 6]);
  });

  it("keeps what ResultSelector names, where ResultPath says, and passes on what OutputPath names", async () => {
    const run = await aRun({
      definition: aDefinition({
        A: aTask("f", {
          InputPath: "$.in",
          ResultSelector: { "y.$": "$.Payload.x", name: "f" },
          ResultPath: "$.out.result",
          OutputPath: "$.out",
        }),
      }),
      functions: { f: () => ({ x: 1, z: 2 }) },
      input: { in: { a: 1 } },
    });
    expect(run.lambda.calls[0]?.payload).toEqual({ a: 1 });
    expect(run.output()).toEqual({ result: { y: 1, name: "f" } });
  });

  it("without ResultPath keeps its input as it was", async () => {
    const run = await aRun({
      definition: aDefinition({ A: aTask("f", { ResultPath: null }) }),
      functions: { f: () => 5 },
      input: { a: 1 },
    });
    expect(run.output()).toEqual({ a: 1 });
  });

  it("finds itself in the context", async () => {
    const Payload = {
      "execution.$": "$$.Execution.Name",
      "id.$": "$$.Execution.Id",
      "at.$": "$$.State.EnteredTime",
      "state.$": "$$.State.Name",
      "retries.$": "$$.State.RetryCount",
      "machine.$": "$$.StateMachine.Name",
      "given.$": "$$.Execution.Input.a",
    };
    const run = await aRun({
      definition: aDefinition({
        A: aTask("f", { Parameters: { FunctionName: functionArn("f"), Payload } }),
      }),
      functions: { f: () => null },
      input: { a: 1 },
    });
    expect(run.lambda.calls[0]?.payload).toEqual({
      execution: "one",
      id: run.arn,
      at: "2026-01-01T00:00:00.000Z",
      state: "A",
      retries: 0,
      machine: "test",
      given: 1,
    });
  });
});

describe("a failing task", () => {
  it("fails under the name of the function's error, with what Lambda returned as cause", async () => {
    const run = await aRun({
      definition: aDefinition({ A: aTask("f") }),
      functions: {
        f: () => {
          throw named("LeaseBusy", "held by another");
        },
      },
    });
    expect(run.statuses).toEqual(["RUNNING", "FAILED"]);
    const { error, cause } = run.execution();
    expect(error).toBe("LeaseBusy");
    expect(JSON.parse(cause ?? "")).toEqual({
      errorType: "LeaseBusy",
      errorMessage: "held by another",
      trace: [],
    });
    expect(run.types().slice(-2)).toEqual(["TaskFailed", "ExecutionFailed"]);
  });

  it.each([
    ["TooManyRequestsException", "Lambda.TooManyRequestsException"],
    ["ServiceException", "Lambda.ServiceException"],
    ["AccessDeniedException", "Lambda.AWSLambdaException"],
  ])("that Lambda refuses with %s fails with %s", async (code, error) => {
    const run = await aRun({
      definition: aDefinition({ A: aTask("f") }),
      functions: {
        f: () => {
          throw new AwsError(code, "not now", 429);
        },
      },
    });
    expect(run.execution()).toMatchObject({ status: "FAILED", error });
    expect(run.execution().cause).toContain(`not now (Service: AWSLambda; Status Code: 429;`);
  });

  it("whose function does not exist fails with Lambda.ResourceNotFoundException", async () => {
    const run = await aRun({ definition: aDefinition({ A: aTask("f") }) });
    expect(run.execution().error).toBe("Lambda.ResourceNotFoundException");
  });

  it("that does not end in time fails with States.Timeout, and its late answer is ignored", async () => {
    const late = Promise.withResolvers();
    const run = await aRun({
      definition: withCatch(aTask("f", { TimeoutSecondsPath: "$.seconds", ...caught() })),
      functions: { f: () => late.promise },
      input: { seconds: 90 },
    });
    await run.clock.advance(89_999);
    expect(run.execution().status).toBe("RUNNING");
    await run.clock.advance(1);
    expect(run.output()).toEqual({ Error: "States.Timeout" });
    expect(run.details("TaskTimedOut")).toEqual([
      { resourceType: "lambda", resource: "invoke", error: "States.Timeout" },
    ]);
    const before = run.types();
    late.resolve(1);
    await run.clock.advance(0);
    expect(run.types()).toEqual(before);
  });

  it("that timed out is not ended by the answer of an earlier attempt", async () => {
    const attempts = [Promise.withResolvers(), Promise.withResolvers()];
    let calls = 0;
    const Retry = [{ ErrorEquals: ["States.Timeout"], IntervalSeconds: 1 }];
    const run = await aRun({
      definition: aDefinition({ A: aTask("f", { TimeoutSeconds: 10, Retry }) }),
      functions: { f: () => attempts[calls++]?.promise },
    });
    await run.clock.advance(11_000);
    expect(calls).toBe(2);
    attempts[0]?.resolve("first");
    await run.clock.advance(0);
    expect(run.execution().status).toBe("RUNNING");
    attempts[1]?.resolve("second");
    await run.clock.advance(0);
    expect(run.output()).toMatchObject({ Payload: "second" });
  });

  it("is retried after its delay, with a new answer and the same time of entry", async () => {
    let calls = 0;
    const Retry = [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 10, MaxAttempts: 2 }];
    const Payload = { "retries.$": "$$.State.RetryCount", "at.$": "$$.State.EnteredTime" };
    const run = await aRun({
      definition: aDefinition({
        A: aTask("f", { Retry, Parameters: { FunctionName: functionArn("f"), Payload } }),
      }),
      functions: {
        f: () => {
          calls += 1;
          if (calls < 3) throw named("Odd");
          return calls;
        },
      },
    });
    await run.clock.advance(9_999);
    expect(calls).toBe(1);
    await run.clock.advance(1);
    expect(calls).toBe(2);
    await run.clock.advance(20_000);
    expect(run.output()).toMatchObject({ Payload: 3 });
    const at = "2026-01-01T00:00:00.000Z";
    expect(run.lambda.calls.map(({ payload }) => payload)).toEqual([
      { retries: 0, at },
      { retries: 1, at },
      { retries: 2, at },
    ]);
    const entered = run.types().filter((type) => type === "TaskStateEntered");
    expect(entered).toHaveLength(1);
  });

  it("goes on where its catcher says, with the error where the catcher's ResultPath says", async () => {
    const run = await aRun({
      definition: withCatch(aTask("f", caught({ ResultPath: "$.error" }))),
      functions: {
        f: () => {
          throw named("Odd");
        },
      },
      input: { a: 1 },
    });
    expect(run.output()).toEqual({
      a: 1,
      error: { Error: "Odd", Cause: expect.stringContaining("Odd") },
    });
    expect(run.types().slice(4)).toEqual([
      "TaskFailed",
      "TaskStateExited",
      "SucceedStateEntered",
      "SucceedStateExited",
      "ExecutionSucceeded",
    ]);
  });
});
