import { describe, expect, it } from "vitest";
import { between, revocationTime } from "../support/client.ts";
import { waitFor } from "../support/sandbox.ts";
import { useSandbox } from "../support/use-sandbox.ts";

describe("one request", () => {
  const bench = useSandbox();

  const hourAfter = (at: string | null): string =>
    new Date(Date.parse(at ?? "") + 3_600_000).toISOString();

  it.concurrent("grants, ends at its curfew, and tells its history and everybody who listens", async () => {
    const asked = await bench.api.ask("alice", "8s");
    expect(asked.status).toBe("approved");

    const active = await bench.api.until("alice", asked.id, "active");
    expect(await bench.people.hasStagingReadOnly("alice")).toBe(true);
    expect(between(active.activatedAt, active.expiresAt)).toBe(8_000);

    const ended = await bench.api.until("alice", asked.id, "ended");
    expect(between(ended.expiresAt, ended.endedAt)).toBeLessThan(10_000);
    // ReadOnly's sessions last an hour.
    expect(hourAfter(active.expiresAt)).toBe(active.sessionsUntil);
    expect(hourAfter(ended.endedAt)).toBe(ended.sessionsUntil);
    expect(ended.endReason).toBe("expired");
    expect(await bench.people.hasStagingReadOnly("alice")).toBe(false);
    const events = [
      "request.created",
      "access.escalating",
      "access.granted",
      "access.deescalating",
      "access.ended",
    ];
    expect(ended.history.map(({ event }) => event)).toEqual(events);

    await waitFor("the inbox", 5_000, async () => {
      const told = (await bench.api.inbox()).filter(({ message }) =>
        message.id.startsWith(asked.id),
      );
      return events.every((event) => told.some(({ message }) => message.event === event));
    });
  });

  it.concurrent("leaves what a person had before", async () => {
    expect(await bench.people.hasStagingReadOnly("dave")).toBe(true);
    const { id } = await bench.api.ask("dave", "2s");
    const ended = await bench.api.until("dave", id, "ended");
    expect(ended.sessionsUntil).toBeNull();
    expect(await bench.people.hasStagingReadOnly("dave")).toBe(true);
  });

  it.concurrent("ends the access of two overlapping requests when the later one ends", async () => {
    const first = await bench.api.ask("erin", "3s");
    const second = await bench.api.ask("erin", "12s");
    await bench.api.until("erin", second.id, "active");
    await bench.api.until("erin", first.id, "ended");
    expect(await bench.people.hasStagingReadOnly("erin")).toBe(true);
    await bench.api.until("erin", second.id, "ended", 25_000);
    expect(await bench.people.hasStagingReadOnly("erin")).toBe(false);
  });

  it("ends within five seconds of a revoke", async () => {
    const { id } = await bench.api.ask("bob", "10m");
    await bench.api.until("bob", id, "active");
    const revoked = await bench.api.call("bob", "POST", `/requests/${id}/revoke`);
    expect(revoked.status).toBe(200);
    const ended = await bench.api.until("bob", id, "ended");
    expect(revocationTime(ended)).toBeLessThan(5_000);
    expect(ended.endReason).toBe("released");
    expect(await bench.people.hasStagingReadOnly("bob")).toBe(false);
    const again = await bench.api.call("bob", "POST", `/requests/${id}/revoke`);
    expect(again.status).toBe(200);
  });

  it("answers the same request for the same idempotency key and body, and 409 for another body", async () => {
    const body = {
      flow: "staging-access",
      target: "staging-readonly",
      duration: "2s",
      reason: "once",
    };
    const headers = { "idempotency-key": "one-and-the-same" };
    const [first, second] = await Promise.all([
      bench.api.call("carol", "POST", "/requests", body, headers),
      bench.api.call("carol", "POST", "/requests", body, headers),
    ]);
    expect(first.status).toBe(202);
    expect(second.status).toBe(202);
    expect(second.headers.get("location")).toBe(first.headers.get("location"));
    const other = await bench.api.call(
      "carol",
      "POST",
      "/requests",
      { ...body, duration: "3s" },
      headers,
    );
    expect(other).toMatchObject({ status: 409, body: { code: "idempotency.mismatch" } });
  });

  it("shows a request to nobody whom it does not concern", async () => {
    const { id } = await bench.api.ask("alice", "1s");
    const seen = await bench.api.call("bob", "GET", `/requests/${id}`);
    expect(seen).toMatchObject({ status: 404, body: { code: "request.not-found" } });
    const revoked = await bench.api.call("bob", "POST", `/requests/${id}/revoke`);
    expect(revoked.status).toBe(404);
  });
});
