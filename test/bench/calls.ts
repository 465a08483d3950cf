import { setTimeout } from "node:timers/promises";
import * as z from "zod";

const Calls = z.object({
  calls: z.array(
    z.object({
      at: z.string(),
      service: z.string(),
      operation: z.string(),
      function: z.string().optional(),
      requestId: z.string(),
      outcome: z.string(),
    }),
  ),
});
export type Call = z.infer<typeof Calls>["calls"][number];

/** The sandbox remembers its last 10,000 calls, so they are fetched before that many more are made (milliseconds). */
const interval = 1_000;

/** Collects every call that is made on a sandbox's AWS endpoint from now on, however many they become. */
export const watchCalls = (apiUrl: string, operation = "") => {
  const calls = new Map<string, Call>();
  let since = new Date(0).toISOString();
  let stopped = false;

  const fetchMore = async (): Promise<void> => {
    const query = new URLSearchParams({ since, ...(operation && { operation }) });
    const answer = await fetch(`${apiUrl}/sandbox/calls?${query}`);
    for (const call of Calls.parse(await answer.json()).calls) {
      calls.set(call.requestId, call);
      since = call.at;
    }
  };
  const watching = (async () => {
    while (!stopped) {
      await fetchMore();
      await setTimeout(interval);
    }
  })();

  return {
    /** All calls by now, oldest first. */
    soFar: async (): Promise<Call[]> => {
      await fetchMore();
      return [...calls.values()];
    },
    /** Ends the watch. Answers all calls, oldest first. */
    stop: async (): Promise<Call[]> => {
      stopped = true;
      await watching;
      await fetchMore();
      return [...calls.values()];
    },
  };
};

/** How many there are of each kind, the most first. */
export const countBy = <T>(items: readonly T[], kindOf: (item: T) => string): [string, number][] =>
  [...Map.groupBy(items, kindOf)]
    .map(([kind, found]): [string, number] => [kind, found.length])
    .sort(([, a], [, b]) => b - a);
