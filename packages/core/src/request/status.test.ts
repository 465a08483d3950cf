import { describe, expect, it } from "vitest";
import { isTerminal, mayFollow, RequestStatus } from "./status.ts";

/** The statuses of docs and design, written down a second time on purpose. */
const allowed = new Set([
  "pending_approval → approved",
  "pending_approval → denied",
  "pending_approval → cancelled",
  "pending_approval → lapsed",
  "approved → escalating",
  "approved → deescalating",
  "approved → failed",
  "approved → ended",
  "escalating → active",
  "escalating → deescalating",
  "active → deescalating",
  "deescalating → ended",
  "deescalating → failed",
]);

const pairs = RequestStatus.options.flatMap((from) =>
  RequestStatus.options.map((to) => ({ from, to })),
);

describe("the table of statuses", () => {
  it.each(pairs)("says whether $to may follow $from", ({ from, to }) => {
    expect(mayFollow(from, to)).toBe(allowed.has(`${from} → ${to}`));
  });

  it("knows which statuses are the end", () => {
    expect(RequestStatus.options.filter(isTerminal)).toEqual([
      "denied",
      "cancelled",
      "lapsed",
      "ended",
      "failed",
    ]);
  });

  it("leaves no way from granted access to the end but through deescalating", () => {
    const ends = RequestStatus.options.filter(isTerminal);
    for (const granted of ["escalating", "active"] as const)
      expect(ends.filter((end) => mayFollow(granted, end))).toEqual([]);
  });
});
