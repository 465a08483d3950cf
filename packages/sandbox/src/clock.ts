/** A pending call of a {@link Clock}. */
export interface Timer {
  /** Takes the call back; does nothing once it was made. */
  cancel(): void;
}

/** The sandbox's only source of time. Every due time is kept by its owner in the store; timers are rebuilt from it after a restart. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `callback` once, as soon as `now() >= due` (milliseconds since the epoch); at once, but never synchronously, if that is past. */
  at(due: number, callback: () => void): Timer;
  /** Resolves after `milliseconds` of the clock's time. */
  sleep(milliseconds: number): Promise<void>;
  /** Says that something is under way until the answer is disposed of: no time is skipped meanwhile. */
  hold(): Disposable;
  /** Cancels every timer. */
  stop(): void;
}

/** `setTimeout` fires at once above 2^31-1 ms (24.8 days), so long waits are cut into pieces. */
const longestTimeout = 2 ** 31 - 1;

/** The hold of a clock that skips no time anyway. */
export const nothingToHold: Disposable = { [Symbol.dispose]: () => {} };

/** A clock that follows the machine's. */
export const createClock = (): Clock => {
  const handles = new Set<NodeJS.Timeout>();

  const at = (due: number, callback: () => void): Timer => {
    let handle: NodeJS.Timeout;
    const wait = (): void => {
      const remaining = Math.max(0, due - Date.now());
      handle = setTimeout(
        () => {
          handles.delete(handle);
          if (Date.now() >= due) callback();
          else wait();
        },
        Math.min(remaining, longestTimeout),
      );
      handles.add(handle);
    };
    wait();
    return {
      cancel: () => {
        handles.delete(handle);
        clearTimeout(handle);
      },
    };
  };

  return {
    now: () => Date.now(),
    at,
    sleep: (milliseconds) => new Promise((resolve) => void at(Date.now() + milliseconds, resolve)),
    hold: () => nothingToHold,
    stop: () => {
      for (const handle of handles) clearTimeout(handle);
      handles.clear();
    },
  };
};
