import type { RequestId } from "../ids.ts";
import type { Ports } from "../ports/index.ts";
import { wait } from "../request/execution.ts";
import { dueAt } from "../request/lifecycle.ts";
import type { Request, WaitingToken } from "../request/request.ts";
import { milliseconds, secondsUntil, timestamp } from "../time.ts";
import { isLastMinutes } from "./expiry.ts";
import { updateRequest } from "./update.ts";

type Deps = Pick<Ports, "requests" | "workflow" | "clock">;

/** How much later than the end a wait may time out before it counts as set wrongly, in seconds. */
const tolerance = 5;

/** Completing a token from within the invocation that received it may come before Step Functions knows it; then once more, after this pause (ms). */
const tokenPause = 500;

/** Stores the token of the wait for an approval, and completes it at once if the decision is there. */
export const awaitApproval = async (
  deps: Deps,
  id: RequestId,
  waiting: WaitingToken,
): Promise<void> => {
  const { request } = await updateRequest(deps, id, wait(waiting, deps.clock.now()));
  if (request.status !== "pending_approval") await complete(deps, request, waiting);
};

/** Stores the token of the wait for the expiry, and completes it at once if the last minutes have begun or the end was asked for. */
export const awaitExpiry = async (
  deps: Deps,
  id: RequestId,
  waiting: WaitingToken,
): Promise<void> => {
  const { request } = await updateRequest(deps, id, wait(waiting, deps.clock.now()));
  const due = dueAt(request);
  const near = due !== undefined && isLastMinutes(due, deps.clock.now());
  if (near || request.status !== "active") await complete(deps, request, waiting);
};

/**
 * Stores the token of the exact wait in the last minutes. Its timeout came with the signal that ended the wait before it, which anybody with a token could have sent: a timeout that
 * does not fit what is stored is not waited for.
 *
 * @param seconds the timeout of the state
 */
export const awaitEnd = async (
  deps: Deps,
  id: RequestId,
  waiting: WaitingToken,
  seconds: number,
): Promise<void> => {
  const { request } = await updateRequest(deps, id, wait(waiting, deps.clock.now()));
  const due = dueAt(request);
  const end = milliseconds(waiting.enteredAt) + (seconds - tolerance) * 1_000;
  const trusted = due !== undefined && end <= milliseconds(due);
  const over = due !== undefined && milliseconds(due) <= deps.clock.now();
  if (request.status !== "active" || over || !trusted) await complete(deps, request, waiting);
};

const complete = async (deps: Deps, request: Request, { token }: WaitingToken): Promise<void> => {
  const due = dueAt(request) ?? timestamp(deps.clock.now());
  const output = { seconds: secondsUntil(due, deps.clock.now()) };
  if ((await deps.workflow.signal(token, output)) === "sent") return;
  await deps.clock.sleep(tokenPause);
  await deps.workflow.signal(token, output);
};
