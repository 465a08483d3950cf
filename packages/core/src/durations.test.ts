import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Duration, formatDuration, longestDuration, parseDuration } from "./durations.ts";

describe("a duration", () => {
  it.each([
    ["1s", 1],
    ["30s", 30],
    ["10m", 600],
    ["1h", 3_600],
    ["2d", 172_800],
    ["1mo", 2_592_000],
    ["999999999s", 999_999_999],
  ])("%s is %i seconds", (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each([
    "",
    "0s",
    "-1m",
    "1.5h",
    "01h",
    "1",
    "m",
    "1w",
    "1M",
    "1 h",
    " 1h",
    "1h ",
    "1h30m",
    "1e3s",
    "١h",
    "1000000000s",
    "1mo\n",
  ])("%j is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it.each([
    [90, "90s"],
    [3_600, "1h"],
    [5_400, "90m"],
    [86_400, "1d"],
    [longestDuration, "300d"],
  ])("of %i seconds is written %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it("is the same when it is written and read again", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: longestDuration }), (seconds) => {
        expect(parseDuration(formatDuration(seconds))).toBe(seconds);
      }),
    );
  });

  it("may be 300 days and no longer", () => {
    expect(Duration.parse("300d")).toBe(longestDuration);
    expect(Duration.parse("10mo")).toBe(longestDuration);
    const parsed = Duration.safeParse("25920001s");
    expect(parsed.error?.issues[0]?.message).toBe("must be at most 300d");
  });

  it("that is none is refused with the rule that it breaks", () => {
    const parsed = Duration.safeParse("soon");
    expect(parsed.error?.issues[0]?.message).toBe(
      "must be a number and a unit, one of s, m, h, d, mo (30 days), such as 30m",
    );
  });
});
