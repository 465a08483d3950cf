import { describe, expect, it } from "vitest";
import { hang, named } from "../testing/fake-lambda.ts";
import { aDefinition, aRun, aTokenWait, type Bench, tokenOf } from "./testing/bench.ts";
import { createToken, executionOf } from "./token.ts";

const done = { Type: "Succeed" };
const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Caught" }];
const definition = aDefinition({
  A: aTokenWait("f", { TimeoutSeconds: 60, ResultPath: "$.x", Catch, Next: "Done" }),
  Caught: done,
  Done: done,
});
const complete = (run: Bench, token = tokenOf(run)): boolean =>
  run.runner.signal(run.arn, { type: "token succeeded", token, output: { y: 1 } });

describe("a wait for a token", () => {
  it("ignores what its function answers", async () => {
    const run = await aRun({ definition, functions: { f: () => ({ ignored: true }) } });
    await run.clock.advance(59_999);
    expect(run.types().slice(2)).toEqual(["TaskScheduled", "TaskStarted", "TaskSubmitted"]);
    expect(run.execution().status).toBe("RUNNING");
  });

  it("ends with the output of its completion", async () => {
    const run = await aRun({ definition, functions: { f: () => null } });
    expect(complete(run)).toBe(true);
    expect(run.output()).toEqual({ x: { y: 1 } });
    expect(run.types().slice(4, 7)).toEqual(["TaskSubmitted", "TaskSucceeded", "TaskStateExited"]);
  });

  it("may be completed while its function still runs, whose answer then comes too late", async () => {
    const late = Promise.withResolvers();
    const run = await aRun({ definition, functions: { f: () => late.promise } });
    complete(run);
    const ended = run.types();
    late.resolve(1);
    await run.clock.advance(0);
    expect(run.types()).toEqual(ended);
    expect(run.execution().status).toBe("SUCCEEDED");
  });

  it("fails when its function crashes", async () => {
    const f = () => {
      throw named("Odd");
    };
    const run = await aRun({ definition, functions: { f } });
    expect(run.output()).toMatchObject({ Error: "Odd" });
  });

  it("fails with the error that was sent for its token", async () => {
    const run = await aRun({ definition, functions: { f: () => null } });
    run.runner.signal(run.arn, {
      type: "token failed",
      token: tokenOf(run),
      error: "Refused",
      cause: "no",
    });
    expect(run.output()).toEqual({ Error: "Refused", Cause: "no" });
  });

  it("times out, and its token is worth nothing from then on", async () => {
    const run = await aRun({ definition, functions: { f: () => null } });
    expect(run.runner.awaits(run.arn, tokenOf(run))).toBe(true);
    await run.clock.advance(60_000);
    expect(run.output()).toEqual({ Error: "States.Timeout" });
    expect(run.runner.awaits(run.arn, tokenOf(run))).toBe(false);
    expect(complete(run)).toBe(false);
  });

  it("is completed once", async () => {
    const run = await aRun({ definition, functions: { f: () => null } });
    expect([complete(run), complete(run)]).toEqual([true, false]);
  });

  it("has a token of its own each time", async () => {
    const again = aDefinition({
      A: aTokenWait("f", { Next: "B" }),
      B: aTokenWait("f", { TimeoutSeconds: 5 }),
    });
    const run = await aRun({ definition: again, functions: { f: hang } });
    complete(run);
    await run.clock.advance(0);
    expect(tokenOf(run, 1)).not.toBe(tokenOf(run, 0));
    expect(complete(run, tokenOf(run, 0))).toBe(false);
    expect(complete(run, tokenOf(run, 1))).toBe(true);
  });

  it("may last longer than a timer of the machine can", async () => {
    const long = aDefinition({ A: aTokenWait("f", { TimeoutSecondsPath: "$.seconds" }) });
    const day = 24 * 60 * 60;
    const run = await aRun({
      definition: long,
      functions: { f: () => null },
      input: { seconds: 300 * day },
    });
    await run.clock.advance(299 * day * 1000);
    expect(run.execution().status).toBe("RUNNING");
    await run.clock.advance(day * 1000);
    expect(run.execution()).toMatchObject({ status: "FAILED", error: "States.Timeout" });
  });
});

describe("a token", () => {
  it("names its execution and cannot be guessed", () => {
    const token = createToken("arn:one", 3);
    expect(executionOf(token)).toBe("arn:one");
    expect(createToken("arn:one", 3)).not.toBe(token);
  });

  it.each(["", "AAAA", "bm90anNvbg", Buffer.from("[1,2,3]").toString("base64url")])(
    "%j is none",
    (token) => {
      expect(executionOf(token)).toBeUndefined();
    },
  );
});
