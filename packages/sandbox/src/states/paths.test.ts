import { describe, expect, it } from "vitest";
import { find, isPath, isReferencePath, read, write } from "./paths.ts";

const data = { a: { b: [{ c: 1 }, null] }, "a b": 2, no: false };
const context = { Execution: { Name: "one" } };

describe("a path", () => {
  it.each([
    ["$", data],
    ["$.a.b[0].c", 1],
    ["$.a.b[1]", null],
    ["$['a b']", 2],
    ['$["a"].b[0]["c"]', 1],
    ["$.no", false],
    ["$$.Execution.Name", "one"],
    ["$.absent", undefined],
    ["$.a.b.c", undefined],
    ["$.a.b[7]", undefined],
    ["$.toString", undefined],
  ])("%s is followed", (path, value) => {
    expect(find(path, data, context)).toEqual(value);
  });

  it.each(["a", "$..a", "$.a[*]", "$.a[?(@.b)]", "$.a[0:1]", "$.", "States.UUID()", ""])(
    "such as %j is not known",
    (path) => {
      expect(isPath(path)).toBe(false);
    },
  );

  it("into the context is no reference path", () => {
    expect(isReferencePath("$.a")).toBe(true);
    expect(isReferencePath("$$.Execution")).toBe(false);
  });

  it("that leads nowhere ends the execution, and says which one it was", () => {
    expect(() => read("$.absent", { a: 1 }, context, "x.$")).toThrow(
      `States.Runtime: The JSONPath '$.absent' specified for the field 'x.$' could not be found in the input '{"a":1}'`,
    );
  });
});

describe("writing", () => {
  it("replaces a member and keeps the others", () => {
    expect(write("$.a.x", data, 1)).toEqual({ ...data, a: { ...data.a, x: 1 } });
    expect(data.a).not.toHaveProperty("x");
  });

  it("makes the objects on the way", () => {
    expect(write("$.x.y", {}, 1)).toEqual({ x: { y: 1 } });
  });

  it("replaces everything at the root", () => {
    expect(write("$", data, 1)).toBe(1);
  });

  it.each([
    ["$.x", "text"],
    ["$.no.x", { no: false }],
    ["$[0]", [1]],
  ])("to %s of %j does not match", (path, target) => {
    expect(() => write(path, target, 1)).toThrow("States.ResultPathMatchFailure");
  });
});
