import { describe, expect, it } from "vitest";
import { actorOf } from "../request/person.ts";
import { aLease, alice, aRequest, noon, requestId } from "../testing/index.ts";
import { addSeconds, milliseconds } from "../time.ts";
import { idempotencyKind, intakeKind, leaseKind, requestKind, walkKind } from "./kinds.ts";

describe("requests", () => {
  it("are open until they are over and everything about them is published", () => {
    const ended = aRequest({ status: "ended" });
    expect(requestKind.openSince(ended)).toBeUndefined();
    expect(requestKind.openSince({ ...ended, published: 0 })).toBeDefined();
    expect(requestKind.openSince(aRequest())).toBeDefined();
  });

  it.each([
    ["active: at its end", aRequest({ status: "active" }), addSeconds(noon, 3_600)],
    [
      "revoked: at that moment",
      aRequest({
        status: "active",
        endRequested: { reason: "revoked", by: actorOf(alice), at: addSeconds(noon, 9) },
      }),
      addSeconds(noon, 9),
    ],
    ["pending: when it lapses", aRequest({ status: "pending_approval" }), addSeconds(noon, 86_400)],
    [
      "waiting for its start: then",
      aRequest({ startAt: addSeconds(noon, 7_200) }),
      addSeconds(noon, 7_200),
    ],
    ["approved: at once", aRequest(), noon],
    ["escalating: at once", aRequest({ status: "escalating" }), noon],
    ["deescalating: at its end", aRequest({ status: "deescalating" }), addSeconds(noon, 3_600)],
  ])("come up when they may need something: %s", (_, request, moment) => {
    expect(requestKind.openSince(request)).toBe(moment);
  });

  it.each([
    [
      "is over and has only its events to be published",
      aRequest({ status: "ended", published: 0 }),
    ],
    [
      "is active without a curfew",
      aRequest({ status: "active", scheduled: false, expiresAt: undefined }),
    ],
  ])("come up behind every moment while nothing falls due: it %s", (_, request) => {
    expect(String(requestKind.openSince(request)) > "9999").toBe(true);
  });

  it("are kept for good", () => {
    expect(requestKind.expires).toBeUndefined();
  });

  it("are listed by who asked, by flow and by status, and by both", () => {
    const request = aRequest({ status: "active" });
    const partitions = Object.entries(requestKind.indexes ?? {}).map(([index, partitionOf]) => [
      index,
      partitionOf(request),
    ]);
    expect(Object.fromEntries(partitions)).toEqual({
      all: "",
      status: "active",
      requester: alice.id,
      requesterStatus: `${alice.id}#active`,
      flow: "production",
      flowStatus: "production#active",
    });
  });

  it("are not read where they have become something else", () => {
    expect(() => requestKind.parse({ ...aRequest(), version: 2 })).toThrow();
    expect(requestKind.parse(aRequest())).toEqual(aRequest());
  });
});

/** The same with a key more in each of its objects. */
const asOfLater = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(asOfLater);
  if (typeof value !== "object" || value === null) return value;
  const parts = Object.entries(value).map(([key, part]) => [key, asOfLater(part)]);
  return { ...Object.fromEntries(parts), later: "unknown here" };
};

describe("what a later version has written", () => {
  const waiting = { state: "Wait for expiry", token: "token", enteredAt: noon };
  const request = {
    ...aRequest({ status: "active", waiting }),
    approvals: [{ decision: "approved", by: actorOf(alice), at: noon }],
    schedules: { reserved: 2, current: 2 },
    endRequested: { reason: "released", by: actorOf(alice), at: noon },
  };

  it("is read, and keeps what this one does not know", () => {
    const later = asOfLater(request);
    expect(requestKind.parse(later)).toEqual(later);
  });

  it("is read although something has happened that this one has no name for", () => {
    const [first] = request.history;
    const history = [first, { ...first, seq: 2, event: "request.reviewed" }];
    expect(requestKind.parse({ ...request, history }).history).toEqual(history);
  });

  it("is read in the ledger, too", () => {
    const lock = { owner: "attempt-1", until: noon };
    const later = asOfLater({ ...aLease({ lock }), answer: { errors: [], malformed: false } });
    expect(leaseKind.parse(later)).toEqual(later);
  });

  it("is read wherever else something is kept", () => {
    const intake = { version: 1, id: "intake", closed: true, by: actorOf(alice), at: noon };
    expect(intakeKind.parse(asOfLater(intake))).toEqual(asOfLater(intake));
    const record = { id: "hash", request: requestId(1), body: "hash", expiresAt: noon };
    expect(idempotencyKind.parse(asOfLater(record))).toEqual(asOfLater(record));
    const walk = { version: 1, id: "requests", done: [], overdue: 0 };
    expect(walkKind.parse(asOfLater(walk))).toEqual(asOfLater(walk));
  });
});

describe("leases", () => {
  it("are open until they are closed", () => {
    for (const state of ["opening", "open", "releasing"] as const)
      expect(leaseKind.openSince(aLease({ state }))).toBeDefined();
    expect(leaseKind.openSince(aLease({ state: "closed" }))).toBeUndefined();
  });

  it("stay in view after access was taken away, until it was looked for once more", () => {
    const lookAt = addSeconds(noon, 900);
    expect(leaseKind.openSince(aLease({ state: "closed", lookAt }))).toBe(lookAt);
    expect(leaseKind.openSince(aLease({ state: "open", lookAt }))).not.toBe(lookAt);
  });

  it("come up when their lock runs out, and before all others where there is none", () => {
    const until = addSeconds(noon, 90);
    const locked = leaseKind.openSince(aLease({ lock: { owner: "attempt-1", until } }));
    expect(locked).toBe(until);
    expect(String(leaseKind.openSince(aLease())) < String(locked)).toBe(true);
  });

  it("are kept for seven days after they were closed, and for as long as they are not", () => {
    expect(leaseKind.expires?.(aLease({ state: "closed" }))).toBe(
      milliseconds(noon) / 1_000 + 7 * 86_400,
    );
    expect(leaseKind.expires?.(aLease({ closedAt: noon }))).toBeUndefined();
  });
});

describe("idempotency records", () => {
  const record = { id: "hash", request: requestId(1), body: "hash", expiresAt: noon };

  it("are open to nobody, and may be deleted once they have expired", () => {
    expect(idempotencyKind.openSince(record)).toBeUndefined();
    expect(idempotencyKind.expires?.(record)).toBe(milliseconds(noon) / 1_000);
  });
});
