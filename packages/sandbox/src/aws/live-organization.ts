import type { Store } from "../store.ts";
import type { Organization } from "./organization.ts";

/** The parts of an organisation that can be deleted. */
export type Deletable = "accounts" | "users" | "groups" | "permissionSets";

/** An organisation as it is now: without what was deleted. */
export interface LiveOrganization extends Organization {
  /** @param id the id, or the ARN of a permission set */
  delete(part: Deletable, id: string): void;
  /** Closes an account: it stays in the organisation as suspended. */
  suspend(accountId: string): void;
}

/** The organisation as it began, and what was deleted since; the deletions are in the store. */
export const createLiveOrganization = (store: Store, start: Organization): LiveOrganization => {
  const deleted = store.collection<true>("deleted");
  const suspended = store.collection<true>("suspended-accounts");
  const keyOf = (part: Deletable, id: string): string => `${part}|${id}`;

  const read = (): Pick<Organization, Deletable> => {
    const gone = new Set(deleted.list().map(({ id }) => id));
    const closed = new Set(suspended.list().map(({ id }) => id));
    const isThere = (part: Deletable, id: string): boolean => !gone.has(keyOf(part, id));
    return {
      accounts: start.accounts
        .filter(({ id }) => isThere("accounts", id))
        .map((account) => (closed.has(account.id) ? { ...account, isSuspended: true } : account)),
      users: start.users.filter(({ id }) => isThere("users", id)),
      groups: start.groups.filter(({ id }) => isThere("groups", id)),
      permissionSets: start.permissionSets.filter(({ arn }) => isThere("permissionSets", arn)),
    };
  };
  let now = read();

  return {
    ...start,
    get accounts() {
      return now.accounts;
    },
    get users() {
      return now.users;
    },
    get groups() {
      return now.groups;
    },
    get permissionSets() {
      return now.permissionSets;
    },
    delete: (part, id) => {
      deleted.put(keyOf(part, id), true);
      now = read();
    },
    suspend: (accountId) => {
      suspended.put(accountId, true);
      now = read();
    },
  };
};
