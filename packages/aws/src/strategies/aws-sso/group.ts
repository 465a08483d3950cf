import { type Attempt, listLag, WorkflowError, workflowErrors } from "@curfew/core";
import { changeFailureOf } from "../../errors.ts";
import type { StrategyDeps } from "../deps.ts";
import type { IdentityCenterClients } from "./clients.ts";
import { type Membership, membershipOf } from "./membership.ts";
import { poller, refusedPauses } from "./poller.ts";
import { longestSession } from "./session-duration.ts";
import type { Steps } from "./strategy.ts";

/**
 * Gives group memberships, and takes them away. The identity store applies a change before it
 * returns. The lease stores the id of each membership that Curfew created, and the time of each
 * creation that got no answer: any other membership is somebody else's, and is left alone.
 */
export const groupSteps = (deps: StrategyDeps, clients: IdentityCenterClients): Steps => ({
  inspect: async ({ access }) => {
    using membership = membershipOf(deps.sessions, clients, access);
    return (await membership.find()) !== undefined;
  },

  escalate: async ({ access }, attempt) => {
    using membership = membershipOf(deps.sessions, clients, access);
    const found = attempt.mayBeLag ? undefined : await membership.find();
    if (found === undefined) await create(membership, attempt);
    const id = await poller(deps, refusedPauses.giving)(() => membership.find());
    // The permissions of the group are not known, nor the duration of its sessions.
    const given = { sessionSeconds: longestSession };
    if (attempt.pending.length > 0) return given;
    if (!(await isUnanswered(membership, attempt, id))) return { standing: true };
    await attempt.explain(id);
    return given;
  },

  deescalate: async ({ access }, attempt) => {
    using membership = membershipOf(deps.sessions, clients, access);
    for (const id of attempt.pending) await remove(membership, attempt, id);
    const outcome = await poller(
      deps,
      refusedPauses.taking,
    )(async () => {
      const id = await membership.find();
      if (id === undefined) return isAbsenceCertain(attempt, deps) ? "absent" : undefined;
      // A look-up may still show a membership that was deleted.
      if (attempt.pending.includes(id) || !(await membership.describe(id)).exists) return undefined;
      if (!(await isUnanswered(membership, attempt, id))) return "somebody else's";
      await attempt.explain(id);
      await remove(membership, attempt, id);
      return undefined;
    });
    // A person has one membership of a group. After ours was deleted, a stale look-up may show an
    // older one, which the re-check tells from somebody else's.
    return outcome === "absent" || attempt.pending.length > 0 ? {} : { standing: true };
  },

  createdBetween: async ({ access }, from, until) => {
    using membership = membershipOf(deps.sessions, clients, access);
    const id = await membership.find();
    if (id === undefined) return 0;
    const { createdAt } = await membership.describe(id);
    return createdAt !== undefined && from <= createdAt && createdAt <= until ? 1 : 0;
  },
});

const change = async <T>(
  membership: Membership,
  attempt: Attempt,
  call: () => Promise<T>,
  creates?: (result: T) => string | undefined,
): Promise<T> => {
  await membership.signIn();
  return attempt.change({
    call,
    failureOf: changeFailureOf,
    ...(creates === undefined ? {} : { creates }),
  });
};

const create = async (membership: Membership, attempt: Attempt): Promise<void> => {
  const created = await change(
    membership,
    attempt,
    () => membership.create(),
    (id) => id,
  );
  if (created === undefined && attempt.mayBeLag && attempt.pending.length === 0)
    throw new WorkflowError(
      workflowErrors.leaseBusy,
      "The identity store still knows the membership that Curfew deleted a moment ago.",
    );
};

const remove = (membership: Membership, attempt: Attempt, id: string): Promise<void> =>
  change(membership, attempt, () => membership.delete(id));

/**
 * Whether a membership whose id is not known comes from a creation of ours that got no answer: it
 * was created after the first of those was sent. Where the identity store does not say when,
 * ours is the likelier.
 */
const isUnanswered = async (
  membership: Membership,
  { unanswered }: Attempt,
  id: string,
): Promise<boolean> => {
  const [first] = unanswered;
  if (first === undefined) return false;
  const { exists, createdAt } = await membership.describe(id);
  if (!exists)
    throw new WorkflowError(
      workflowErrors.stillProvisioning,
      "The look-ups of the identity store disagree.",
    );
  return createdAt === undefined || createdAt >= Date.parse(first) - clockDifference;
};

/** How much our clock and the service's may differ, in milliseconds. */
const clockDifference = 1_000;

/** Whether a look-up would by now show every membership that an unanswered creation has made. */
const isAbsenceCertain = ({ unanswered }: Attempt, { clock }: StrategyDeps): boolean => {
  const last = unanswered.at(-1);
  return last === undefined || clock.now() >= Date.parse(last) + listLag;
};
