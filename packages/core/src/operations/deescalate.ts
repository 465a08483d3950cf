import type { RequestId } from "../ids.ts";
import type { Ports } from "../ports/index.ts";
import {
  beginDeescalation,
  dueAt,
  finish,
  nothingGranted,
  reportLateness,
} from "../request/lifecycle.ts";
import type { Request } from "../request/request.ts";
import { milliseconds } from "../time.ts";
import { secondsToWait } from "./expiry.ts";
import { publishEvents } from "./publish-events.ts";
import { type Released, releaseAccess } from "./release-access.ts";
import type { Invocation } from "./under-lock.ts";
import { updateRequest } from "./update.ts";

type Deps = Pick<
  Ports,
  "clock" | "ids" | "requests" | "leases" | "strategy" | "publisher" | "metrics" | "log"
>;

/**
 * Takes the access away if its time has come; otherwise says how long to go on waiting. Asks nobody: it reads what was stored with the request
 * and nothing else. May run any number of times.
 *
 * @param error what stopped the escalation, if that is why the workflow came here
 * @param execution the name of the execution that deescalates
 * @returns whether the request is over; if not, the seconds until the next wait times out
 */
export const deescalate = async (
  deps: Deps,
  id: RequestId,
  invocation: Invocation,
  error?: string,
  execution?: string,
): Promise<{ due: boolean; seconds: number }> => {
  const begin = beginDeescalation(deps.clock.now(), error, execution);
  const { request } = await updateRequest(deps, id, begin);
  if (request.status === "active")
    return { due: false, seconds: secondsToWait(request, deps.clock.now()) };
  try {
    if (request.status === "deescalating") await end(deps, request, invocation);
  } finally {
    await publishEvents(deps, id);
  }
  return { due: true, seconds: 1 };
};

const end = async (deps: Deps, request: Request, invocation: Invocation): Promise<void> => {
  const report = async (error?: unknown): Promise<void> => {
    const what = error === undefined ? undefined : String(error);
    await updateRequest(deps, request.id, reportLateness(deps.clock.now(), what));
  };
  const { fate, answer } = await takeAway(deps, request, invocation).catch(async (error) => {
    await report(error);
    throw error;
  });
  await report();
  const now = deps.clock.now();
  const { changed } = await updateRequest(deps, request.id, finish(now, remarks[fate], answer));
  const due = dueAt(request);
  const isGone = (fate === "removed" || fate === "gone") && !answer?.errors?.length;
  if (changed && isGone && due !== undefined)
    deps.metrics.record("RevocationLagSeconds", Math.max(0, now - milliseconds(due)) / 1_000);
};

const remarks: Record<Released["fate"], string | undefined> = {
  removed: undefined,
  gone: undefined,
  "never-granted": nothingGranted,
  standing: "the access stays: it was there before",
  shared: "the access stays: another request holds it",
};

const takeAway = async (
  deps: Deps,
  { access, id }: Request,
  invocation: Invocation,
): Promise<Released> => {
  if (access === undefined) return { fate: "never-granted" };
  const key = deps.strategy(access.strategy).leaseKey(access, id);
  return releaseAccess(deps, access, key, [id], invocation);
};
