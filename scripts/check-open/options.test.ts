import { describe, expect, it } from "vitest";
import { UsageError } from "../stage/stage-options.ts";
import { parseOptions } from "./options.ts";

describe("the command line of the check", () => {
  it("looks at the sandbox and at curfew.config.ts unless it is told otherwise", () => {
    expect(parseOptions([])).toEqual({
      help: false,
      stage: "sandbox",
      endpoint: "http://127.0.0.1:4566",
      config: undefined,
    });
  });

  it("looks at other stages in AWS, and at another configuration", () => {
    expect(parseOptions(["--stage", "production", "--config", "other.ts"])).toEqual({
      help: false,
      stage: "production",
      endpoint: undefined,
      config: "other.ts",
    });
  });

  it.each([
    ["a stage that is none", ["--stage", "../prod"]],
    ["an unknown flag", ["--timeout", "2h"]],
  ])("refuses %s", (_, args) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
  });
});
