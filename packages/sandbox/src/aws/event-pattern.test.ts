import { describe, expect, it } from "vitest";
import { compilePattern } from "./event-pattern.ts";

const event = {
  source: "aws.states",
  resources: ["arn:one", "arn:two"],
  detail: { status: "FAILED", name: "req_01.1", input: null, attempts: 3 },
};

describe("an event pattern", () => {
  it.each([
    ["a value", { source: ["aws.states"] }],
    ["one of several values", { detail: { status: ["ABORTED", "FAILED"] } }],
    ["a number", { detail: { attempts: [3] } }],
    ["null", { detail: { input: [null] } }],
    ["a value in a list", { resources: ["arn:two"] }],
    ["a prefix", { detail: { name: [{ prefix: "req_" }] } }],
    ["a suffix", { detail: { name: [{ suffix: ".1" }] } }],
    ["a value whatever its case", { detail: { status: [{ "equals-ignore-case": "failed" }] } }],
    ["anything but a value", { detail: { status: [{ "anything-but": "SUCCEEDED" }] } }],
    ["anything but some values", { detail: { status: [{ "anything-but": ["RUNNING"] }] } }],
    ["a member that is there", { detail: { status: [{ exists: true }] } }],
    ["a member that is not there", { detail: { error: [{ exists: false }] } }],
  ])("matches by %s", (_case, pattern) => {
    expect(compilePattern(pattern)(event)).toBe(true);
  });

  it.each([
    ["another value", { source: ["aws.events"] }],
    ["one member of two", { source: ["aws.states"], detail: { status: ["RUNNING"] } }],
    ["a number as text", { detail: { attempts: ["3"] } }],
    ["another prefix", { detail: { name: [{ prefix: "lease_" }] } }],
    ["another suffix", { detail: { name: [{ suffix: ".2" }] } }],
    ["another value whatever its case", { source: [{ "equals-ignore-case": "AWS" }] }],
    ["an excluded value", { detail: { status: [{ "anything-but": ["FAILED"] }] } }],
    ["a member that is missing", { detail: { error: ["x"] } }],
    ["a member that must not be there", { detail: { status: [{ exists: false }] } }],
    ["a member of Object's prototype", { constructor: [{ exists: true }] }],
  ])("does not match by %s", (_case, pattern) => {
    expect(compilePattern(pattern)(event)).toBe(false);
  });

  it.each([{ detail: { attempts: [{ numeric: [">", 1] }] } }, { $or: { source: ["a"] } }])(
    "is refused when it asks for what is not known: %j",
    (pattern) => {
      expect(() => compilePattern(pattern)).toThrow("does not know");
    },
  );
});
