import { buildDefinition } from "@curfew/workflow";
import { describe, expect, it } from "vitest";
import { loadDefinition } from "./load.ts";
import { aDefinition, aTask, aTokenWait, functionArn } from "./testing/bench.ts";

const load = (States: Record<string, unknown>): unknown =>
  loadDefinition("test", aDefinition(States));
const done = { Type: "Succeed" };

describe("a definition", () => {
  it("of Curfew's workflow is accepted as it is", () => {
    const definition = buildDefinition({
      "await-approval": functionArn("await-approval"),
      "arm-revocation": functionArn("arm-revocation"),
      escalate: functionArn("escalate"),
      "await-expiry": functionArn("await-expiry"),
      deescalate: functionArn("deescalate"),
    });
    expect(loadDefinition("curfew", definition)).toEqual(definition);
  });

  it("of every known kind of state is accepted", () => {
    const states = {
      A: { Type: "Pass", Result: { x: [1] }, ResultPath: "$.a", Next: "B" },
      B: { Type: "Choice", Choices: [{ Variable: "$.a", IsPresent: true, Next: "C" }] },
      C: { Type: "Wait", Timestamp: "2026-01-01T00:00:00Z", Next: "C2" },
      C2: { Type: "Wait", TimestampPath: "$.at", Next: "D" },
      D: aTask("f", { Next: "E" }),
      E: aTokenWait("f", { TimeoutSeconds: 5, Next: "F" }),
      F: { Type: "Fail", Error: "Enough" },
    };
    expect(load(states)).toEqual(aDefinition(states));
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["an unknown kind of state", { A: { Type: "Map", End: true } }, /Type/],
    ["an unknown field", { A: aTask("f", { HeartbeatSeconds: 5 }) }, /HeartbeatSeconds/],
    ["a timeout of the whole machine's kind", { A: { ...done, TimeoutSeconds: 1 } }, /TimeoutSec/],
    ["an unknown resource", { A: aTask("f", { Resource: functionArn("f") }) }, /Resource/],
    [
      "an intrinsic function",
      { A: { Type: "Pass", Parameters: { "id.$": "States.UUID()" }, End: true } },
      /no path/,
    ],
    ["a path with a filter", { A: { Type: "Pass", InputPath: "$.a[?(@.b)]", End: true } }, /path/],
    ["a call with too few paths", { A: aPassOf("States.Format('{} {}', $.a)") }, /no path/],
    ["a call with too many paths", { A: aPassOf("States.Format('{}', $.a, $.b)") }, /no path/],
    ["a call in a call", { A: aPassOf("States.Format('{}', States.UUID())") }, /no path/],
    ["a way to nowhere", { A: { Type: "Pass", Next: "B" } }, /no state is named B/],
    ["a catcher to nowhere", { A: aTask("f", { Catch: [aCatcher("B")] }) }, /no state is named B/],
    ["a state with no way on", { A: { Type: "Pass" } }, /Next or End/],
    ["a state with two ways on", { A: { Type: "Pass", Next: "A", End: true } }, /Next or End/],
    [
      "both forms of a timeout",
      { A: aTask("f", { TimeoutSeconds: 1, TimeoutSecondsPath: "$.x" }) },
      /both/,
    ],
    [
      "States.ALL before other retriers",
      { A: aTask("f", { Retry: [retrier("States.ALL"), retrier("X")] }) },
      /last/,
    ],
    [
      "States.ALL among others",
      { A: aTask("f", { Retry: [retrier("States.ALL", "X")] }) },
      /alone/,
    ],
    ["a wait without an end", { A: { Type: "Wait", End: true } }, /Seconds, Timestamp or/],
    [
      "a wait with two ends",
      { A: { Type: "Wait", Seconds: 1, TimestampPath: "$.at", End: true } },
      /Seconds, Timestamp or/,
    ],
    [
      "a wait until a moment of the context",
      { A: { Type: "Wait", TimestampPath: "$$.Execution.StartTime", End: true } },
      /path into the data/,
    ],
    ["a choice without operator", { A: aChoice({ Variable: "$.x" }) }, /operator/],
    [
      "a choice with two operators",
      { A: aChoice({ Variable: "$.x", StringEquals: "a", IsPresent: true }) },
      /operator/,
    ],
    ["a comparison without variable", { A: aChoice({ StringEquals: "a" }) }, /Variable/],
  ])("with %s is refused", (_, states, said) => {
    expect(() => load(states)).toThrow(said);
  });

  it("that begins nowhere is refused", () => {
    expect(() => loadDefinition("test", { StartAt: "B", States: { A: done } })).toThrow(
      "StartAt: no state is named B",
    );
  });

  it("in another query language is refused", () => {
    const definition = { ...aDefinition({ A: done }), QueryLanguage: "JSONata" };
    expect(() => loadDefinition("test", definition)).toThrow(/QueryLanguage/);
  });
});

function aPassOf(expression: string): unknown {
  return { Type: "Pass", Parameters: { "x.$": expression }, End: true };
}

function aCatcher(next: string): unknown {
  return { ErrorEquals: ["States.ALL"], Next: next };
}

function retrier(...names: string[]): unknown {
  return { ErrorEquals: names };
}

function aChoice(rule: Record<string, unknown>): unknown {
  return { Type: "Choice", Choices: [{ ...rule, Next: "A" }] };
}
