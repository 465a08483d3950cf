import { workflowErrors } from "@curfew/core";
import type { NoRetrier, Retrier } from "./asl.ts";
import { denialOrPassingFailure, functionOutOfReach, lambdaServiceErrors } from "./error-names.ts";

const passing: readonly string[] = [...lambdaServiceErrors, workflowErrors.serviceUnavailable];

/**
 * How long a retrier goes on, counting its pauses alone: the time that the attempts take comes on top.
 *
 * @returns seconds: `longest` without luck; `expected` on average, which full jitter halves; `least` for
 * certain, which full jitter takes to nothing.
 */
export const retryBudget = (
  retrier: Retrier,
): { least: number; expected: number; longest: number } => {
  let longest = 0;
  for (let attempt = 0; attempt < retrier.MaxAttempts; attempt++) {
    const delay = retrier.IntervalSeconds * retrier.BackoffRate ** attempt;
    longest += Math.min(delay, retrier.MaxDelaySeconds);
  }
  return retrier.JitterStrategy === "FULL"
    ? { least: 0, expected: longest / 2, longest }
    : { least: longest, expected: longest, longest };
};

/** For arming: nothing is granted yet, so a few minutes are enough before the next net takes over. */
export const brieflyRetried: Retrier = {
  ErrorEquals: passing,
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxDelaySeconds: 30,
  MaxAttempts: 15,
  JitterStrategy: "FULL",
};

/**
 * For escalating. The function itself stops granting 15 minutes after arming; the retries outlast that on
 * average, so that it is the function that gives up, having looked. Many requests for one account conflict
 * at once: the jitter spreads them.
 */
export const escalationRetried: Retrier = {
  ErrorEquals: [...passing, workflowErrors.leaseBusy, workflowErrors.stillProvisioning],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxDelaySeconds: 20,
  MaxAttempts: 100,
  JitterStrategy: "FULL",
};

/** A few minutes, then the execution fails and its successor runs on the newest definition. */
const denialRetried: Retrier = {
  ErrorEquals: [denialOrPassingFailure],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  MaxAttempts: 12,
};

/**
 * Others are at work on the same: that passes, and whoever asks often is not kept waiting long after. For more than 24 hours on average, in
 * three quarters of the events that an execution's history may have.
 */
const waitingRetried: Retrier = {
  ErrorEquals: [
    workflowErrors.leaseBusy,
    workflowErrors.stillProvisioning,
    "Lambda.TooManyRequestsException",
  ],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxDelaySeconds: 30,
  MaxAttempts: 6_000,
  JitterStrategy: "FULL",
};

/**
 * Any other error is retried for more than 24 hours. Without jitter, which would halve them. At this rate the tenth pause
 * ends 314 s after the first attempt: an attempt that can report access as late follows shortly after
 * the five minutes, from which on it is.
 */
const deescalationRetried: Retrier = {
  ErrorEquals: ["States.ALL"],
  IntervalSeconds: 1,
  BackoffRate: 1.72,
  MaxDelaySeconds: 300,
  MaxAttempts: 300,
};

const outOfReach: NoRetrier = { ErrorEquals: functionOutOfReach, MaxAttempts: 0 };

/** For deescalating, in order: the first retrier that names an error decides alone. */
export const deescalationRetriers = [
  outOfReach,
  denialRetried,
  waitingRetried,
  deescalationRetried,
] as const;
