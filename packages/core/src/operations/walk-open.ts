import type { Documents, Stored } from "../ports/documents.ts";
import type { Ports } from "../ports/index.ts";
import type { Walk } from "../request/walk.ts";

type Deps = Pick<Ports, "clock" | "log" | "walks">;

/** What a walk came to in this run. */
export interface Walked {
  seen: number;
  failures: number;
  /** How many were past their end since the walk began, which may have been runs ago. */
  overdue: number;
  /** Whether the walk came to its end; if not, the next run goes on with it. */
  complete: boolean;
}

/** Which documents are walked over, and what is done about each: it answers whether the document is past its end. */
export interface Walking<T> {
  name: Walk["id"];
  documents: Documents<T>;
  work: (document: T) => Promise<boolean>;
}

/**
 * Sees to every open document, those that are due first coming first, until time is up (milliseconds since the epoch); the next run goes on where this
 * one stopped, so that each gets its turn however many there are. One that fails keeps nobody else from it. One after the other: all Step Functions allows
 * is some 15 looks at executions a second.
 */
export const walkOpen = async <T>(
  deps: Deps,
  { name, documents, work }: Walking<T>,
  until: number,
): Promise<Walked> => {
  const { clock, log } = deps;
  const place = await bookmark(deps, name);
  const { done, ...start } = place.walk;
  const counts = { seen: 0, failures: 0, overdue: start.overdue };
  let cursor = start.cursor;
  for (let earlier = new Set(done); ; earlier = new Set()) {
    const page = await documents.listOpen(cursor);
    const seen = [...earlier];
    for (const id of page.items.filter((item) => !earlier.has(item))) {
      if (clock.now() >= until) {
        await place.keep({ cursor, done: seen, overdue: counts.overdue });
        return { ...counts, complete: false };
      }
      counts.seen += 1;
      seen.push(id);
      try {
        const stored = await documents.get(id);
        if (stored !== undefined && (await work(stored.document))) counts.overdue += 1;
      } catch (error) {
        counts.failures += 1;
        log.error("Something could not be reconciled; the next walk tries again.", {
          [name === "requests" ? "requestId" : "lease"]: id,
          error,
        });
      }
    }
    cursor = page.cursor;
    // Kept after each page, too: a run that is ended by force does not begin all over.
    await place.keep({ cursor, done: [], overdue: cursor === undefined ? 0 : counts.overdue });
    if (cursor === undefined) return { ...counts, complete: true };
  }
};

/** Where the walk stands. Two runs at once both walk; the one whose bookmark is overtaken keeps none. */
const bookmark = async ({ walks }: Deps, id: Walk["id"]) => {
  const first: Walk = { version: 1, id, done: [], overdue: 0 };
  let stored: Stored<Walk> | undefined = await walks.get(id);
  let mayWrite = true;
  return {
    walk: stored?.document ?? first,
    keep: async ({
      cursor,
      ...place
    }: Pick<Walk, "done" | "overdue"> & { cursor: string | undefined }) => {
      const isAtStart = cursor === undefined && place.done.length === 0;
      const wasAtStart = (stored?.document.cursor ?? stored?.document.done[0]) === undefined;
      if (!mayWrite || (isAtStart && wasAtStart)) return;
      const next = { ...first, ...place, ...(cursor === undefined ? {} : { cursor }) };
      stored = await walks.put(next, stored);
      mayWrite = stored !== undefined;
    },
  };
};
