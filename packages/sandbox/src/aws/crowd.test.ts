import { expect, it } from "vitest";
import { acme } from "./acme.ts";
import { withCrowd } from "./crowd.ts";

it("adds accounts, and people who are engineers, and leaves the rest as it is", () => {
  const { accounts, users, memberships, ...rest } = withCrowd(acme, { accounts: 2, people: 3 });
  expect(accounts.slice(acme.accounts.length).map(({ id }) => id)).toEqual([
    "700000000001",
    "700000000002",
  ]);
  const people = users.slice(acme.users.length);
  expect(people.map(({ email }) => email)).toEqual([
    "person-001@acme.example",
    "person-002@acme.example",
    "person-003@acme.example",
  ]);
  const [engineers] = acme.groups;
  expect(memberships.slice(acme.memberships.length)).toEqual(
    people.map(({ id }) => ({ groupId: engineers?.id, userId: id })),
  );
  const { accounts: _, users: __, memberships: ___, ...unchanged } = acme;
  expect(rest).toEqual(unchanged);
});

it("is the organisation itself without a crowd", () => {
  expect(withCrowd(acme, undefined)).toBe(acme);
});
