import type { Clock, Log } from "@curfew/core";
import type { Sessions } from "../sessions.ts";

/** The surroundings of a strategy. */
export interface StrategyDeps {
  sessions: Sessions;
  clock: Clock;
  log: Log;
  /** Returns a number from 0 to 1, for jitter; `Math.random` by default. */
  random?: () => number;
}
