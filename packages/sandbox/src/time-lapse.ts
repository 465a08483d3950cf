import type { Clock, Timer } from "./clock.ts";
import type { Store } from "./store.ts";

/** A clock that skips the time in which nothing happens. */
export interface LapsingClock extends Clock {
  /** Milliseconds by which it is ahead of the machine's clock. Asked for while the clock is held, when it does not change. */
  ahead(): number;
}

export interface TimeLapseDeps {
  /** The machine's clock. */
  machine: Clock;
  /** How many times as fast as the machine's clock it may run on average: 1 or more. */
  factor: number;
  /** How far it was ahead when it was last kept, in milliseconds. */
  ahead?: number;
  /** Told whenever it has come further ahead, before anybody can have seen the new time. */
  keep?(ahead: number): void;
}

interface Call {
  due: number;
  callback: () => void;
}

/**
 * Milliseconds of the machine's time that all must be quiet before time is skipped: as long as it takes a caller
 * to act on an answer, so that a sequence of calls runs at the ordinary pace.
 */
const settling = 10;

/**
 * While it is held, time passes as on the machine. When nobody holds it, it runs `factor` times as fast up to the next
 * due time, and never past that: what is due is called at its very time, and what it sets going holds the clock again.
 */
export const createTimeLapse = (deps: TimeLapseDeps): LapsingClock => {
  const { machine, factor, keep = () => {} } = deps;
  let calls: Call[] = [];
  let holds = 0;
  let rate = 1;
  /** The same moment on both clocks: from there on time is counted at the current rate. */
  let since = { machine: machine.now(), sandbox: machine.now() + (deps.ahead ?? 0) };
  let wake: Timer | undefined;
  let settled: Timer | undefined;

  const timeAt = (moment: number): number => {
    const passed = moment - since.machine;
    const next = calls[0];
    // Without anything to come there is nothing to skip to.
    if (rate === 1 || next === undefined) return since.sandbox + passed;
    return Math.max(since.sandbox, Math.min(since.sandbox + passed * rate, next.due));
  };
  const now = (): number => timeAt(machine.now());

  /** Counts from this moment on: what it is about to change must not change the time that has come. */
  const mark = (): void => {
    const moment = machine.now();
    since = { machine: moment, sandbox: timeAt(moment) };
  };

  /** Asks the machine's clock for the moment of the next call. */
  const arm = (): void => {
    wake?.cancel();
    const next = calls[0];
    if (next === undefined) return;
    const wait = Math.ceil(Math.max(0, next.due - now()) / rate);
    wake = machine.at(machine.now() + wait, callDue);
  };

  const runAt = (next: number): void => {
    if (rate === next) return;
    mark();
    rate = next;
    // Only from here on can anybody see what time it has become.
    if (rate === 1) keep(since.sandbox - since.machine);
    arm();
  };

  const release = (): void => {
    holds -= 1;
    if (holds > 0) return;
    settled = machine.at(machine.now() + settling, () => runAt(factor));
  };

  const hold = (): Disposable => {
    settled?.cancel();
    holds += 1;
    runAt(1);
    let held = true;
    const dispose = (): void => {
      if (held) release();
      held = false;
    };
    return { [Symbol.dispose]: dispose };
  };

  const callDue = (): void => {
    using _ = hold();
    try {
      for (let next = calls[0]; next !== undefined && next.due <= now(); next = calls[0]) {
        calls.shift();
        next.callback();
      }
    } finally {
      arm();
    }
  };

  const at: Clock["at"] = (due, callback) => {
    mark();
    const call = { due, callback };
    const later = calls.findIndex((other) => other.due > due);
    calls.splice(later === -1 ? calls.length : later, 0, call);
    if (calls[0] === call) arm();
    const cancel = (): void => {
      const index = calls.indexOf(call);
      if (index === -1) return;
      mark();
      calls.splice(index, 1);
      if (index === 0) arm();
    };
    return { cancel };
  };

  // Whoever made it is about to set something going.
  hold()[Symbol.dispose]();

  return {
    now,
    at,
    sleep: (milliseconds) => new Promise((resolve) => void at(now() + milliseconds, resolve)),
    hold,
    ahead: () => since.sandbox - since.machine,
    stop: () => {
      wake?.cancel();
      settled?.cancel();
      calls = [];
    },
  };
};

/** The clock of a state directory, which goes on from where it was: nothing that was written may come to lie in the future. */
export const openTimeLapse = (
  store: Store,
  deps: Pick<TimeLapseDeps, "machine" | "factor">,
): LapsingClock => {
  const kept = store.collection<{ ahead: number }>("clock");
  const ahead = kept.get("clock")?.ahead ?? 0;
  return createTimeLapse({
    ...deps,
    ahead,
    keep: (further) => kept.put("clock", { ahead: further }),
  });
};
