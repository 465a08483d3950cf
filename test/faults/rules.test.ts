import { describe, expect, it } from "vitest";
import type { StoredRequest } from "./observer.ts";
import {
  boundOf,
  brokenByChanges,
  brokenByEvents,
  brokenByRecord,
  isLoud,
  isOver,
  lagOf,
  longestLag,
} from "./rules.ts";

const end = Date.parse("2026-11-20T12:00:00Z");
const at = (seconds: number): string => new Date(end + seconds * 1_000).toISOString();
const history = (...events: string[]) => events.map((event) => ({ event, at: at(-180) }));

const ended: StoredRequest = {
  status: "ended",
  expiresAt: at(0),
  endedAt: at(3),
  errors: [],
  published: 4,
  history: history("request.created", "request.approved", "access.granted", "access.ended"),
};
const withApproval = { approver: "bob" };

describe("a record", () => {
  it("of a request that ended in time breaks nothing", () => {
    expect(lagOf(ended)).toBe(3);
    expect(isOver(ended)).toBe(true);
    expect(brokenByRecord(withApproval, ended)).toEqual([]);
  });

  it("that cannot end is loud once late access is told of", () => {
    const late = [...ended.history, { event: "access.late", at: at(300) }];
    const stuck = { ...ended, status: "deescalating", published: 5, history: late };
    expect(isLoud(stuck)).toBe(true);
    expect(isLoud({ ...stuck, published: 4 })).toBe(false);
    expect(isLoud({ ...stuck, status: "ended" })).toBe(false);
    expect(isLoud({ ...stuck, history: ended.history, published: 4 })).toBe(false);
  });

  it("has more time where a service hangs, or Lists are behind", () => {
    expect(boundOf({}, "late")).toBe(200);
    expect(boundOf({}, "hang")).toBe(260);
    expect(boundOf({ lag: 15_000 }, undefined)).toBe(215);
    const late = { ...ended, endedAt: at(201) };
    expect(brokenByRecord(withApproval, late)).toHaveLength(1);
    expect(brokenByRecord(withApproval, late, 260)).toEqual([]);
  });

  it("is not over while events are to be published", () => {
    expect(isOver({ ...ended, published: 3 })).toBe(false);
  });

  it.each([
    ["late", { endedAt: at(longestLag + 1) }, `(b) gone ${longestLag + 1} s after the end`],
    ["early", { endedAt: at(-1) }, "ended early"],
    [
      "without an approval",
      { history: history("access.granted") },
      "(e) active without an approval",
    ],
    [
      "before its approval",
      { history: history("access.granted", "request.approved") },
      "(e) active without an approval",
    ],
  ])("of one that was %s is broken", (_, change, reason) => {
    expect(brokenByRecord(withApproval, { ...ended, ...change })).toEqual([reason]);
  });

  it("needs no approval where the flow asks for none", () => {
    expect(brokenByRecord({}, { ...ended, history: history("access.granted") })).toEqual([]);
  });

  it("counts from a revocation that came before the expiry", () => {
    const revoked = { ...ended, endRequested: { at: at(-60) }, endedAt: at(-50) };
    expect(lagOf(revoked)).toBe(10);
    expect(brokenByRecord(withApproval, revoked)).toEqual([]);
  });
});

describe("the events", () => {
  const end = { id: "req_1.4", event: "access.ended" };

  it("may tell the end twice under one id", () => {
    expect(brokenByEvents([{ id: "req_1.1", event: "request.created" }, end, end])).toEqual([]);
  });

  it("must tell it, and not under two ids", () => {
    expect(brokenByEvents([])).toHaveLength(1);
    expect(brokenByEvents([end, { id: "req_1.5", event: "request.failed" }])).toHaveLength(1);
  });
});

it("takes every change at Identity Center for one of standing access", () => {
  const call = (service: string, operation: string) => ({
    service,
    operation,
    function: "any",
    outcome: "ok",
  });
  expect(brokenByChanges([call("sso", "ListAccountAssignments"), call("sns", "Publish")])).toEqual(
    [],
  );
  expect(
    brokenByChanges([
      call("sso", "DeleteAccountAssignment"),
      call("identitystore", "CreateGroupMembership"),
    ]),
  ).toHaveLength(2);
});
