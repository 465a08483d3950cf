import type { Clock } from "../ports/index.ts";
import { milliseconds, type Timestamp, timestamp } from "../time.ts";

/** When the tests' time begins. */
export const noon: Timestamp = "2026-11-20T12:00:00.000Z";

/** A clock that only a test moves. */
export interface VirtualClock extends Clock {
  /** Moves on by so many seconds, past everything that sleeps. */
  advance(seconds: number): void;
  /** Moves on to that moment; never back. */
  advanceTo(at: Timestamp): void;
  /** The moment it shows, or the one that is so many seconds later. */
  at(inSeconds?: number): Timestamp;
}

/**
 * A clock that starts at noon and jumps. When everything that runs is asleep it moves on to the moment at which the first sleeper wakes, so that
 * sleeping takes no time, and several operations that sleep interleave as they would in real time.
 */
export const virtualClock = (start: Timestamp = noon): VirtualClock => {
  let now = milliseconds(start);
  const sleepers: { until: number; wake: () => void }[] = [];

  const wakeFirst = (): void => {
    sleepers.sort((a, b) => a.until - b.until);
    const first = sleepers.shift();
    if (first === undefined) return;
    now = Math.max(now, first.until);
    first.wake();
    if (sleepers.length > 0) setImmediate(wakeFirst);
  };

  return {
    now: () => now,
    sleep: (duration) =>
      new Promise((wake) => {
        // Whoever is not asleep goes on before the event loop turns: promises come first.
        if (sleepers.length === 0) setImmediate(wakeFirst);
        sleepers.push({ until: now + duration, wake });
      }),
    advance: (seconds) => {
      now += seconds * 1_000;
    },
    advanceTo: (at) => {
      now = Math.max(now, milliseconds(at));
    },
    at: (inSeconds = 0) => timestamp(now + inSeconds * 1_000),
  };
};
