import { setTimeout } from "node:timers/promises";
import type { Clock } from "@curfew/core";

/** The machine's clock. */
export const clock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => setTimeout(milliseconds),
};
