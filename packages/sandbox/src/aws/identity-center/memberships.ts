import { createHash, randomUUID } from "node:crypto";
import type { Store } from "../../store.ts";
import type { Organization } from "../organization.ts";
import { seedOnce } from "../seed.ts";

/** A user in a group of the identity store. */
export interface Membership {
  /** UUID. */
  id: string;
  groupId: string;
  userId: string;
}

export interface Memberships {
  get(id: string): Membership | undefined;
  find(groupId: string, userId: string): Membership | undefined;
  ofGroup(groupId: string): Membership[];
  ofUser(userId: string): Membership[];
  add(groupId: string, userId: string): Membership;
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

/** The memberships of the identity store; changes are seen at once, as with the real one. */
export const createMemberships = (deps: {
  store: Store;
  organization: Organization;
}): Memberships => {
  const stored = deps.store.collection<Membership>("memberships");

  seedOnce(deps.store, "memberships", () => {
    for (const { groupId, userId } of deps.organization.memberships) {
      const id = fixedId(groupId, userId);
      stored.put(id, { id, groupId, userId });
    }
  });

  const all = (): Membership[] => stored.list().map(({ document }) => document);

  return {
    get: (id) => stored.get(id),
    find: (groupId, userId) => all().find((it) => it.groupId === groupId && it.userId === userId),
    ofGroup: (groupId) => all().filter((it) => it.groupId === groupId),
    ofUser: (userId) => all().filter((it) => it.userId === userId),
    add: (groupId, userId) => {
      const membership = { id: randomUUID(), groupId, userId };
      stored.put(membership.id, membership);
      return membership;
    },
    remove: (id) => stored.delete(id),
  };
};
