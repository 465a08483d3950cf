import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClock } from "../clock.ts";
import type { LogLine } from "./execution.ts";
import { createPool, type Pool, type PoolDeps } from "./pool.ts";
import { aSpec } from "./testing/specs.ts";

const clock = createClock();
let issued = 0;
let lifetime: number;
let lines: LogLine[];
let pool: Pool;

const aPool = (overrides: Partial<PoolDeps> = {}): Pool =>
  createPool({
    clock,
    issue: (spec, seconds) => {
      issued += 1;
      return {
        accessKeyId: `key-${issued}-of-${spec.name}`,
        secretAccessKey: "secret",
        sessionToken: "token",
        expiration: new Date(Date.now() + Math.min(lifetime, seconds * 1000)),
      };
    },
    onLine: (line) => void lines.push(line),
    ...overrides,
  });

beforeEach(() => {
  issued = 0;
  lifetime = Number.POSITIVE_INFINITY;
  lines = [];
  pool = aPool();
});
afterEach(() => pool.close());

const outcome = async (exportName: string, event: unknown = {}, timeout = 10) =>
  pool.run(aSpec(exportName, { timeout }), JSON.stringify(event), "request-1");

describe("an invocation", () => {
  it("gets the event and a context, and its answer is handed back", async () => {
    const { payload } = await outcome("echo", { a: [1] });
    expect(payload).toEqual({
      event: { a: [1] },
      requestId: "request-1",
      functionName: "echo",
      arn: "arn:aws:lambda:us-east-1:666666666666:function:echo",
      remaining: expect.any(Number),
    });
    const { remaining } = payload as { remaining: number };
    expect(remaining).toBeGreaterThan(8_000);
    expect(remaining).toBeLessThanOrEqual(10_000);
  });

  it("that answers nothing answers null", async () => {
    expect(await outcome("nothing")).toEqual({ payload: null });
  });

  it("uses the environment of the one before it", async () => {
    await outcome("count");
    expect(await outcome("count")).toEqual({ payload: 2 });
  });

  it("logs each line under its request", async () => {
    await outcome("talk", { say: "hello" });
    expect(lines).toEqual([
      { functionName: "talk", requestId: "request-1", line: "hello" },
      { functionName: "talk", requestId: "request-1", line: "and an error" },
    ]);
  });

  it("is frozen after its answer, and goes on with the next one", async () => {
    expect(await outcome("goOn")).toEqual({ payload: "not yet" });
    await clock.sleep(60);
    expect(lines).toEqual([]);
    expect(await outcome("goOn")).toEqual({ payload: "went on" });
  });
});

describe("a failure", () => {
  it("of the handler is an answer with the error's own name, and keeps the worker", async () => {
    const spec = aSpec("fail");
    expect(await pool.run(spec, "{}")).toEqual({
      functionError: "Unhandled",
      payload: {
        errorType: "OutOfLuck",
        errorMessage: "no such luck",
        trace: expect.arrayContaining([expect.stringContaining("no such luck")]),
      },
    });
    await pool.run(spec, "{}");
    expect(issued).toBe(1);
  });

  it("to end in time is Sandbox.Timedout, even of a busy thread", async () => {
    expect(await outcome("spin", {}, 0.2)).toEqual({
      functionError: "Unhandled",
      payload: {
        errorType: "Sandbox.Timedout",
        errorMessage: "RequestId: request-1 Error: Task timed out after 0.20 seconds",
      },
    });
  });

  it("to end in time costs the worker", async () => {
    const spec = aSpec("hold", { timeout: 0.1 });
    await pool.run(spec, JSON.stringify({ milliseconds: 5_000 }));
    expect(await pool.run(spec, JSON.stringify({ milliseconds: 0 }))).toEqual({ payload: "held" });
    expect(issued).toBe(2);
  });

  it("that ends the process is Runtime.ExitError", async () => {
    expect(await outcome("leave")).toEqual({
      functionError: "Unhandled",
      payload: {
        errorType: "Runtime.ExitError",
        errorMessage: "RequestId: request-1 Error: Runtime exited with error: exit status 3",
      },
    });
  });

  it("of memory costs the worker, and not this process", async () => {
    expect(await outcome("grow")).toEqual({
      functionError: "Unhandled",
      payload: {
        errorType: "Runtime.ExitError",
        errorMessage: "RequestId: request-1 Error: Runtime exited with error: signal: killed",
      },
    });
  });

  it.each([
    ["throwLater", "SyntaxError"],
    ["rejectLater", "Runtime.UnhandledPromiseRejection"],
    ["missing", "Runtime.HandlerNotFound"],
    ["circular", "Error"],
  ])("of %s is %s", async (exportName, errorType) => {
    const result = await outcome(exportName);
    expect(result).toMatchObject({ functionError: "Unhandled", payload: { errorType } });
  });

  it("is found in the log, too", async () => {
    await outcome("fail");
    await outcome("hang", {}, 0.05);
    expect(lines.map(({ line }) => line)).toEqual([
      expect.stringMatching(/^Invoke Error .*"errorType":"OutOfLuck"/),
      "Sandbox.Timedout: RequestId: request-1 Error: Task timed out after 0.05 seconds",
    ]);
  });

  it("that ends the process does not end the next invocation", async () => {
    await outcome("throwLater");
    expect(await outcome("throwLater")).toMatchObject({ payload: { errorType: "SyntaxError" } });
    expect(issued).toBe(2);
  });
});

