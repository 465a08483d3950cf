import { describe, expect, it } from "vitest";
import { alice, aRequest } from "../testing/index.ts";
import { requestEnd } from "./lifecycle.ts";
import { actorOf } from "./person.ts";
import { sessionsUntil } from "./sessions-until.ts";

const sessionSeconds = 7_200;

describe("until when sessions may stay open", () => {
  it("is counted from the curfew, wherever an extension has moved it", () => {
    expect(sessionsUntil(aRequest({ status: "active", sessionSeconds }))).toBe(
      "2026-11-20T15:00:00.000Z",
    );
    const extended = { expiresAt: "2026-11-20T18:00:00.000Z", sessionSeconds };
    expect(sessionsUntil(aRequest({ status: "active", ...extended }))).toBe(
      "2026-11-20T20:00:00.000Z",
    );
  });

  it("is counted from when the end was asked for, and then from when the access was seen to be gone", () => {
    const active = aRequest({ status: "active", sessionSeconds });
    const at = "2026-11-20T12:30:00.000Z";
    const revoked = requestEnd({ reason: "revoked", by: actorOf(alice), at })(active) ?? active;
    expect(sessionsUntil(revoked)).toBe("2026-11-20T14:30:00.000Z");
    const ended = { ...revoked, endedAt: "2026-11-20T12:30:09.000Z" };
    expect(sessionsUntil(ended)).toBe("2026-11-20T14:30:09.000Z");
  });

  it("is not known before anything was given, and where nothing is known about sessions", () => {
    expect(sessionsUntil(aRequest({ status: "escalating" }))).toBeUndefined();
    expect(sessionsUntil(aRequest({ status: "active" }))).toBeUndefined();
    expect(sessionsUntil(aRequest({ status: "ended" }))).toBeUndefined();
  });

  it("is not known while nothing says when the access ends", () => {
    const { expiresAt: _, ...endless } = aRequest({ status: "active", sessionSeconds });
    expect(sessionsUntil(endless)).toBeUndefined();
    const ended = { ...endless, endedAt: "2026-11-20T16:00:00.000Z" };
    expect(sessionsUntil(ended)).toBe("2026-11-20T18:00:00.000Z");
  });
});
