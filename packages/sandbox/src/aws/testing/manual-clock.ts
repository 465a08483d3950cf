import type { Clock } from "../../clock.ts";

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves on, and makes every call that is due on the way, in order. */
  advance(milliseconds: number): void;
}

export const createManualClock = (start = Date.parse("2026-01-05T09:00:00Z")): ManualClock => {
  const pending = new Set<{ due: number; callback: () => void }>();
  let now = start;

  const at: Clock["at"] = (due, callback) => {
    const timer = { due, callback };
    pending.add(timer);
    return { cancel: () => void pending.delete(timer) };
  };

  const next = (until: number) =>
    [...pending].filter(({ due }) => due <= until).sort((a, b) => a.due - b.due)[0];

  return {
    now: () => now,
    at,
    sleep: (milliseconds) => new Promise((resolve) => void at(now + milliseconds, resolve)),
    stop: () => pending.clear(),
    advance: (milliseconds) => {
      const until = now + milliseconds;
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        pending.delete(timer);
        now = Math.max(now, timer.due);
        timer.callback();
      }
      now = until;
    },
  };
};
