import { describe, expect, it } from "vitest";
import { choose } from "./choice.ts";
import type { ChoiceRule } from "./definition.ts";

const data = { text: "a", number: 5, yes: true, nothing: null };
const chosen = (rule: ChoiceRule): boolean =>
  choose({ Type: "Choice", Choices: [{ ...rule, Next: "Yes" }], Default: "No" }, data, {}) ===
  "Yes";

describe("a choice", () => {
  it.each<[ChoiceRule, boolean]>([
    [{ Variable: "$.text", StringEquals: "a" }, true],
    [{ Variable: "$.text", StringEquals: "b" }, false],
    [{ Variable: "$.number", StringEquals: "5" }, false],
    [{ Variable: "$.yes", BooleanEquals: true }, true],
    [{ Variable: "$.yes", BooleanEquals: false }, false],
    [{ Variable: "$.number", NumericEquals: 5 }, true],
    [{ Variable: "$.number", NumericLessThan: 5 }, false],
    [{ Variable: "$.number", NumericLessThanEquals: 5 }, true],
    [{ Variable: "$.number", NumericGreaterThan: 4 }, true],
    [{ Variable: "$.number", NumericGreaterThanEquals: 6 }, false],
    [{ Variable: "$.text", NumericGreaterThan: -1 }, false],
    [{ Variable: "$.nothing", IsPresent: true }, true],
    [{ Variable: "$.absent", IsPresent: true }, false],
    [{ Variable: "$.absent", IsPresent: false }, true],
    [{ Not: { Variable: "$.yes", BooleanEquals: true } }, false],
  ])("of %j is %s", (rule, expected) => {
    expect(chosen(rule)).toBe(expected);
  });

  it("combines rules", () => {
    const yes = { Variable: "$.yes", BooleanEquals: true };
    const no = { Variable: "$.yes", BooleanEquals: false };
    expect([chosen({ And: [yes, yes] }), chosen({ And: [yes, no] })]).toEqual([true, false]);
    expect([chosen({ Or: [no, yes] }), chosen({ Or: [no, no] })]).toEqual([true, false]);
  });

  it("of an absent variable ends the execution", () => {
    expect(() => chosen({ Variable: "$.absent", StringEquals: "a" })).toThrow("States.Runtime");
  });

  it("without a match and a default has an error of its own", () => {
    const Choices = [{ Variable: "$.text", StringEquals: "b", Next: "Yes" }];
    expect(() => choose({ Type: "Choice", Choices }, data, {})).toThrow("States.NoChoiceMatched");
  });
});
