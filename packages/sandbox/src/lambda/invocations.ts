import type { Clock } from "../clock.ts";
import type { Store } from "../store.ts";
import type { Pool } from "./pool.ts";
import type { FunctionSpec } from "./spec.ts";

/** What one of the customers' functions was called with, and what came of it. */
export interface RecordedInvocation {
  /** The function's name. */
  function: string;
  /** ISO 8601. */
  at: string;
  payload: unknown;
  /** Null while the function runs, and when it failed. */
  answer: unknown;
  error: { errorType: string; errorMessage: string } | null;
}

/** Every invocation of the functions that are watched, oldest first. */
export interface Invocations {
  /** Of all functions, or of the one with that name. */
  list(functionName?: string): RecordedInvocation[];
}

/**
 * Watches some functions: the pool that is answered writes down what they are called with before they run, and what came of it.
 *
 * @param deps.watched the functions to watch
 */
export const recordInvocations = (deps: {
  pool: Pool;
  store: Store;
  clock: Clock;
  watched: readonly FunctionSpec[];
}): Pool & Invocations => {
  const { pool, store, clock } = deps;
  const watched = new Set(deps.watched.map(({ arn }) => arn));
  const records = store.collection<RecordedInvocation>("invocations");
  let count = records.list().length;

  return {
    ...pool,
    run: async (spec, payload, requestId) => {
      // Whoever finds no room is refused, and has called nothing.
      if (!watched.has(spec.arn) || !pool.hasRoom(spec)) return pool.run(spec, payload, requestId);
      count += 1;
      const id = String(count).padStart(10, "0");
      const record: RecordedInvocation = {
        function: spec.name,
        at: new Date(clock.now()).toISOString(),
        payload: JSON.parse(payload),
        answer: null,
        error: null,
      };
      records.put(id, record);
      const result = await pool.run(spec, payload, requestId);
      if (result.functionError === undefined)
        records.put(id, { ...record, answer: result.payload });
      else {
        const { errorType, errorMessage } = result.payload;
        records.put(id, { ...record, error: { errorType, errorMessage } });
      }
      return result;
    },
    list: (functionName) =>
      records
        .list()
        .map(({ document }) => document)
        .filter((record) => functionName === undefined || record.function === functionName),
  };
};
