import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../store.ts";
import { hang } from "../testing/fake-lambda.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import {
  aDefinition,
  aRun,
  aTask,
  aTokenWait,
  aWorld,
  type Bench,
  tokenOf,
} from "./testing/bench.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "curfew-states-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const openFile = () => openStore(join(folder, "state.db"));

/** Another process that finds what the first one left, and takes it up `downtime` milliseconds later. */
const restarted = async (run: Bench, downtime = 0, functions = {}): Promise<Bench> => {
  run.runner.stop();
  run.store.close();
  const clock = createManualClock(run.clock.now() + downtime);
  const next = aWorld({ definition: {}, functions, store: openFile(), clock });
  next.runner.resume();
  await clock.advance(0);
  return next;
};

describe("the journal", () => {
  it("has the step before its function is called", async () => {
    const seen: string[][] = [];
    const store = openFile();
    const f = () => {
      const other = aWorld({ definition: {}, store: openFile() });
      seen.push(other.types());
      other.store.close();
      return null;
    };
    await aRun({ definition: aDefinition({ A: aTask("f") }), functions: { f }, store });
    expect(seen).toEqual([
      ["ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted"],
    ]);
    store.close();
  });

  it("of an earlier execution of the same name is replaced", async () => {
    const long = aDefinition({ A: { Type: "Pass", Next: "B" }, B: { Type: "Succeed" } });
    const first = await aRun({ definition: long });
    expect(first.types()).toHaveLength(6);
    const definition = aDefinition({ A: { Type: "Succeed" } });
    const second = await aRun({ definition, store: first.store });
    expect(second.types()).toHaveLength(4);
  });
});

describe("a restart", () => {
  const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Caught" }];
  const done = { Type: "Succeed" };

  it("goes on waiting with the old token and the remaining time", async () => {
    const definition = aDefinition({
      A: aTokenWait("f", { TimeoutSeconds: 60, Catch, Next: "Done" }),
      Caught: done,
      Done: done,
    });
    const before = await aRun({ definition, functions: { f: () => null }, store: openFile() });
    const token = tokenOf(before);
    await before.clock.advance(20_000);

    const after = await restarted(before, 10_000);
    expect(after.runner.awaits(after.arn, token)).toBe(true);
    await after.clock.advance(29_999);
    expect(after.execution().status).toBe("RUNNING");
    await after.clock.advance(1);
    expect(after.output()).toEqual({ Error: "States.Timeout" });
    after.store.close();
  });

  it("takes the old token", async () => {
    const definition = aDefinition({ A: aTokenWait("f") });
    const before = await aRun({ definition, functions: { f: () => null }, store: openFile() });
    const token = tokenOf(before);
    const after = await restarted(before);
    after.runner.signal(after.arn, { type: "token succeeded", token, output: 1 });
    expect(after.output()).toBe(1);
    after.store.close();
  });

  it("tells Retry of a task that was running as Lambda.Unknown", async () => {
    const Retry = [{ ErrorEquals: ["Lambda.Unknown"], IntervalSeconds: 5 }];
    const definition = aDefinition({ A: aTask("f", { Retry }) });
    const before = await aRun({ definition, functions: { f: hang }, store: openFile() });

    const after = await restarted(before, 0, { f: () => "again" });
    expect(after.lambda.calls).toHaveLength(0);
    expect(after.details("TaskFailed")).toMatchObject([{ error: "Lambda.Unknown" }]);
    await after.clock.advance(5_000);
    expect(after.output()).toMatchObject({ Payload: "again" });
    after.store.close();
  });

  it("fails a wait whose function had not answered: nobody may know its token", async () => {
    const definition = aDefinition({
      A: aTokenWait("f", { Catch, Next: "Done" }),
      Caught: done,
      Done: done,
    });
    const before = await aRun({ definition, functions: { f: hang }, store: openFile() });
    const after = await restarted(before);
    expect(after.output()).toMatchObject({ Error: "Lambda.Unknown" });
    after.store.close();
  });

  it.each([
    ["wait", { A: { Type: "Wait", Seconds: 60, End: true } }, {}],
    [
      "retry",
      { A: aTask("f", { Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 60 }] }) },
      { f: () => 1 },
    ],
  ])("makes up for a %s that fell due meanwhile", async (_, states, functions) => {
    const fails = {
      f: () => {
        throw new Error("first");
      },
    };
    const store = openFile();
    const before = await aRun({ definition: aDefinition(states), functions: fails, store });
    const after = await restarted(before, 3_600_000, functions);
    expect(after.execution().status).toBe("SUCCEEDED");
    after.store.close();
  });

  it("leaves alone what has ended", async () => {
    const definition = aDefinition({ A: { Type: "Succeed" } });
    const before = await aRun({ definition, store: openFile() });
    const events = before.types();
    const after = await restarted(before);
    expect(after.types()).toEqual(events);
    expect(after.statuses).toEqual([]);
    after.store.close();
  });
});

describe("a runner that was stopped", () => {
  it("takes no answers and no time any more", async () => {
    const late = Promise.withResolvers();
    const run = await aRun({
      definition: aDefinition({ A: aTask("f", { TimeoutSeconds: 5 }) }),
      functions: { f: () => late.promise },
    });
    const events = run.types();
    run.runner.stop();
    late.resolve(1);
    await run.clock.advance(10_000);
    expect(run.types()).toEqual(events);
  });
});
