import type { Lease } from "../lease/lease.ts";
import type { Documents } from "../ports/documents.ts";
import type { Ports } from "../ports/index.ts";
import { cancel } from "../request/approval.ts";
import { requestEnd } from "../request/lifecycle.ts";
import { operator } from "../request/person.ts";
import type { Request } from "../request/request.ts";
import { isTerminal } from "../request/status.ts";
import { milliseconds, timestamp } from "../time.ts";
import { setIntake } from "./intake.ts";
import { publishAndWake } from "./publish-and-wake.ts";
import { publishEvents } from "./publish-events.ts";
import { readRequest, updateRequest } from "./update.ts";
import { ensureExecution } from "./wake.ts";

type Deps = Pick<
  Ports,
  "clock" | "requests" | "leases" | "intake" | "workflow" | "publisher" | "log"
>;

/** What is left to be ended. */
export interface Remainder {
  requests: number;
  leases: number;
}

/** How long a call that found the intake open may still be at work, in milliseconds: longer than any function behind the API runs. */
const callsUnderWay = 30_000;

/** How long to wait before looking again, in milliseconds. */
const pause = 2_000;

const message = "Curfew is being drained.";

/**
 * Ends everything: takes nothing new, cancels what waits for a decision, revokes what was approved, and waits until the workflows have ended all of it. May
 * be run again after it has given up.
 *
 * @param options `patience`: how long to wait, in milliseconds; `report` is told, again and again, what is left
 * @returns whether nothing is left
 */
export const drain = async (
  deps: Deps,
  { patience, report }: { patience: number; report: (left: Remainder) => void },
): Promise<boolean> => {
  const { clock } = deps;
  const giveUp = clock.now() + patience;
  const closed = await setIntake(deps, true, operator);
  const quietFrom = milliseconds(closed.at) + callsUnderWay;
  for (;;) {
    // Read before the look: what was made until then is found by it.
    const isQuiet = clock.now() >= quietFrom;
    const left = {
      requests: await countOpen(deps, deps.requests, (request) => endRequest(deps, request)),
      leases: await countOpen(deps, deps.leases, async ({ state }: Lease) => state !== "closed"),
    };
    report(left);
    if (isQuiet && left.requests + left.leases === 0) return true;
    if (clock.now() >= giveUp) return false;
    await clock.sleep(pause);
  }
};

/** Sees to every open document; answers how many are left. One that fails is left. */
const countOpen = async <T>(
  { log }: Deps,
  documents: Documents<T>,
  isLeft: (document: T) => Promise<boolean>,
): Promise<number> => {
  let left = 0;
  let cursor: string | undefined;
  do {
    const page = await documents.listOpen(cursor);
    for (const id of page.items) {
      try {
        const stored = await documents.get(id);
        if (stored !== undefined && (await isLeft(stored.document))) left += 1;
      } catch (error) {
        log.error("Something could not be ended; it is tried again.", { id, error });
        left += 1;
      }
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return left;
};

/** Answers whether there is still something to do about the request. */
const endRequest = async (deps: Deps, { id }: Request): Promise<boolean> => {
  const now = deps.clock.now();
  const end = { reason: "revoked" as const, by: operator, at: timestamp(now) };
  const { request, changed } = await updateRequest(
    deps,
    id,
    (current) => cancel(operator, now, message)(current) ?? requestEnd(end, message)(current),
  );
  if (changed) {
    await publishAndWake(deps, request);
    await ensureExecution(deps, request);
  }
  await publishEvents(deps, id);
  const { status, published, history } = await readRequest(deps, id);
  return !isTerminal(status) || published < history.length;
};
