import { buildDefinition, stateNames as name } from "@curfew/workflow";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aDefinition, aTask, aTokenWait, functionArn } from "./testing/bench.ts";
import { traceOfOracle } from "./testing/oracle.ts";
import { type Act, comparable, type Script, scriptedFunction, traceOf } from "./testing/script.ts";

/** Both must enter the same states with the same input, call the same tasks, leave the same output, and end the same way. */
const agree = async (
  definition: object,
  input: unknown,
  script: Script,
): Promise<{ outcome: string; states: string[] }> => {
  const copy: Record<string, unknown> = JSON.parse(JSON.stringify(definition));
  const ours = await traceOf(copy, input, script);
  const theirs = await traceOfOracle(copy, input, script);
  expect(comparable(ours)).toEqual(comparable(theirs));
  return { outcome: ours.outcome, states: ours.entered.map(({ state }) => state) };
};

const task = (fields?: Record<string, unknown>): unknown => aTask(scriptedFunction, fields);
const wait = (fields?: Record<string, unknown>): unknown => aTokenWait(scriptedFunction, fields);
const done = { Type: "Succeed" };
const arn = functionArn(scriptedFunction);
/** What comes before the strategy's name: together they name the one scripted function. */
const prefix = arn.replace(/-[^-]+$/, "");
const workflow = buildDefinition({
  "await-approval": arn,
  "arm-revocation": arn,
  escalate: prefix,
  "await-expiry": arn,
  deescalate: prefix,
});
const request = "req_01JD0000000000000000000000";
const strategy = scriptedFunction.replace(/^.+-/, "");
const startAt = "2026-11-20T12:00:00.000Z";
const anInput = (enter: string) => ({
  request,
  k: 0,
  version: 1,
  enter,
  seconds: 3600,
  startAt,
  strategy,
});

const gone: Act = { answer: { due: true, seconds: 1 } };
const well: Script = {
  [name.waitForApproval]: [{ answer: {} }],
  [name.decided]: [{ answer: null }],
  [name.armRevocation]: [{ answer: {} }],
  [name.escalate]: [{ answer: { seconds: 600 } }],
  [name.waitForExpiry]: [{ answer: { seconds: 30 } }],
  [name.waitOutTheMinute]: [{ timeout: true }],
  [name.deescalate]: [gone],
};

describe("Curfew's workflow runs as elsewhere", () => {
  it.each<[string, string, Script, string]>([
    ["when all goes well", "approval", {}, "succeeded"],
    ["when it is denied", "approval", { [name.decided]: [{ error: "NotApproved" }] }, "succeeded"],
    [
      "when nobody decides",
      "approval",
      { [name.waitForApproval]: [{ timeout: true }], [name.decided]: [{ error: "NotApproved" }] },
      "succeeded",
    ],
    ["when it cannot escalate", "escalation", { [name.escalate]: [{ error: "Odd" }] }, "succeeded"],
    [
      "when it is extended",
      "escalation",
      { [name.deescalate]: [{ answer: { due: false, seconds: 9 } }, gone] },
      "succeeded",
    ],
    [
      "when it starts later",
      "escalation",
      { [name.armRevocation]: [{ error: "NotYet" }, { answer: {} }] },
      "succeeded",
    ],
    ["when it recovers", "deescalation", {}, "succeeded"],
    [
      "when it cannot deescalate",
      "deescalation",
      { [name.deescalate]: [{ error: "Odd" }] },
      "failed: Odd",
    ],
    [
      "when escalating answers nonsense",
      "escalation",
      { [name.escalate]: [{ answer: {} }] },
      "failed: States.Runtime",
    ],
  ])("%s", async (_, enter, script, outcome) => {
    const run = await agree(workflow, anInput(enter), { ...well, ...script });
    expect(run.outcome).toBe(outcome);
  });

  it("whatever its tasks do", async () => {
    const good = (state: string): fc.Arbitrary<Act> => fc.constantFrom(...(well[state] ?? []));
    const bad = fc.constantFrom<Act>(
      { error: "Odd" },
      { error: "LeaseBusy" },
      { error: "Lambda.Unknown" },
      { error: "NotApproved" },
      { error: "Undecided" },
      { error: "NotYet" },
      { error: "Lambda.ResourceNotFoundException" },
      { timeout: true },
      { answer: { due: false, seconds: 5 } },
      { answer: {} },
    );
    const acts = (state: string): fc.Arbitrary<Act[]> =>
      fc
        .tuple(fc.array(fc.oneof(good(state), bad), { maxLength: 3 }), good(state))
        .map(([first, last]) => [...first, last]);
    const scripts = fc.record(
      Object.fromEntries(Object.keys(well).map((state) => [state, acts(state)])),
    );
    const entry = fc.constantFrom("approval", "escalation", "deescalation", "elsewhere");
    await fc.assert(
      fc.asyncProperty(entry, scripts, async (enter, script) => {
        await agree(workflow, anInput(enter), script);
      }),
      { numRuns: 150 },
    );
  }, 30_000);
});

