import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aConfig, alice, aRequest, bob, carol } from "../testing/index.ts";
import { isListed, newestOf, sourcesOf, type Viewer } from "./list-requests.ts";

const config = aConfig({ admins: { groups: ["admins"] }, auditors: { groups: ["auditors"] } });
const requester: Viewer = { person: alice, groups: new Set(["engineers"]) };
const approver: Viewer = { person: bob, groups: new Set(["engineers", "approvers"]) };
const auditor: Viewer = { person: carol, groups: new Set(["auditors"]) };

describe("where somebody's requests lie", () => {
  it.each([
    ["a requester's: among their own", requester, {}, ["requester user-alice"]],
    ["with a status", requester, { status: "active" }, ["requesterStatus user-alice#active"]],
    ["of a flow", requester, { flow: "production" }, ["requester user-alice"]],
    [
      "an approver's: also in what they decide",
      approver,
      {},
      ["requester user-bob", "flow production"],
    ],
    ["of that flow", approver, { flow: "production" }, ["flow production"]],
    ["of another flow", approver, { flow: "self-service" }, ["requester user-bob"]],
    [
      "of that flow with a status",
      approver,
      { flow: "production", status: "pending_approval" },
      ["flowStatus production#pending_approval"],
    ],
    ["an auditor's: everywhere", auditor, {}, ["all "]],
    ["with a status, everywhere", auditor, { status: "failed" }, ["status failed"]],
    ["of a flow that is no more", auditor, { flow: "removed" }, ["flow removed"]],
    ["of one person", auditor, { requester: alice.id }, ["requester user-alice"]],
  ] as const)("%s", (_, viewer, filter, expected) => {
    const sources = sourcesOf(config, viewer, filter);
    expect(sources.map(({ index, partition }) => `${index} ${partition}`)).toEqual(expected);
  });
});

describe("a request in a list", () => {
  const request = aRequest({ status: "active" });

  it("is seen by those who may read it", () => {
    for (const viewer of [requester, approver, auditor])
      expect(isListed(config, viewer, {}, request)).toBe(true);
    const stranger = { person: carol, groups: new Set(["engineers"]) };
    expect(isListed(config, stranger, {}, request)).toBe(false);
    expect(isListed(config, stranger, { requester: alice.id }, request)).toBe(false);
  });

  it.each([
    [{ status: "active", flow: "production", requester: alice.id }, true],
    [{ status: "ended" }, false],
    [{ flow: "self-service" }, false],
    [{ requester: bob.id }, false],
  ] as const)("passes all of the filter: %o", (filter, expected) => {
    expect(isListed(config, auditor, filter, request)).toBe(expected);
  });
});

describe("merging lists", () => {
  const ids = fc.uniqueArray(fc.integer({ min: 100, max: 180 }).map(String), { maxLength: 40 });
  const lists = fc.array(
    ids.map((list) => list.toSorted().reverse()),
    { maxLength: 6 },
  );
  const everythingIn = (all: readonly string[][]): string[] =>
    [...new Set(all.flat())].toSorted().reverse();

  it("gives the newest of all, each once", () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 50 }), (all, count) => {
        const fetched = all.map((list) => list.slice(0, count));
        expect(newestOf(fetched, count)).toEqual(everythingIn(all).slice(0, count));
      }),
    );
  });

  it("page by page gives everything once, whatever is added meanwhile", () => {
    fc.assert(
      fc.property(
        lists,
        fc.integer({ min: 1, max: 7 }),
        fc.array(fc.integer({ min: 200, max: 299 }).map(String)),
        (all, count, arriving) => {
          const seen: string[] = [];
          for (let before = "999"; ; ) {
            // Something newer than all that is listed comes in with each page.
            const now = arriving[seen.length];
            const lists = [...all, now === undefined ? [] : [now]].map((list) =>
              list.filter((id) => id < before).slice(0, count),
            );
            const page = newestOf(lists, count);
            seen.push(...page);
            if (page.length < count) break;
            before = page.at(-1) ?? "";
          }
          expect(seen.filter((id) => id < "200")).toEqual(everythingIn(all));
          expect(seen).toEqual(seen.toSorted().reverse());
        },
      ),
    );
  });
});
