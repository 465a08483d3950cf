import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../errors/codes.ts";
import { CurfewError } from "../errors/curfew-error.ts";
import type { Person } from "../request/person.ts";
import type { Request } from "../request/request.ts";
import { RequestStatus } from "../request/status.ts";
import { aConfig, alice, aRequest, aWorld, requestId, type World } from "../testing/index.ts";
import { cancelRequest } from "./cancel-request.ts";
import { approveRequest, denyRequest } from "./decide-approval.ts";
import { extendRequest } from "./extend-request.ts";
import { readRequestAs } from "./read-request.ts";
import { revokeRequest } from "./revoke-request.ts";

/*
 * Who may do what to a request, and in which statuses: the whole of it, tried in every combination.
 */

const id = requestId(1);
const id404 = "request.not-found";
const id403 = "request.not-allowed";
const self = "approval.self";
const noApprover = "approval.not-allowed";
const names = ["see", "approve", "deny", "cancel", "revoke", "extend"] as const;
type Operation = (typeof names)[number];
type Right = "yes" | ErrorCode;

/** One person per role, named like it; `groups` are those that person is in. */
const roles: Record<string, { groups: string[]; rights: Record<Operation, Right> }> = {
  requester: {
    groups: ["engineers"],
    rights: { see: "yes", approve: self, deny: self, cancel: "yes", revoke: "yes", extend: "yes" },
  },
  "requester who approves others": {
    groups: ["engineers", "approvers"],
    rights: { see: "yes", approve: self, deny: self, cancel: "yes", revoke: "yes", extend: "yes" },
  },
  "requester who is an admin": {
    groups: ["engineers", "admins"],
    rights: { see: "yes", approve: self, deny: self, cancel: "yes", revoke: "yes", extend: "yes" },
  },
  approver: {
    groups: ["approvers"],
    rights: {
      see: "yes",
      approve: "yes",
      deny: "yes",
      cancel: id403,
      revoke: "yes",
      extend: id403,
    },
  },
  admin: {
    groups: ["admins"],
    rights: {
      see: "yes",
      approve: noApprover,
      deny: noApprover,
      cancel: "yes",
      revoke: "yes",
      extend: id403,
    },
  },
  auditor: {
    groups: ["auditors"],
    rights: {
      see: "yes",
      approve: noApprover,
      deny: noApprover,
      cancel: id403,
      revoke: id403,
      extend: id403,
    },
  },
  engineer: {
    groups: ["engineers"],
    rights: {
      see: id404,
      approve: id404,
      deny: id404,
      cancel: id404,
      revoke: id404,
      extend: id404,
    },
  },
  "approver of another flow": {
    groups: ["others"],
    rights: {
      see: id404,
      approve: id404,
      deny: id404,
      cancel: id404,
      revoke: id404,
      extend: id404,
    },
  },
};

/** In which statuses an operation finds something to do. */
const statuses: Record<Operation, readonly RequestStatus[]> = {
  see: RequestStatus.options,
  approve: ["pending_approval"],
  deny: ["pending_approval"],
  cancel: ["pending_approval", "approved"],
  revoke: ["approved", "escalating", "active"],
  extend: ["active"],
};

const config = aConfig({ admins: { groups: ["admins"] }, auditors: { groups: ["auditors"] } });

const operations: Record<
  Operation,
  (world: World, person: Person, to?: typeof config) => Promise<unknown>
> = {
  see: ({ ports }, person, to = config) => readRequestAs(ports, to, person, id),
  approve: ({ ports }, person, to = config) => approveRequest(ports, to, person, id),
  deny: ({ ports }, person, to = config) => denyRequest(ports, to, person, id),
  cancel: ({ ports }, person, to = config) => cancelRequest(ports, to, person, id),
  revoke: ({ ports }, person, to = config) => revokeRequest(ports, to, person, id),
  extend: ({ ports }, person, to = config) =>
    extendRequest(ports, to, person, id, { duration: "2h" }),
};

/** What the operation comes to: `yes`, or the code of its error. */
const outcomeOf = async (work: Promise<unknown>): Promise<Right> => {
  try {
    await work;
    return "yes";
  } catch (error) {
    if (error instanceof CurfewError) return error.code;
    throw error;
  }
};

const personFor = (role: string): Person =>
  role.startsWith("requester") ? alice : { id: `user-${role}`, email: `${role}@acme.example` };

const worldFor = async (role: string, request: Partial<Request>): Promise<World> => {
  const { id: member } = personFor(role);
  const groups = roles[role]?.groups.map((group) => [group, [member]]) ?? [];
  const world = aWorld({ config, groups: Object.fromEntries(groups) });
  await world.store({ requests: [aRequest(request)] });
  return world;
};

const cases = Object.entries(roles).flatMap(([role, { rights }]) =>
  names.map((name) => ({
    role,
    name,
    operation: operations[name],
    right: rights[name],
    when: statuses[name],
  })),
);

describe("who may do what, when", () => {
  describe.each(cases)("$name as $role", ({ role, operation, right, when }) => {
    it.each(RequestStatus.options)("a request that is %s", async (status) => {
      const world = await worldFor(role, { status });
      const before = world.request();
      const inTime: Right = when.includes(status) ? "yes" : "request.wrong-state";
      const expected = right === "yes" ? inTime : right;
      expect(await outcomeOf(operation(world, personFor(role)))).toBe(expected);
      if (expected !== "yes") expect(world.request()).toEqual(before);
    });
  });
});

describe("a flow that lets approvers decide on their own requests", () => {
  const { production } = config.flows;
  if (production === undefined) throw new Error("There is no flow production.");
  const lenient = { ...config, flows: { production: { ...production, allowSelfApproval: true } } };

  it.each([
    ["requester who approves others", "approve", "yes"],
    ["requester who approves others", "deny", "yes"],
    ["requester", "approve", noApprover],
    ["requester who is an admin", "approve", noApprover],
    ["approver", "approve", "yes"],
  ] as const)("answers a %s who wants to %s: %s", async (role, operation, expected) => {
    const world = await worldFor(role, { status: "pending_approval" });
    expect(await outcomeOf(operations[operation](world, personFor(role), lenient))).toBe(expected);
  });
});

describe("a flow that is configured no more", () => {
  const gone = { ...config, flows: {} };

  it.each([
    ["approver", "approve", id404],
    ["admin", "see", "yes"],
    ["admin", "approve", noApprover],
    ["admin", "cancel", "yes"],
    ["requester", "cancel", "yes"],
  ] as const)("answers a %s who wants to %s: %s", async (role, operation, expected) => {
    const world = await worldFor(role, { status: "pending_approval" });
    expect(await outcomeOf(operations[operation](world, personFor(role), gone))).toBe(expected);
  });

  it("lets the requester and admins end its access all the same", async () => {
    for (const role of ["requester", "admin"]) {
      const world = await worldFor(role, { status: "active" });
      expect(await outcomeOf(operations.revoke(world, personFor(role), gone))).toBe("yes");
    }
  });
});
