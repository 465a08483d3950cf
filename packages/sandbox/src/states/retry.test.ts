import { describe, expect, it } from "vitest";
import { retry } from "./retry.ts";

const named = { ErrorEquals: ["A", "B"], IntervalSeconds: 2, MaxAttempts: 2, BackoffRate: 3 };
const all = { ErrorEquals: ["States.ALL"], MaxDelaySeconds: 3 };

describe("a retrier", () => {
  it("waits longer each time, until it is used up", () => {
    const delays = [0, 1, 2].map((made) => retry([named], [made], "A", 0)?.delay);
    expect(delays).toEqual([2000, 6000, undefined]);
  });

  it("has the service's own figures unless told otherwise", () => {
    const delays = [0, 1, 2, 3].map(
      (made) => retry([{ ErrorEquals: ["States.ALL"] }], [made], "A", 0)?.delay,
    );
    expect(delays).toEqual([1000, 2000, 4000, undefined]);
  });

  it("never waits longer than its cap", () => {
    expect(retry([all], [2], "A", 0)?.delay).toBe(3000);
  });

  it("takes a random part of the delay with full jitter", () => {
    const jittered = { ...named, JitterStrategy: "FULL" as const };
    expect(retry([jittered], [0], "A", 0.25)?.delay).toBe(500);
    expect(retry([named], [0], "A", 0.25)?.delay).toBe(2000);
  });

  it("that names the error first decides alone", () => {
    expect(retry([named, all], [0, 0], "B", 0)?.retrier).toBe(0);
    expect(retry([named, all], [0, 0], "C", 0)?.retrier).toBe(1);
    expect(retry([named, all], [2, 0], "A", 0)).toBeUndefined();
  });

  it("of no attempts gives up at once", () => {
    expect(retry([{ ErrorEquals: ["A"], MaxAttempts: 0 }, all], [], "A", 0)).toBeUndefined();
  });

  it.each(["States.Runtime", "States.DataLimitExceeded"])("never takes %s", (error) => {
    expect(retry([all], [], error, 0)).toBeUndefined();
    expect(retry([{ ErrorEquals: [error] }], [], error, 0)).toBeUndefined();
  });

  it("of failed tasks takes no timeouts", () => {
    const failed = { ErrorEquals: ["States.TaskFailed"] };
    expect(retry([failed], [], "Anything", 0)).toBeDefined();
    expect(retry([failed], [], "States.Timeout", 0)).toBeUndefined();
  });
});
