import { describe, expect, it } from "vitest";
import { fittingErrors, withErrors } from "./errors.ts";

const full = Array.from({ length: 50 }, (_, n) => String(n).padEnd(1_000, "x"));

describe("the errors of a request", () => {
  it("keep their order, and each of them is there once", () => {
    expect(withErrors(["2"], ["1", "2", "3", "1"])).toEqual(["2", "1", "3"]);
    expect(withErrors([], [])).toEqual([]);
  });

  it("hold everything that one answer may hold", () => {
    expect(withErrors([], full)).toEqual(full);
  });

  it("make room for new ones, but not for the same ones again", () => {
    expect(withErrors(full, ["new"])).toEqual([...full, "new"]);
    const others = full.map((error) => `${error.slice(0, -1)}y`);
    expect(withErrors(full, others)).toEqual([...full.slice(0, 1), ...others]);
    expect(withErrors(full, full)).toEqual(full);
  });

  it("cut one that is longer than any answer's", () => {
    expect(withErrors([], ["x".repeat(300_000)])).toEqual(["x".repeat(5_000)]);
  });
});

describe("errors that fit", () => {
  it("are measured in bytes of JSON", () => {
    expect(fittingErrors(["ab", "ü", "\u0001"], 16)).toEqual(["ab", "ü", "\u0001"]);
    expect(fittingErrors(["ab", "ü", "\u0001"], 15)).toEqual(["ab", "ü"]);
  });
});
