import { describe, expect, it } from "vitest";
import { aRequest, noon } from "../testing/index.ts";
import { addSeconds, milliseconds } from "../time.ts";
import { failAttempt, mostStuckReports, noteFailure, reportLateness } from "./lateness.ts";
import type { Request } from "./request.ts";

const start = milliseconds(noon);
const [minute, hour, day] = [60, 3_600, 86_400];
const deescalating = aRequest({ status: "deescalating", expiresAt: noon });
const denied = {
  error: "AccessDeniedException: An operation failed. Its message is kept for the operators.",
  detail: "AccessDeniedException: arn:aws:sts::111111111111:assumed-role/x may not",
};
const busy = { error: "LeaseBusy: The same access is being changed.", detail: "LeaseBusy: locked" };

/** The events that are recorded when lateness is reported at each of these moments, in seconds after the end. */
const eventsAt = (moments: readonly number[], from: Request = deescalating): string[] => {
  const last = moments.reduce(
    (request, seconds) => reportLateness(start + seconds * 1_000)(request) ?? request,
    from,
  );
  return last.history.slice(from.history.length).map(({ event }) => event);
};

describe("lateness", () => {
  it("is reported from five minutes on, and as stuck from an hour on", () => {
    expect(eventsAt([299])).toEqual([]);
    expect(eventsAt([300])).toEqual(["access.late"]);
    expect(eventsAt([3_599])).toEqual(["access.late"]);
    expect(eventsAt([3_600])).toEqual(["access.stuck"]);
  });

  it("is reported once as late, and then daily as stuck while it lasts", () => {
    const everyFiveMinutes = (until: number): number[] =>
      Array.from({ length: until / 300 }, (_, index) => (index + 1) * 300);
    expect(eventsAt(everyFiveMinutes(hour + 3 * day))).toEqual([
      "access.late",
      ...Array<string>(4).fill("access.stuck"),
    ]);
    expect(eventsAt(everyFiveMinutes(hour + day - 300))).toEqual(["access.late", "access.stuck"]);
  });

  it("is reported 31 times as stuck, so that the history fits into an item", () => {
    const daily = Array.from({ length: 400 }, (_, index) => (index + 1) * day);
    expect(eventsAt(daily)).toHaveLength(mostStuckReports);
    expect(mostStuckReports).toBe(31);
  });

  it("is none of what has time, of what is over, and of what waits for its start", () => {
    const later = addSeconds(noon, 2 * hour);
    expect(eventsAt([hour], aRequest({ status: "active", expiresAt: later }))).toEqual([]);
    expect(eventsAt([hour], aRequest({ status: "ended", expiresAt: noon }))).toEqual([]);
    expect(eventsAt([hour], aRequest({ startAt: later }))).toEqual([]);
  });

  it("says that no attempt has failed, where none has", () => {
    const late = reportLateness(start + 5 * minute * 1_000)(deescalating);
    expect(late?.history.at(-1)?.errors).toEqual([expect.stringMatching(/^No attempt /)]);
    expect(late?.history.at(-1)).not.toHaveProperty("details");
  });

  it("tells people and operators the last failure, whoever reports it", () => {
    const noted = noteFailure(start + 1_000, denied)(deescalating) ?? deescalating;
    const late = reportLateness(start + 5 * minute * 1_000)(noted);
    expect(late?.history.at(-1)).toMatchObject({
      errors: [denied.error],
      details: [denied.detail],
    });
  });
});

describe("the last failure", () => {
  const noted = noteFailure(start, denied)(deescalating) ?? deescalating;
  const notedAfter = (seconds: number, failure: typeof denied) =>
    noteFailure(start + seconds * 1_000, failure)(noted)?.lastFailure;

  it("is stored with its time, and not again while it stays the same", () => {
    expect(noted.lastFailure).toEqual({ ...denied, at: noon });
    expect(noted.history).toEqual(deescalating.history);
    expect(notedAfter(day, denied)).toBeUndefined();
  });

  it("gives way to another reason at once", () => {
    const other = { error: "AWS:ASSUME_ROLE_FAILED: …", detail: "…" };
    expect(notedAfter(1, other)).toMatchObject(other);
  });

  it.each([
    ["contention", busy],
    ["other words for the same reason", { ...denied, detail: "AccessDeniedException: 2nd" }],
  ])(
    "gives way to %s after ten minutes only, so that it is not written at every attempt",
    (_, failure) => {
      expect(notedAfter(599, failure)).toBeUndefined();
      expect(notedAfter(600, failure)).toMatchObject(failure);
    },
  );

  it("is none before the end has come", () => {
    expect(noteFailure(start, denied)(aRequest())).toBeUndefined();
    expect(noteFailure(start, denied)(aRequest({ status: "active" }))).toBeUndefined();
    expect(noteFailure(start, denied)(aRequest({ status: "ended" }))).toBeUndefined();
  });

  it("is stored and reported in one write", () => {
    const late = failAttempt(start + 5 * minute * 1_000, denied)(deescalating);
    expect(late?.lastFailure?.error).toBe(denied.error);
    expect(late?.history.at(-1)).toMatchObject({ event: "access.late", errors: [denied.error] });
    const early = failAttempt(start, denied)(deescalating);
    expect(early?.history).toEqual(deescalating.history);
    expect(early && failAttempt(start, denied)(early)).toBeUndefined();
  });
});
