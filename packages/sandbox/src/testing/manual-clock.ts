import { type Clock, nothingToHold } from "../clock.ts";

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  /** Goes on by `milliseconds`, making each call at its time, and lets what they started settle. */
  advance(milliseconds: number): Promise<void>;
}

/** Lets promises that wait for nothing but each other settle. */
const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** @param start milliseconds since the epoch */
export const createManualClock = (start = Date.parse("2026-01-01T00:00:00Z")): ManualClock => {
  let now = start;
  let calls: { due: number; callback: () => void }[] = [];

  const at: Clock["at"] = (due, callback) => {
    const call = { due, callback };
    calls.push(call);
    const cancel = (): void => {
      calls = calls.filter((other) => other !== call);
    };
    return { cancel };
  };
  const nextBefore = (end: number) =>
    calls.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];

  const advance = async (milliseconds: number): Promise<void> => {
    const end = now + milliseconds;
    await settle();
    for (let next = nextBefore(end); next; next = nextBefore(end)) {
      const { due, callback } = next;
      calls = calls.filter((call) => call !== next);
      now = Math.max(now, due);
      callback();
      await settle();
    }
    now = end;
  };

  return {
    now: () => now,
    at,
    sleep: (milliseconds) => new Promise((resolve) => void at(now + milliseconds, resolve)),
    hold: () => nothingToHold,
    stop: () => {
      calls = [];
    },
    advance,
  };
};