describe("a worker", () => {
  it("sees its function's variables and its role's keys, and nothing of this process", async () => {
    process.env.CURFEW_TEST_SECRET = "of the developer";
    const spec = aSpec("environment", { environment: () => ({ MODE: "sandbox" }) });
    const { payload } = await pool.run(spec, "{}");
    delete process.env.CURFEW_TEST_SECRET;
    expect(payload).toMatchObject({ MODE: "sandbox", AWS_ACCESS_KEY_ID: "key-1-of-environment" });
    expect(payload).not.toHaveProperty("CURFEW_TEST_SECRET");
    expect(payload).not.toHaveProperty("PATH");
  });

  it("of another function has another role's keys", async () => {
    const { payload } = await pool.run(aSpec("environment", { name: "other", arn: "arn:o" }), "{}");
    expect(payload).toMatchObject({ AWS_ACCESS_KEY_ID: "key-1-of-other" });
  });

  it("gets new keys before the old ones expire", async () => {
    lifetime = 60_000;
    const { payload } = await outcome("environment");
    expect(payload).toMatchObject({ AWS_ACCESS_KEY_ID: "key-2-of-environment" });
  });
});

describe("a worker that is killed", () => {
  /** A pool that notes which worker it issues keys to. */
  const killablePool = (): string[] => {
    const workers: string[] = [];
    pool = aPool({
      issue: (_spec, _seconds, workerId) => {
        workers.push(workerId);
        const keys = { accessKeyId: "key", secretAccessKey: "secret", sessionToken: "token" };
        return { ...keys, expiration: new Date(Date.now() + 3_600_000 * 6) };
      },
    });
    return workers;
  };

  it("fails its invocation as a crash does, and the next one has another worker", async () => {
    const workers = killablePool();
    const hold = (milliseconds: number) => outcome("hold", { milliseconds });
    await hold(0);
    const result = hold(5_000);
    await pool.kill(workers[0] ?? "");
    expect(await result).toEqual({
      functionError: "Unhandled",
      payload: {
        errorType: "Runtime.ExitError",
        errorMessage: "RequestId: request-1 Error: Runtime exited with error: signal: killed",
      },
    });
    expect(await hold(0)).toEqual({ payload: "held" });
    expect(new Set(workers).size).toBe(2);
  });

  it("is no other, and may be gone", async () => {
    killablePool();
    await pool.kill("nobody");
    await outcome("count");
    expect(await outcome("count")).toEqual({ payload: 2 });
  });
});

describe("a worker of a sandbox that is ahead of the machine", () => {
  const day = 86_400_000;

  it("has the sandbox's time, however it asks for it, and keeps its timers", async () => {
    let ahead = day;
    pool = aPool({ ahead: () => ahead });
    const spec = aSpec("times");
    const ask = async (): Promise<Record<string, number>> => {
      const { payload } = await pool.run(spec, "{}");
      return payload as Record<string, number>;
    };
    const near = (time: number) => expect.toSatisfy((value) => Math.abs(value - time) < 5_000);
    expect(await ask()).toEqual({
      now: near(Date.now() + day),
      constructed: near(Date.now() + day),
      called: near(Date.now() + day),
      given: 1_000,
      isDate: 1,
      slept: near(20),
    });
    ahead = 2 * day;
    expect(await ask()).toMatchObject({ now: near(Date.now() + 2 * day) });
  });
});

describe("a full pool", () => {
  const hold = JSON.stringify({ milliseconds: 150 });

  it("refuses a fifth concurrent invocation of a function, and takes it again later", async () => {
    const spec = aSpec("hold");
    const four = Array.from({ length: 4 }, () => pool.run(spec, hold));
    expect(pool.hasRoom(spec)).toBe(false);
    await expect(pool.run(spec, hold)).rejects.toMatchObject({
      code: "TooManyRequestsException",
      status: 429,
    });
    await Promise.all(four);
    expect(pool.hasRoom(spec)).toBe(true);
  });

  it("lets an idle worker make way for another function, but no busy one", async () => {
    pool = aPool({ limits: { perFunction: 4, total: 1 } });
    await outcome("count");
    const busy = pool.run(aSpec("hold"), hold);
    await expect(outcome("count")).rejects.toMatchObject({ code: "TooManyRequestsException" });
    await busy;
    expect(await outcome("count")).toEqual({ payload: 1 });
  });

  it("says when there is room again", async () => {
    let told = 0;
    pool.onRoom(() => {
      told += 1;
    });
    await outcome("nothing");
    expect(told).toBe(1);
  });
});
