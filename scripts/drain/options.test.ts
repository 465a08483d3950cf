import { describe, expect, it } from "vitest";
import { UsageError } from "../stage/stage-options.ts";
import { parseOptions } from "./options.ts";

describe("the command line of the drain", () => {
  it("drains the sandbox unless it is told otherwise", () => {
    expect(parseOptions([])).toEqual({
      help: false,
      stage: "sandbox",
      endpoint: "http://127.0.0.1:4566",
      timeout: 1_800,
      reopen: false,
    });
    expect(parseOptions(["--endpoint", "http://127.0.0.1:9"]).endpoint).toBe("http://127.0.0.1:9");
  });

  it("reaches other stages in AWS", () => {
    expect(parseOptions(["--stage", "production", "--timeout", "2h", "--reopen"])).toEqual({
      help: false,
      stage: "production",
      endpoint: undefined,
      timeout: 7_200,
      reopen: true,
    });
  });

  it.each([
    ["a time without a unit", ["--timeout", "30"]],
    ["a stage that is none", ["--stage", "../prod"]],
    [
      "an endpoint for a deployed stage",
      ["--stage", "production", "--endpoint", "http://127.0.0.1:9"],
    ],
    ["an unknown flag", ["--force"]],
    ["a word too many", ["production"]],
  ])("refuses %s", (_, args) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
  });
});
