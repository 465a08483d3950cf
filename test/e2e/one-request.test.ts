import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { identityCenter } from "../support/acme.ts";
import { apiClient } from "../support/client.ts";
import { type SandboxProcess, startSandbox, stateFolder, waitFor } from "../support/sandbox.ts";

describe("one request", () => {
  let folder: Awaited<ReturnType<typeof stateFolder>>;
  let sandbox: SandboxProcess;
  let api: ReturnType<typeof apiClient>;
  let people: ReturnType<typeof identityCenter>;

  beforeAll(async () => {
    folder = await stateFolder();
    sandbox = await startSandbox(folder.path);
    api = apiClient(sandbox.apiUrl);
    people = identityCenter(sandbox.awsUrl);
  });

  afterAll(async () => {
    await sandbox?.stop();
    await folder?.remove();
  });

  const late = (expiresAt: string | null): number => Date.now() - Date.parse(expiresAt ?? "");

  it("grants, ends at its curfew, and tells its history and everybody who listens", async () => {
    const asked = await api.ask("alice", "5s");
    expect(asked.status).toBe("approved");

    const active = await api.until("alice", asked.id, "active");
    expect(await people.hasStagingReadOnly("alice")).toBe(true);
    expect(Date.parse(active.expiresAt ?? "") - Date.parse(active.activatedAt ?? "")).toBe(5_000);

    const ended = await api.until("alice", asked.id, "ended");
    expect(late(ended.expiresAt)).toBeLessThan(10_000);
    expect(ended.endReason).toBe("expired");
    expect(await people.hasStagingReadOnly("alice")).toBe(false);
    const events = [
      "request.created",
      "access.escalating",
      "access.granted",
      "access.deescalating",
      "access.ended",
    ];
    expect(ended.history.map(({ event }) => event)).toEqual(events);

    await waitFor("the inbox", 5_000, async () => {
      const told = (await api.inbox()).filter(({ message }) => message.id.startsWith(asked.id));
      return events.every((event) => told.some(({ message }) => message.event === event));
    });
  });

  it("ends within five seconds of a revoke", async () => {
    const { id } = await api.ask("bob", "10m");
    await api.until("bob", id, "active");
    const revoked = await api.call("bob", "POST", `/requests/${id}/revoke`);
    expect(revoked.status).toBe(200);
    const ended = await api.until("bob", id, "ended", 5_000);
    expect(ended.endReason).toBe("released");
    expect(await people.hasStagingReadOnly("bob")).toBe(false);
    const again = await api.call("bob", "POST", `/requests/${id}/revoke`);
    expect(again.status).toBe(200);
  });

  it("leaves what a person had before", async () => {
    expect(await people.hasStagingReadOnly("dave")).toBe(true);
    const { id } = await api.ask("dave", "2s");
    await api.until("dave", id, "ended");
    expect(await people.hasStagingReadOnly("dave")).toBe(true);
  });

  it("ends the access of two overlapping requests when the later one ends", async () => {
    const first = await api.ask("erin", "3s");
    const second = await api.ask("erin", "9s");
    await api.until("erin", second.id, "active");
    await api.until("erin", first.id, "ended");
    expect(await people.hasStagingReadOnly("erin")).toBe(true);
    await api.until("erin", second.id, "ended");
    expect(await people.hasStagingReadOnly("erin")).toBe(false);
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
      api.call("carol", "POST", "/requests", body, headers),
      api.call("carol", "POST", "/requests", body, headers),
    ]);
    expect(first.status).toBe(202);
    expect(second.status).toBe(202);
    expect(second.headers.get("location")).toBe(first.headers.get("location"));
    const other = await api.call(
      "carol",
      "POST",
      "/requests",
      { ...body, duration: "3s" },
      headers,
    );
    expect(other).toMatchObject({ status: 409, body: { code: "idempotency.mismatch" } });
  });

  it("shows a request to nobody whom it does not concern", async () => {
    const { id } = await api.ask("alice", "1s");
    const seen = await api.call("bob", "GET", `/requests/${id}`);
    expect(seen).toMatchObject({ status: 404, body: { code: "request.not-found" } });
    const revoked = await api.call("bob", "POST", `/requests/${id}/revoke`);
    expect(revoked.status).toBe(404);
  });
});