describe("the language runs as elsewhere", () => {
  const retrying = (...Retry: unknown[]) =>
    aDefinition({
      A: task({ Retry, Catch: [{ ErrorEquals: ["States.ALL"], Next: "B" }], Next: "C" }),
      B: done,
      C: done,
    });
  const failing = (count: number, error = "X"): Script => ({
    A: [...Array.from({ length: count }, () => ({ error })), { answer: 1 }],
  });
  const pass = (fields: Record<string, unknown>) =>
    aDefinition({ A: { Type: "Pass", End: true, ...fields } });
  const formatted = (list: string) => pass({ Parameters: { "x.$": `States.Format(${list})` } });
  const choice = (rule: Record<string, unknown>) =>
    aDefinition({ A: { Type: "Choice", Choices: [{ ...rule, Next: "B" }] }, B: done });

  it.each<[string, object, unknown, Script]>([
    ["a pass", pass({}), { a: 1 }, {}],
    ["a result", pass({ Result: { b: 2 } }), { a: 1 }, {}],
    ["a result beside the input", pass({ Result: 2, ResultPath: "$.b.c" }), { a: 1 }, {}],
    ["no result", pass({ Result: 2, ResultPath: null }), { a: 1 }, {}],
    ["parameters", pass({ Parameters: { "x.$": "$.a", y: { "z.$": "$" } } }), { a: 1 }, {}],
    ["a text", formatted("'{}: {}', $.a, $$.Execution.Name"), { a: "x" }, {}],
    ["a text of numbers", formatted("'{}{}{}', $.a, $.b,$.c"), { a: 1, b: true, c: 0.5 }, {}],
    ["a text without braces", formatted("'just so'"), {}, {}],
    ["a text with escapes", formatted(String.raw`'it\'s {}', $.a`), { a: "{}" }, {}],
    ["a text from nowhere", formatted("'{}', $.b"), { a: 1 }, {}],
    ["a part of the input", pass({ InputPath: "$.a" }), { a: { b: 1 } }, {}],
    ["a part of the output", pass({ OutputPath: "$.a" }), { a: { b: 1 } }, {}],
    ["an element", pass({ InputPath: "$.a[1]" }), { a: [1, { b: 2 }] }, {}],
    ["a quoted member", pass({ InputPath: "$['a b']" }), { "a b": 2 }, {}],
    ["a path to nowhere", pass({ InputPath: "$.b" }), { a: 1 }, {}],
    ["a parameter from nowhere", pass({ Parameters: { "x.$": "$.b" } }), { a: 1 }, {}],
    ["a result onto a text", pass({ Result: 1, ResultPath: "$.b" }), "text", {}],
    ["a text that matches", choice({ Variable: "$.a", StringEquals: "x" }), { a: "x" }, {}],
    ["a text that does not match", choice({ Variable: "$.a", StringEquals: "x" }), { a: "y" }, {}],
    ["a number that matches", choice({ Variable: "$.a", NumericLessThan: 5 }), { a: 4 }, {}],
    ["a choice of nothing", choice({ Variable: "$.b", BooleanEquals: true }), { a: 4 }, {}],
    [
      "combined rules",
      choice({
        And: [
          { Variable: "$.a", NumericGreaterThanEquals: 4 },
          { Not: { Variable: "$.a", NumericEquals: 5 } },
          {
            Or: [
              { Variable: "$.a", NumericEquals: 4 },
              { Variable: "$.a", NumericEquals: 6 },
            ],
          },
        ],
      }),
      { a: 6 },
      {},
    ],
    ["a failure", aDefinition({ A: { Type: "Fail", Error: "Enough" } }), {}, {}],
    ["a wait", aDefinition({ A: { Type: "Wait", Seconds: 5, Next: "B" }, B: done }), { a: 1 }, {}],
    ["a task", aDefinition({ A: task() }), { a: 1 }, { A: [{ answer: { x: 1 } }] }],
    [
      "a selected result",
      aDefinition({ A: task({ ResultSelector: { "y.$": "$.Payload.x" }, ResultPath: "$.r" }) }),
      { a: 1 },
      { A: [{ answer: { x: 1 } }] },
    ],
    [
      "a result that is not there",
      aDefinition({ A: task({ ResultSelector: { "y.$": "$.Payload.z" } }) }),
      {},
      { A: [{ answer: { x: 1 } }] },
    ],
    ["a wait for a token", aDefinition({ A: wait() }), {}, { A: [{ answer: { x: 1 } }] }],
    ["the usual retries", retrying({ ErrorEquals: ["X"] }), {}, failing(3)],
    ["the usual retries used up", retrying({ ErrorEquals: ["X"] }), {}, failing(4)],
    ["an error that is not retried", retrying({ ErrorEquals: ["Y"] }), {}, failing(1)],
    ["no retries", retrying({ ErrorEquals: ["X"], MaxAttempts: 0 }), {}, failing(1)],
    [
      "the first retrier's word",
      retrying({ ErrorEquals: ["X"], MaxAttempts: 0 }, { ErrorEquals: ["States.ALL"] }),
      {},
      failing(1),
    ],
    [
      "retriers that count for themselves",
      retrying({ ErrorEquals: ["X"], MaxAttempts: 1 }, { ErrorEquals: ["Y"], MaxAttempts: 2 }),
      {},
      { A: [{ error: "X" }, { error: "Y" }, { error: "Y" }, { answer: 1 }] },
    ],
    ["any failed task", retrying({ ErrorEquals: ["States.TaskFailed"] }), {}, failing(2)],
    [
      "a catcher that adds the error",
      aDefinition({
        A: task({ Catch: [{ ErrorEquals: ["X"], ResultPath: "$.error", Next: "B" }] }),
        B: done,
      }),
      { a: 1 },
      { A: [{ error: "X" }] },
    ],
    [
      "a catcher that drops the error",
      aDefinition({
        A: task({ Catch: [{ ErrorEquals: ["X"], ResultPath: null, Next: "B" }] }),
        B: done,
      }),
      { a: 1 },
      { A: [{ error: "X" }] },
    ],
    [
      "the first catcher that fits",
      aDefinition({
        A: task({
          Catch: [
            { ErrorEquals: ["Y", "X"], Next: "B" },
            { ErrorEquals: ["States.ALL"], Next: "C" },
          ],
        }),
        B: done,
        C: { Type: "Fail", Error: "Wrong" },
      }),
      {},
      { A: [{ error: "X" }] },
    ],
    ["an error that nobody catches", aDefinition({ A: task() }), {}, { A: [{ error: "X" }] }],
  ])("for %s", async (_, definition, input, script) => {
    const { outcome } = await agree(definition, input, script);
    expect(outcome).not.toBe("");
  });
});
