import { type Config, flowNamed } from "../config/schema.ts";
import { WorkflowError, workflowErrors } from "../errors/workflow-errors.ts";
import type { RequestId } from "../ids.ts";
import { hold, mayBeLag, newLease, open, reached } from "../lease/ledger.ts";
import { decideGrant } from "../policy/decide-grant.ts";
import { groupsOfRequesters } from "../policy/decide-request.ts";
import type { Ports } from "../ports/index.ts";
import type { StepAnswer, Strategy, Subject } from "../ports/strategy.ts";
import type { Access } from "../request/access.ts";
import { activate, beginEscalation, failByAnswer, whyNotGrant } from "../request/lifecycle.ts";
import type { Request } from "../request/request.ts";
import { milliseconds } from "../time.ts";
import { attemptUnder } from "./attempt.ts";
import { scheduleExpiry, secondsToWait } from "./expiry.ts";
import { isLateCreation } from "./late-creation.ts";
import { publishEvents } from "./publish-events.ts";
import { type Invocation, type LockedLease, underLock, withinPatience } from "./under-lock.ts";
import { readRequest, readStored, updateRequest } from "./update.ts";

type Deps = Pick<
  Ports,
  | "clock"
  | "ids"
  | "requests"
  | "leases"
  | "directory"
  | "strategy"
  | "schedules"
  | "publisher"
  | "metrics"
  | "log"
>;

/**
 * Gives the access and starts the curfew, if the configuration still allows it. May run any number of times: what an earlier attempt began is found in the lease and gone on with.
 *
 * @returns seconds until the wait for the expiry times out
 * @throws WorkflowError `LeaseBusy`, `StillProvisioning`, `ServiceUnavailable` to be tried again; anything else leads to deescalation
 */
export const escalate = async (
  deps: Deps,
  config: Config,
  id: RequestId,
  invocation: Invocation,
): Promise<{ seconds: number }> => {
  try {
    const request = await grant(deps, config, id, invocation);
    await scheduleExpiry(deps, request);
    return { seconds: secondsToWait(request, deps.clock.now()) };
  } finally {
    await publishEvents(deps, id);
  }
};

const grant = async (
  deps: Deps,
  config: Config,
  id: RequestId,
  invocation: Invocation,
): Promise<Request> => {
  const stored = await readStored(deps, id);
  const { access, status } = stored.document;
  if (status === "active") return stored.document;
  if (status !== "approved" && status !== "escalating") throw refused(`it is ${status}`);
  if (access === undefined) throw refused("it names nothing to give access to");

  const strategy = deps.strategy(access.strategy);
  const key = strategy.leaseKey(access, id);
  // None of these needs to know of the others, and a person is waiting.
  const [, , , lease] = await together([
    updateRequest(deps, id, beginEscalation(deps.clock.now()), stored),
    decideAgain(deps, config, stored.document),
    strategy.prepare?.(access),
    deps.leases.get(key),
  ]);
  const fresh = newLease(key, id, access, deps.clock.now());
  const attempt = withinPatience(deps, strategy, access, invocation);
  const wanted = { key, fresh, seen: { stored: lease } };
  const answer = await underLock(deps, wanted, attempt, (locked) =>
    ensureAccess(deps, id, strategy, access, locked, attempt),
  );

  const now = deps.clock.now();
  const change = answer?.errors?.length ? failByAnswer(now, answer) : activate(now, answer);
  const activated = await updateRequest(deps, id, change);
  if (activated.request.status !== "active")
    throw refused(whyNotGrant(activated.request, deps.clock.now()) ?? "it is not active");
  if (activated.changed)
    deps.metrics.record("GrantLatencySeconds", (now - grantableSince(activated.request)) / 1_000);
  return activated.request;
};

/** Since when nothing but Curfew stood between the person and the access, in milliseconds since the epoch. */
const grantableSince = ({ createdAt, startAt = createdAt, approvals }: Request): number => {
  const approvedAt = approvals.find(({ decision }) => decision === "approved")?.at ?? createdAt;
  return Math.max(milliseconds(approvedAt), milliseconds(startAt));
};

/** Waits for all of it, whatever becomes of one: nothing may go on when the invocation is over. Throws what the first one threw that did. */
const together = async <T extends unknown[]>(calls: readonly [...T]) => {
  await Promise.allSettled(calls);
  return Promise.all(calls);
};

/** Asks the configuration of now, and the directory, whether they still allow what was allowed when the request was made. */
const decideAgain = async (
  { directory }: Deps,
  config: Config,
  request: Request,
): Promise<void> => {
  const flow = flowNamed(config, request.flow.name);
  const wanted = flow === undefined ? [] : groupsOfRequesters(flow);
  const groups = await directory.groupsOf(request.requester, wanted);
  const decision = decideGrant(config, groups, request);
  if (!decision.allowed)
    throw new WorkflowError(
      workflowErrors.grantRefused,
      `The configuration of now does not allow it: ${decision.reason}`,
    );
};

/** Under the lock: claims the lease, finds out about standing access before anything is granted, and makes sure of the access. */
const ensureAccess = async (
  deps: Deps,
  id: RequestId,
  strategy: Strategy,
  access: Access,
  lease: LockedLease,
  invocation: Invocation,
): Promise<StepAnswer> => {
  // Locked first, read second: a deescalation writes the status first and locks second, so whoever is second sees the other.
  const request = await readRequest(deps, id);
  const mayGrant = (): void => {
    const reason = whyNotGrant(request, deps.clock.now());
    if (reason !== undefined) throw refused(reason);
  };
  mayGrant();
  if (lease.current.state === "releasing")
    throw new WorkflowError(workflowErrors.leaseBusy, "The access is just being taken away.");
  await lease.write((current) => hold(current, id));

  const subject = { access, request };
  const opening = lease.current.state === "opening";
  // Standing access may have been taken away since it was seen, so every holder inspects it again.
  const inspected = opening || lease.current.standing;
  if (inspected) {
    const standing = await isStanding(deps, strategy, subject, lease);
    // Stored with the next write of the strategy, and in any case before it changes anything.
    lease.note((current) => open(current, standing, access));
  }
  if (lease.current.standing) {
    await lease.flush();
    return { standing: true };
  }
  const knowing = {
    mayChange: mayGrant,
    absent: inspected && lease.current.unanswered.length === 0,
  };
  const attempt = attemptUnder(deps.clock, lease, invocation, knowing);
  const answer = await strategy.escalate(subject, attempt);
  await lease.write((current) =>
    answer.standing ? open(current, true, access) : reached(current, access),
  );
  return answer;
};

/** Whether the person has the access now, and not by a late creation of ours. */
const isStanding = async (
  { clock }: Deps,
  strategy: Strategy,
  subject: Subject,
  lease: LockedLease,
): Promise<boolean> => {
  if (!(await strategy.inspect(subject))) return false;
  const { current } = lease;
  if (current.state === "opening" && mayBeLag(current, clock.now()))
    throw new WorkflowError(
      workflowErrors.leaseBusy,
      "A List may still show access that Curfew took away a moment ago.",
    );
  return !(await isLateCreation(strategy, subject, current));
};

const refused = (reason: string): WorkflowError =>
  new WorkflowError(workflowErrors.grantRefused, `Nothing may be granted: ${reason}.`);
