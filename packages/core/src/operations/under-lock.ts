import { WorkflowError, workflowErrors } from "../errors/workflow-errors.ts";
import type { Lease } from "../lease/lease.ts";
import { type LockClaim, lock, unlock } from "../lease/ledger.ts";
import type { Documents, Stored } from "../ports/documents.ts";
import type { Ports } from "../ports/index.ts";
import type { Strategy } from "../ports/strategy.ts";
import type { Access } from "../request/access.ts";

/** One Lambda invocation, as far as changing AWS is concerned. */
export interface Invocation {
  /** When Lambda ends it, in milliseconds since the epoch. */
  deadline: number;
}

/** The invocation with no more time than the strategy needs for an attempt. */
export const withinPatience = (
  { clock }: Pick<Ports, "clock">,
  strategy: Strategy,
  access: Access,
  invocation: Invocation,
): Invocation => {
  const patience = strategy.patience?.(access);
  if (patience === undefined) return invocation;
  return { deadline: Math.min(invocation.deadline, clock.now() + patience) };
};

/** A lease whose lock is held by this invocation. */
export interface LockedLease {
  /** As it is stored, and what is noted on top of that. */
  readonly current: Lease;
  /** Writes the changed lease on condition that the lock is still ours. Throws WorkflowError `LeaseBusy` if it is not. */
  write(change: (lease: Lease) => Lease): Promise<void>;
  /** Changes the lease, but leaves it to the next write to store that: one call less. */
  note(change: (lease: Lease) => Lease): void;
  /**
   * Whether a changing call of this invocation may still take effect although nobody waits for its
   * answer. The lock is not given back then.
   */
  inDoubt: boolean;
  /** Stores what is noted, if anything is. What could not be stored stays noted: nobody may go on as if it were not to be stored. */
  flush(): Promise<void>;
}

/** The lease to lock. */
export interface Wanted {
  key: string;
  /** What to lock where no such lease exists; without it, nothing is done then. */
  fresh?: Lease;
  /** What a look at it found a moment ago: then the first look is saved. */
  seen?: { stored: Stored<Lease> | undefined };
}

/** A mutator's lock outlives its invocation by this much, in milliseconds: Lambda ends the mutator before its lock ends. */
const lockMargin = 30_000;

/** Mutating calls are not begun in the last part of an invocation, in milliseconds: their answer would come to nobody. */
export const changeMargin = 10_000;

/** How long to wait for somebody else's lock before leaving it to the workflow's retry, in milliseconds. */
const lockPatience = 4_000;
/** How often to look whether it is free, in milliseconds: less and less, for where many want one lease most of them wait long. */
const firstLockPause = 250;
const longestLockPause = 1_000;

type Deps = Pick<Ports, "leases" | "clock" | "ids" | "log">;

/**
 * Runs `work` as the only one who may change AWS for this lease. The lock ends with the work. If this
 * invocation dies, or a changing call gets no answer, it ends 30 seconds after Lambda has ended the
 * invocation: at least 40 seconds after the call was sent.
 *
 * @returns undefined where there is no lease to lock
 * @throws WorkflowError `LeaseBusy` if another invocation holds the lock
 */
export const underLock = async <T>(
  deps: Deps,
  wanted: Wanted,
  invocation: Invocation,
  work: (lease: LockedLease) => Promise<T>,
): Promise<T | undefined> => {
  const claim = { owner: deps.ids.attempt(), until: invocation.deadline + lockMargin };
  const taken = await take(deps, wanted, claim);
  if (taken === undefined) return undefined;
  const lease = lockedLease(deps.leases, taken);
  try {
    return await work(lease);
  } finally {
    await giveBack(deps, lease);
  }
};

const take = async (
  { leases, clock }: Deps,
  { key, fresh, seen }: Wanted,
  claim: LockClaim,
): Promise<Stored<Lease> | undefined> => {
  const giveUp = clock.now() + lockPatience;
  let look = seen;
  for (let pause = firstLockPause; ; pause = Math.min(pause * 1.5, longestLockPause)) {
    const { stored } = look ?? { stored: await leases.get(key) };
    look = undefined;
    const lease = stored?.document ?? fresh;
    if (lease === undefined) return undefined;
    // The answer to our own write was lost.
    if (stored && lease.lock?.owner === claim.owner) return stored;
    const locked = lock(lease, claim, clock.now());
    const taken = locked && (await leases.put(locked, stored));
    if (taken) return taken;
    const left = giveUp - clock.now();
    if (left <= 0) throw new WorkflowError(workflowErrors.leaseBusy, `The lease ${key} is locked.`);
    await clock.sleep(Math.min(pause, left));
  }
};

const lockedLease = (leases: Documents<Lease>, taken: Stored<Lease>): LockedLease => {
  let stored = taken;
  let current = taken.document;
  const flush = async (): Promise<void> => {
    if (current === stored.document) return;
    // While the lock is ours nobody else writes, so a stale revision means that the lock ran out and was taken.
    const written = await leases.put(current, stored);
    if (written === undefined)
      throw new WorkflowError(workflowErrors.leaseBusy, `The lock of ${current.key} was lost.`);
    stored = written;
    current = written.document;
  };
  const note = (change: (lease: Lease) => Lease): void => {
    current = change(current);
  };
  return {
    inDoubt: false,
    get current() {
      return current;
    },
    write: async (change) => {
      note(change);
      await flush();
    },
    note,
    flush,
  };
};

/**
 * Gives the lock back, if it is still ours and no changing call may still take effect. Otherwise the
 * lock runs out, so a failure to give it back is no failure of the work.
 */
const giveBack = async ({ log }: Deps, lease: LockedLease): Promise<void> => {
  const { key } = lease.current;
  try {
    if (lease.inDoubt) {
      log.warn("A changing call got no answer; the lock runs out by itself.", { lease: key });
      await lease.flush();
    } else if (lease.current.lock !== undefined) await lease.write(unlock);
  } catch (error) {
    log.warn("A lock could not be given back; it runs out by itself.", { lease: key, error });
  }
};
