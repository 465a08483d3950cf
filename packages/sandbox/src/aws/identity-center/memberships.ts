import { createHash, randomUUID } from "node:crypto";
import type { Clock } from "../../clock.ts";
import { longestLag } from "../../faults/fault.ts";
import type { Store } from "../../store.ts";
import type { Organization } from "../organization.ts";
import { seedOnce } from "../seed.ts";

/** A user in a group of the identity store. */
export interface Membership {
  /** UUID. */
  id: string;
  groupId: string;
  userId: string;
  /** Milliseconds since the epoch; undefined for one that was there before the sandbox. */
  createdAt?: number;
  /** The ARN of the caller who created it. */
  createdBy?: string;
  /**
   * Set when it was deleted, in milliseconds since the epoch: only a look-up that lags shows it.
   */
  deletedAt?: number;
}

/**
 * A `lag` is in milliseconds: the answer is the one that the store would have given so long ago.
 */
export interface Memberships {
  get(id: string, lag?: number): Membership | undefined;
  find(groupId: string, userId: string, lag?: number): Membership | undefined;
  ofGroup(groupId: string, lag?: number): Membership[];
  ofUser(userId: string, lag?: number): Membership[];
  /** @param createdBy the caller's ARN */
  add(groupId: string, userId: string, createdBy: string): Membership;
  remove(id: string): void;
}

/** A UUID that is the same in every state directory, for what is seeded. */
const fixedId = (...parts: string[]): string => {
  const hex = createHash("sha256").update(parts.join("|")).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
};

/** The memberships of the identity store. Changes are seen at once, but by a look-up that lags. */
export const createMemberships = (deps: {
  store: Store;
  clock: Pick<Clock, "now">;
  organization: Organization;
}): Memberships => {
  const { clock } = deps;
  const stored = deps.store.collection<Membership>("memberships");

  seedOnce(deps.store, "memberships", () => {
    for (const { groupId, userId } of deps.organization.memberships) {
      const id = fixedId(groupId, userId);
      stored.put(id, { id, groupId, userId });
    }
  });

  const wasThere = ({ createdAt = 0, deletedAt }: Membership, moment: number): boolean =>
    createdAt <= moment && (deletedAt === undefined || deletedAt > moment);

  const all = (lag = 0): Membership[] => {
    const moment = clock.now() - lag;
    return stored
      .list()
      .map(({ document }) => document)
      .filter((it) => wasThere(it, moment));
  };

  /** No look-up lags by more than that. */
  const forgetOld = (): void => {
    for (const { id, document } of stored.list()) {
      const { deletedAt } = document;
      if (deletedAt !== undefined && deletedAt <= clock.now() - longestLag) stored.delete(id);
    }
  };

  return {
    get: (id, lag) => all(lag).find((it) => it.id === id),
    find: (groupId, userId, lag) =>
      all(lag).find((it) => it.groupId === groupId && it.userId === userId),
    ofGroup: (groupId, lag) => all(lag).filter((it) => it.groupId === groupId),
    ofUser: (userId, lag) => all(lag).filter((it) => it.userId === userId),
    add: (groupId, userId, createdBy) => {
      const createdAt = clock.now();
      const membership = { id: randomUUID(), groupId, userId, createdAt, createdBy };
      stored.put(membership.id, membership);
      return membership;
    },
    remove: (id) => {
      const found = stored.get(id);
      if (found !== undefined) stored.put(id, { ...found, deletedAt: clock.now() });
      forgetOld();
    },
  };
};
