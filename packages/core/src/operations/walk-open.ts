import { isWorkflowError } from "../errors/workflow-errors.ts";
import type { Documents, Page, Stored } from "../ports/documents.ts";
import type { Ports } from "../ports/index.ts";
import type { Walk } from "../request/walk.ts";
import type { Invocation } from "./under-lock.ts";

type Deps = Pick<Ports, "clock" | "log" | "walks">;

/** What a walk came to in this run. */
export interface Walked {
  seen: number;
  failures: number;
  /** How many were past their end since the walk began, which may have been runs ago. What cannot even be read counts: nobody can tell. */
  overdue: number;
  /** Whether the walk came to its end; if not, the next run goes on with it. */
  complete: boolean;
}

/** Which documents are walked over, whether one is past its end, and what is done about each. */
export interface Walking<T> {
  name: Walk["id"];
  documents: Pick<Documents<T>, "get" | "listOpen">;
  isOverdue: (document: T) => boolean;
  /** Whether there is anything to do about it in this walk; always, unless given. */
  isWanted?: (document: T) => boolean;
  work: (document: T) => Promise<void>;
  /** The documents that an earlier walk of this run visited, by id: whether they were past their end. This walk skips them and adds its own. */
  visited?: Map<string, boolean>;
}

/** The interval of the reconcilers' crons, in milliseconds. A run that took longer would overlap the next one. */
const interval = 5 * 60 * 1_000;

/** The moment at which this share of a run's time is over, in milliseconds since the epoch. */
export const endOfShare = (start: number, { deadline }: Invocation, share: number): number =>
  start + Math.min(deadline - start, interval) * share;

/**
 * Sees to every listed document, those that are due first coming first, until time is up (milliseconds since the epoch); the next run goes on where this
 * one stopped, so that each gets its turn however many there are. One that fails keeps nobody else from it. One after the other: all Step Functions allows
 * is some 15 looks at executions a second.
 */
export const walkOpen = async <T>(
  deps: Deps,
  { name, documents, isOverdue, isWanted = () => true, work, visited = new Map() }: Walking<T>,
  until: number,
): Promise<Walked> => {
  const { clock, log } = deps;
  const place = await bookmark(deps, name);
  const { done, ...start } = place.walk;
  const counts = { seen: 0, failures: 0, overdue: start.overdue };
  let cursor = start.cursor;
  let first: Page<string> | undefined = await pageAt(deps, documents, cursor);
  for (let earlier = new Set(done); ; earlier = new Set()) {
    const page: Page<string> = first ?? (await documents.listOpen(cursor));
    first = undefined;
    const seen = [...earlier];
    for (const id of page.items.filter((item) => !earlier.has(item))) {
      if (clock.now() >= until) {
        await place.keep({ cursor, done: seen, overdue: counts.overdue });
        return { ...counts, complete: false };
      }
      seen.push(id);
      if (visited.has(id)) {
        counts.overdue += visited.get(id) === true ? 1 : 0;
        continue;
      }
      let overdue: boolean | undefined;
      try {
        const stored = await documents.get(id);
        overdue = stored !== undefined && isOverdue(stored.document);
        if (stored !== undefined && !isWanted(stored.document)) continue;
        visited.set(id, overdue);
        counts.seen += 1;
        counts.overdue += overdue ? 1 : 0;
        if (stored !== undefined) await work(stored.document);
      } catch (error) {
        counts.failures += 1;
        if (overdue === undefined) {
          overdue = !isWorkflowError(error);
          visited.set(id, overdue);
          counts.seen += 1;
          counts.overdue += overdue ? 1 : 0;
        }
        log.error("Something could not be reconciled; the next walk tries again.", {
          [name === "leases" ? "lease" : "requestId"]: id,
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

/** The page at a place that was kept. One that is not to be found any more, as the table has changed, must not stop every walk to come: then it begins at the front. */
const pageAt = async <T>(
  { log }: Deps,
  documents: Pick<Documents<T>, "listOpen">,
  cursor: string | undefined,
): Promise<Page<string>> => {
  if (cursor === undefined) return documents.listOpen();
  try {
    return await documents.listOpen(cursor);
  } catch (error) {
    if (isWorkflowError(error)) throw error;
    log.error("The place of a walk is not to be found; it begins at the front.", { error });
    return documents.listOpen();
  }
};

/** What was kept. If that cannot be read, there is none: without a place to go on from each run begins at the front. */
const readWalk = async (
  { log, walks }: Deps,
  id: Walk["id"],
): Promise<Stored<Walk> | undefined> => {
  try {
    return await walks.get(id);
  } catch (error) {
    if (isWorkflowError(error)) throw error;
    log.error("The place of a walk cannot be read; it begins at the front.", { error });
    return undefined;
  }
};

/** Where the walk stands. Two runs at once both walk; the one whose bookmark is overtaken keeps none. */
const bookmark = async (deps: Deps, id: Walk["id"]) => {
  const first: Walk = { version: 1, id, done: [], overdue: 0 };
  let stored = await readWalk(deps, id);
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
      stored = await deps.walks.put(next, stored);
      mayWrite = stored !== undefined;
    },
  };
};
