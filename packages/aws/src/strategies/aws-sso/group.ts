import {
  type Attempt,
  clockDifference,
  lateEffect,
  listLag,
  WorkflowError,
  workflowErrors,
} from "@curfew/core";
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
    if (!(await isUnanswered(deps, membership, attempt, id))) return { standing: true };
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
      if (id === undefined) return isAbsenceCertain(deps, attempt) ? "absent" : undefined;
      // A look-up may still show a membership that was deleted.
      if (attempt.pending.includes(id) || !(await membership.describe(id)).exists) return undefined;
      if (await isUnanswered(deps, membership, attempt, id)) {
        // Explained only once it is gone: until then every attempt finds it as unanswered.
        await remove(membership, attempt, id);
        await attempt.explain(id);
        return undefined;
      }
      // The look-ups may show a membership that an earlier release deleted.
      return attempt.mayBeLag ? undefined : "somebody else's";
    });
    return outcome === "absent" ? { sessionSeconds: longestSession } : { standing: true };
  },

  // A person has one membership of a group: the present one is all that the record shows.
  creationsWithin: async ({ access }, { sent, until }) => {
    using membership = membershipOf(deps.sessions, clients, access);
    const id = await membership.find();
    if (id === undefined) return 0;
    const { createdAt } = await membership.describe(id);
    return createdAt !== undefined && sent <= createdAt && createdAt <= until ? 1 : 0;
  },
});

const change = async <T>(
  membership: Membership,
  attempt: Attempt,
  call: () => Promise<T>,
  creates?: (result: T) => string | undefined,
): Promise<T> => {
  await membership.signIn();
  const given = { call, failureOf: changeFailureOf };
  return attempt.change(creates === undefined ? given : { ...given, creates });
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
 * was created soon after one of those was sent. A connector of an earlier version does not say when:
 * then ours is the likelier as long as the effect may still come.
 */
const isUnanswered = async (
  { clock }: StrategyDeps,
  membership: Membership,
  { unanswered }: Attempt,
  id: string,
): Promise<boolean> => {
  if (unanswered.length === 0) return false;
  const { exists, createdAt = clock.now() } = await membership.describe(id);
  if (!exists)
    throw new WorkflowError(
      workflowErrors.stillProvisioning,
      "The look-ups of the identity store disagree.",
    );
  return unanswered.some((sent) => {
    const from = Date.parse(sent) - clockDifference;
    return from <= createdAt && createdAt <= Date.parse(sent) + lateEffect;
  });
};

/** Whether a look-up would by now show every membership that an unanswered creation has made. */
const isAbsenceCertain = ({ clock }: StrategyDeps, { unanswered }: Attempt): boolean => {
  const last = unanswered.at(-1);
  return last === undefined || clock.now() >= Date.parse(last) + listLag;
};
