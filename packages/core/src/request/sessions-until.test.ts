import { describe, expect, it } from "vitest";
import { alice, aRequest, noon } from "../testing/index.ts";
import { milliseconds } from "../time.ts";
import { requestEnd } from "./lifecycle.ts";
import { actorOf } from "./person.ts";
import { sessionsUntil } from "./sessions-until.ts";

const sessionSeconds = 7_200;
const now = milliseconds(noon);
const hour = 3_600_000;

describe("until when sessions may stay open", () => {
  it("is counted from the curfew, wherever an extension has moved it", () => {
    expect(sessionsUntil(aRequest({ status: "active", sessionSeconds }), now)).toBe(
      "2026-11-20T15:00:00.000Z",
    );
    const extended = { expiresAt: "2026-11-20T18:00:00.000Z", sessionSeconds };
    expect(sessionsUntil(aRequest({ status: "active", ...extended }), now)).toBe(
      "2026-11-20T20:00:00.000Z",
    );
  });

  it("is not known from the end of the access until it is verified gone", () => {
    const active = aRequest({ status: "active", sessionSeconds });
    expect(sessionsUntil(active, now + hour - 1)).toBeDefined();
    expect(sessionsUntil(active, now + hour)).toBeUndefined();
    expect(sessionsUntil({ ...active, status: "deescalating" }, now + hour)).toBeUndefined();
    const at = "2026-11-20T12:30:00.000Z";
    const revoked = requestEnd({ reason: "revoked", by: actorOf(alice), at })(active) ?? active;
    expect(sessionsUntil(revoked, milliseconds(at))).toBeUndefined();
  });

  it.each([undefined, "removed", "gone"] as const)(
    "is counted from when the access was verified gone: %s",
    (fate) => {
      const given = { sessionSeconds, endedAt: "2026-11-20T12:30:09.000Z", ...(fate && { fate }) };
      expect(sessionsUntil(aRequest({ status: "ended", ...given }), now)).toBe(
        "2026-11-20T14:30:09.000Z",
      );
    },
  );

  it.each(["shared", "standing", "never-granted"] as const)(
    "is not known where it is %s",
    (fate) => {
      expect(
        sessionsUntil(aRequest({ status: "ended", sessionSeconds, fate }), now),
      ).toBeUndefined();
    },
  );

  it("is not known before anything was given, and where nothing is known about sessions", () => {
    expect(sessionsUntil(aRequest({ status: "escalating" }), now)).toBeUndefined();
    expect(sessionsUntil(aRequest({ status: "active" }), now)).toBeUndefined();
    expect(sessionsUntil(aRequest({ status: "ended" }), now)).toBeUndefined();
  });

  it("is not known while nothing says when the access ends", () => {
    const { expiresAt: _, ...endless } = aRequest({ status: "active", sessionSeconds });
    expect(sessionsUntil(endless, now)).toBeUndefined();
    const ended = { ...endless, status: "ended" as const, endedAt: "2026-11-20T16:00:00.000Z" };
    expect(sessionsUntil(ended, now)).toBe("2026-11-20T18:00:00.000Z");
  });
});
