import { failureOf, failureOfThrown } from "../errors/failure.ts";
import type { RequestId } from "../ids.ts";
import type { Ports } from "../ports/index.ts";
import type { Fate } from "../request/ending.ts";
import { failAttempt } from "../request/lateness.ts";
import { beginDeescalation, dueAt, finish } from "../request/lifecycle.ts";
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
 * Takes the access away if its time has come; otherwise returns how long to wait. Depends on nothing but
 * the stored request and lease. May run any number of times. Why an attempt failed is stored on the
 * request, and told when lateness is reported.
 *
 * @param cause what stopped the escalation, if that is why the workflow came here
 * @param execution the name of the execution that deescalates
 * @returns whether the request is over; if not, the seconds until the next wait times out
 */
export const deescalate = async (
  deps: Deps,
  id: RequestId,
  invocation: Invocation,
  cause?: Pick<Error, "name" | "message">,
  execution?: string,
): Promise<{ due: boolean; seconds: number }> => {
  const { clock } = deps;
  const begin = beginDeescalation(clock.now(), cause && failureOf(cause), execution);
  const { request } = await updateRequest(deps, id, begin);
  if (request.status === "active")
    return { due: false, seconds: secondsToWait(request, clock.now()) };
  try {
    if (request.status === "deescalating") await end(deps, request, invocation);
  } finally {
    await publishEvents(deps, id);
  }
  return { due: true, seconds: 1 };
};

const end = async (deps: Deps, request: Request, invocation: Invocation): Promise<void> => {
  const released = await takeAway(deps, request, invocation).catch(async (error: unknown) => {
    await noteAttempt(deps, request, error);
    throw error;
  });
  const now = deps.clock.now();
  const { answer } = released;
  const fate = fateOf(request, released);
  const { changed } = await updateRequest(deps, request.id, finish(now, fate, answer));
  if (!changed) return;
  if (answer?.details !== undefined)
    deps.log.error("A customer's function failed to take access away.", {
      requestId: request.id,
      details: answer.details,
    });
  const due = dueAt(request);
  const wasTaken = released.fate === "removed" || released.fate === "gone";
  if (wasTaken && !answer?.errors?.length && due !== undefined)
    deps.metrics.record("RevocationLagSeconds", Math.max(0, now - milliseconds(due)) / 1_000);
};

/** Stores why the attempt failed. If that fails, too, the workflow still gets the attempt's own error, by which it retries. */
const noteAttempt = async (deps: Deps, { id }: Request, error: unknown): Promise<void> => {
  try {
    await updateRequest(deps, id, failAttempt(deps.clock.now(), failureOfThrown(error)));
  } catch (failure) {
    deps.log.warn("Why an attempt failed could not be stored.", { requestId: id, error: failure });
  }
};

/** The fate as far as it is known: a customer's function alone knows what it took away, and a lease may be deleted days after it was closed. */
const fateOf = (request: Request, { fate, answer, removedAt }: Released): Fate => {
  const { activatedAt } = request;
  if (fate === "removed" && answer?.output !== undefined) return "handed-over";
  // An earlier attempt, or the reconciler, took it away after the request's end.
  const due = dueAt(request);
  if (fate === "gone" && due !== undefined && removedAt !== undefined && removedAt >= due)
    return "removed";
  return fate === "never-granted" && activatedAt !== undefined ? "gone" : fate;
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
