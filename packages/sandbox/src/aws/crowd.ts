import type { Organization, User } from "./organization.ts";

/** How many accounts and people an organisation has beside its own. */
export interface Crowd {
  accounts: number;
  people: number;
}

/** Of either. */
export const largestCrowd = 500;

/** 1, 2, 3 … as text of that many digits. */
const numbered = (count: number, digits: number): string[] =>
  Array.from({ length: count }, (_, index) => String(index + 1).padStart(digits, "0"));

const person = (number: string): User => ({
  id: `c2030000-0000-4000-8000-000000000${number}`,
  userName: `person-${number}@acme.example`,
  displayName: `Person ${number}`,
  givenName: "Person",
  familyName: number,
  email: `person-${number}@acme.example`,
});

/**
 * The organisation with more of everything, to see how Curfew fares under load: accounts 700000000001 … under the root, and people person-001 … who are
 * members of the first group, as an engineer is.
 */
export const withCrowd = (organization: Organization, crowd: Crowd | undefined): Organization => {
  if (crowd === undefined) return organization;
  const accounts = numbered(crowd.accounts, 3).map((number) => ({
    id: `700000000${number}`,
    name: `account-${number}`,
    email: `aws-account-${number}@acme.example`,
    parentId: organization.rootId,
  }));
  const users = numbered(crowd.people, 3).map(person);
  const [group] = organization.groups;
  const memberships = users.flatMap(({ id }) =>
    group === undefined ? [] : [{ groupId: group.id, userId: id }],
  );
  return {
    ...organization,
    accounts: [...organization.accounts, ...accounts],
    users: [...organization.users, ...users],
    memberships: [...organization.memberships, ...memberships],
  };
};
