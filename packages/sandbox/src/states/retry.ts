import type { Retrier } from "./definition.ts";
import { matches } from "./failure.ts";

/**
 * Which retrier takes an error, and how long it waits: the first one that names it, unless it is used up.
 *
 * @param attempts how often each retrier has retried since the state was entered
 * @param random from 0 to 1, for full jitter
 * @returns the retrier's index and milliseconds, or undefined when the error is final
 */
export const retry = (
  retriers: readonly Retrier[],
  attempts: readonly number[],
  error: string,
  random: number,
): { retrier: number; delay: number } | undefined => {
  const index = retriers.findIndex((retrier) => matches(retrier.ErrorEquals, error));
  const retrier = retriers[index];
  if (retrier === undefined) return undefined;
  const { IntervalSeconds = 1, MaxAttempts = 3, BackoffRate = 2 } = retrier;
  const made = attempts[index] ?? 0;
  if (made >= MaxAttempts) return undefined;
  const full = Math.min(
    IntervalSeconds * BackoffRate ** made,
    retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY,
    99_999_999,
  );
  const seconds = retrier.JitterStrategy === "FULL" ? full * random : full;
  return { retrier: index, delay: Math.round(seconds * 1000) };
};
