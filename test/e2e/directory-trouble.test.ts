import { describe, expect, it } from "vitest";
import { useSandbox } from "../support/use-sandbox.ts";

const wish = { flow: "staging-access", target: "staging-readonly", duration: "5m" };

describe("while the directory is down", () => {
  const bench = useSandbox();

  it("lets the requester see and release the access, and tells others to try again", async () => {
    const { api } = bench;
    const id = await api.ask("alice", wish);
    await api.until("alice", id, "active", 30_000);
    await api.addFault({
      service: "identitystore",
      operation: "*",
      error: "internal",
      times: null,
    });
    expect(await api.call("alice", "GET", `/requests/${id}`)).toMatchObject({
      status: 200,
      body: { status: "active" },
    });
    expect((await api.call("carol", "GET", `/requests/${id}`)).status).toBe(503);
    expect((await api.call("carol", "POST", `/requests/${id}/revoke`)).status).toBe(503);
    expect(await api.call("alice", "POST", `/requests/${id}/revoke`)).toMatchObject({
      status: 200,
    });
    const ended = await api.until("alice", id, "ended", 30_000);
    expect(ended.endReason).toBe("released");
  });
});
