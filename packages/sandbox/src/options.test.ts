import { describe, expect, it } from "vitest";
import { parseOptions, UsageError, usage } from "./options.ts";

describe("the command line", () => {
  it("needs nothing", () => {
    expect(parseOptions([])).toEqual({
      help: false,
      port: 4100,
      awsPort: 4566,
      state: ".sandbox",
      fresh: false,
      config: undefined,
      strict: false,
      timeLapse: 1,
      workers: new Map(),
      crowd: undefined,
    });
  });

  it("says where and what", () => {
    const args = ["--port", "80", "--aws-port=81", "--state", "x", "--fresh", "--config", "c.ts"];
    args.push("--strict", "--time-lapse", "60", "--workers", "expire=8", "--crowd", "20x25");
    expect(parseOptions(args)).toEqual({
      help: false,
      port: 80,
      awsPort: 81,
      state: "x",
      fresh: true,
      config: "c.ts",
      strict: true,
      timeLapse: 60,
      workers: new Map([["expire", 8]]),
      crowd: { accounts: 20, people: 25 },
    });
  });

  it("picks free ports for both with --port 0, unless one is given", () => {
    expect(parseOptions(["--port", "0"])).toMatchObject({ port: 0, awsPort: 0 });
    expect(parseOptions(["--port", "0", "--aws-port", "81"])).toMatchObject({ awsPort: 81 });
  });

  it.each([
    [["--port", "http"], '--port wants a number from 0 to 65535, not "http"'],
    [["--port", "65536"], "--port wants a number"],
    [["--port="], "--port wants a number"],
    [["--aws-port", "1.5"], "--aws-port wants a number"],
    [["--time-lapse", "0"], '--time-lapse wants a number from 1 to 1000000, not "0"'],
    [["--time-lapse", "fast"], "--time-lapse wants a number"],
    [["--time-lapse", "1000001"], "--time-lapse wants a number"],
    [["--workers", "8"], "--workers wants a function and a number"],
    [["--workers", "expire=0"], 'not "expire=0"'],
    [["--workers", "expire=101"], "up to 100"],
    [["--crowd", "20"], "--crowd wants accounts and people"],
    [["--crowd", "501x1"], "each at most 500"],
    [["--fast"], "--fast"],
    [["here"], "here"],
    [["--state"], "--state"],
  ])("refuses %j", (args, message) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(message);
  });

  it("explains every flag", () => {
    const flags = ["port", "aws-port", "state", "fresh", "config", "strict", "time-lapse", "help"];
    flags.push("workers", "crowd");
    for (const flag of flags) expect(usage).toContain(`  --${flag}`);
  });
});
