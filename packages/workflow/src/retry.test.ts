import { lateAfter } from "@curfew/core";
import { describe, expect, it } from "vitest";
import { lambdaServiceErrors } from "./error-names.ts";
import { brieflyRetried, deescalationRetriers, escalationRetried, retryBudget } from "./retry.ts";

const day = 24 * 60 * 60;

describe("a retry budget", () => {
  it("adds up the pauses, each capped", () => {
    const retrier = {
      ErrorEquals: ["Any"],
      IntervalSeconds: 1,
      BackoffRate: 2,
      MaxDelaySeconds: 5,
      MaxAttempts: 4,
    };
    // 1 + 2 + 4 + 5 (instead of 8)
    expect(retryBudget(retrier)).toEqual({ least: 12, expected: 12, longest: 12 });
    expect(retryBudget({ ...retrier, JitterStrategy: "FULL" })).toEqual({
      least: 0,
      expected: 6,
      longest: 12,
    });
  });
});

describe("Deescalate", () => {
  const [outOfReach, denial, waiting, all] = deescalationRetriers;

  it("is tried again for at least 24 hours for certain", () => {
    expect(retryBudget(all).least).toBeGreaterThanOrEqual(day);
    expect(retryBudget({ ...all, MaxAttempts: 200 }).least).toBeLessThan(day);
  });

  it("is tried again after any error", () => {
    expect(all.ErrorEquals).toEqual(["States.ALL"]);
    expect(all.MaxDelaySeconds).toBe(300);
  });

  it("is tried again shortly after the five minutes from which on access is late", () => {
    const passed = (pauses: number) => retryBudget({ ...all, MaxAttempts: pauses }).longest;
    expect(passed(9)).toBeLessThan(lateAfter);
    expect(passed(10)).toBeGreaterThan(lateAfter);
    expect(passed(10)).toBeLessThan(lateAfter + 15);
    // Attempts that take long shift the rest: the pause that spans the five minutes is the longest until then.
    expect(passed(10) - passed(9)).toBeLessThan(135);
  });

  it("fails at once when its function is gone, so that the next execution has the newest definition", () => {
    expect(outOfReach).toEqual({
      ErrorEquals: ["Lambda.ResourceNotFoundException", "Lambda.AccessDeniedException"],
      MaxAttempts: 0,
    });
  });

  it("fails within minutes when calling it is denied", () => {
    expect(denial.ErrorEquals).toEqual(["Lambda.AWSLambdaException"]);
    expect(retryBudget(denial).longest).toBeLessThan(600);
  });

  it("comes back often, spread, and for a day while others are at work on the same", () => {
    expect(waiting.ErrorEquals).toEqual([
      "LeaseBusy",
      "StillProvisioning",
      "Lambda.TooManyRequestsException",
    ]);
    expect(waiting.MaxDelaySeconds).toBeLessThanOrEqual(30);
    expect(waiting.JitterStrategy).toBe("FULL");
    expect(retryBudget(waiting).expected).toBeGreaterThanOrEqual(day);
  });

  it("stays below the 25,000 events of a history", () => {
    // Each attempt of a task writes TaskScheduled, TaskStarted and TaskFailed.
    const attempts = denial.MaxAttempts + waiting.MaxAttempts + all.MaxAttempts;
    expect(attempts * 3).toBeLessThan(25_000 * 0.8);
  });
});

describe("Escalate", () => {
  it("is tried again beyond the quarter of an hour in which it may grant", () => {
    expect(retryBudget(escalationRetried).expected).toBeGreaterThan(15 * 60);
  });

  it("is tried again after what passes by itself, and after nothing else", () => {
    expect(escalationRetried.ErrorEquals).toEqual([
      ...lambdaServiceErrors,
      "ServiceUnavailable",
      "LeaseBusy",
      "StillProvisioning",
    ]);
  });

  it("spreads its attempts", () => {
    expect(escalationRetried.JitterStrategy).toBe("FULL");
  });
});

describe("arming", () => {
  it("is tried again for some minutes", () => {
    const { expected, longest } = retryBudget(brieflyRetried);
    expect(expected).toBeGreaterThan(2 * 60);
    expect(longest).toBeLessThan(10 * 60);
  });
});
