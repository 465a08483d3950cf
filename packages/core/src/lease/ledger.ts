import type { RequestId } from "../ids.ts";
import { canonicalJson } from "../json.ts";
import type { Access } from "../request/access.ts";
import { milliseconds, type Timestamp, timestamp } from "../time.ts";
import type { Lease } from "./lease.ts";

/** How long a List may still show access that we took away, in milliseconds. */
export const listLag = 2 * 60 * 1_000;

/**
 * How long after an unanswered creation was sent access that appears may still be its effect, in
 * milliseconds. Beyond that it is taken for somebody else's, and reported.
 */
export const lateEffect = 5 * 60 * 1_000;

/** How much our clock and a service's may differ, in milliseconds. Records have whole seconds. */
export const clockDifference = 2_000;

/** How long a closed lease is kept, in seconds. */
export const closedLeaseLife = 7 * 86_400;

/** How long after access was taken away it is looked for once more, in milliseconds: longer than any creation that nobody knew of takes. */
const lookDelay = 15 * 60 * 1_000;

/** Who locks a lease, and until when at the latest (milliseconds since the epoch). */
export interface LockClaim {
  owner: string;
  until: number;
}

/** A lease that nobody has ever held. */
export const newLease = (key: string, opener: RequestId, access: Access, now: number): Lease => ({
  version: 1,
  key,
  state: "closed",
  standing: false,
  holders: [],
  pending: [],
  unanswered: [],
  closedAt: timestamp(now),
  opener,
  access,
});

/** The lease with the lock taken; undefined while somebody else's has not run out. */
export const lock = (lease: Lease, claim: LockClaim, now: number): Lease | undefined => {
  if (isLocked(lease, now)) return undefined;
  return { ...lease, lock: { owner: claim.owner, until: timestamp(claim.until) } };
};

/** Whether somebody may be changing AWS for this lease right now. */
export const isLocked = (lease: Lease, now: number): boolean =>
  lease.lock !== undefined && milliseconds(lease.lock.until) > now;

/** The lease with the lock given back. */
export const unlock = ({ lock: _, ...lease }: Lease): Lease => lease;

/**
 * Adds a holder. A closed lease is claimed: it is `opening` until standing access is known. A look that is still to be taken stays to be taken when it is closed again: what came back late would pass for standing access, and nobody would ever hear of it.
 */
export const hold = (lease: Lease, holder: RequestId): Lease => {
  switch (lease.state) {
    case "closed": {
      const { closedAt: _, answer: __, ...kept } = lease;
      return {
        ...kept,
        state: "opening",
        standing: false,
        holders: [holder],
        pending: [],
        opener: holder,
      };
    }
    case "opening":
    case "open":
      return lease.holders.includes(holder)
        ? lease
        : { ...lease, holders: [...lease.holders, holder] };
    case "releasing":
      throw new Error(`The lease ${lease.key} is being released and cannot be held.`);
    default:
      return lease.state satisfies never;
  }
};

/** Notes what was found before anything was granted, and the access as who found it knows it. */
export const open = (lease: Lease, standing: boolean, access: Access): Lease => ({
  ...lease,
  state: "open",
  standing,
  access,
});

/** Takes on the access as this holder's request knows it: a way into the account that has just been seen to work. */
export const reached = (lease: Lease, access: Access): Lease =>
  canonicalJson(lease.access) === canonicalJson(access) ? lease : { ...lease, access };

/** Whether access that is seen before anything was granted may be our own of a moment ago, still shown by a List. */
export const mayBeLag = (lease: Lease, now: number): boolean =>
  lease.removedAt !== undefined && now - milliseconds(lease.removedAt) < listLag;

/** Notes an operation that creates access. */
export const remember = (lease: Lease, operation: string): Lease =>
  lease.pending.includes(operation) ? lease : { ...lease, pending: [...lease.pending, operation] };

/** Forgets operations that have come to an end. */
export const forget = (lease: Lease, operation: string): Lease => ({
  ...lease,
  pending: lease.pending.filter((pending) => pending !== operation),
});

/** Notes that a creation is about to be sent. */
export const send = (lease: Lease, sentAt: Timestamp): Lease => ({
  ...lease,
  unanswered: [...lease.unanswered, sentAt],
});

/** Notes the answer to a creation: the id of its operation, or undefined where it had no effect. */
export const settle = (lease: Lease, sentAt: Timestamp, operation: string | undefined): Lease => {
  const index = lease.unanswered.indexOf(sentAt);
  const settled = { ...lease, unanswered: lease.unanswered.filter((_, at) => at !== index) };
  return operation === undefined ? settled : remember(settled, operation);
};

/** Removes a holder. When none is left the release begins in the same write; a lease that was only `opening` has granted nothing and closes at once. */
export const release = (lease: Lease, holder: RequestId, now: number): Lease => {
  const holders = lease.holders.filter((id) => id !== holder);
  const left = { ...lease, holders };
  if (holders.length > 0 || lease.state === "closed" || lease.state === "releasing") return left;
  return lease.state === "opening"
    ? close(left, now, false)
    : { ...left, state: "releasing", releasedAt: timestamp(now) };
};

/**
 * Nothing of ours is left.
 *
 * @param removed whether there was something to take away
 * @param answer what was answered when it was taken away
 */
export const close = (
  lease: Lease,
  now: number,
  removed: boolean,
  answer?: Lease["answer"],
): Lease => ({
  ...lease,
  state: "closed",
  holders: [],
  pending: [],
  closedAt: timestamp(now),
  ...(removed ? { removedAt: timestamp(now), lookAt: timestamp(now + lookDelay) } : {}),
  ...(answer === undefined ? {} : { answer }),
});

/** Whether it is time to look once more for access that was taken away, and nobody has claimed it since. */
export const isToBeLookedAt = ({ state, lookAt }: Lease, now: number): boolean =>
  state === "closed" && lookAt !== undefined && milliseconds(lookAt) <= now;

/**
 * The lease after the re-check: nothing more can happen to it until somebody holds it again.
 *
 * @param removed whether the re-check took access away, which a List may still show
 */
export const looked = ({ lookAt: _, ...lease }: Lease, now: number, removed: boolean): Lease => ({
  ...lease,
  pending: [],
  unanswered: [],
  ...(removed ? { removedAt: timestamp(now) } : {}),
});
