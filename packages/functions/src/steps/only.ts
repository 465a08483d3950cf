import type { Strategy } from "@curfew/core";

/** The lookup of a function that serves one strategy. A request of another one came here by mistake, and nothing may be done for it. */
export const only =
  (strategy: Strategy) =>
  (name: string): Strategy => {
    if (name !== strategy.name)
      throw new Error(`This function serves ${strategy.name}, not ${name}.`);
    return strategy;
  };
