import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acme, identityCenter } from "../support/acme.ts";
import { apiClient } from "../support/client.ts";
import { type SandboxProcess, startSandbox, stateFolder } from "../support/sandbox.ts";

describe("approval", () => {
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

  const ask = (name: string, target: string, duration: string) =>
    api.askFor(name, { flow: "prod-access", target, duration });
  const hasReadOnly = (name: string) => people.isAssigned(name, acme.prod, acme.readOnly);

  it("is waited for; then the access is given within five seconds, and ends on time", async () => {
    const asked = await ask("alice", "prod-readonly", "4s");
    expect(asked).toMatchObject({ status: "pending_approval", approvals: [] });
    expect(await hasReadOnly("alice")).toBe(false);

    const approved = await api.act("bob", asked.id, "approve", "Go ahead");
    expect(approved).toMatchObject({
      status: 200,
      body: {
        status: "approved",
        approvals: [
          { decision: "approved", by: { name: "bob@acme.example" }, message: "Go ahead" },
        ],
      },
    });
    const active = await api.until("alice", asked.id, "active", 5_000);
    expect(await hasReadOnly("alice")).toBe(true);
    const ended = await api.until("alice", asked.id, "ended");
    expect(Date.now() - Date.parse(active.expiresAt ?? "")).toBeLessThan(10_000);
    expect(ended.endReason).toBe("expired");
    expect(await hasReadOnly("alice")).toBe(false);
    expect(ended.history.map(({ event }) => event)).toEqual([
      "request.created",
      "request.approved",
      "access.escalating",
      "access.granted",
      "access.deescalating",
      "access.ended",
    ]);
  });

  it("is not given to oneself, nor by somebody who is no approver", async () => {
    const { id } = await ask("alice", "prod-poweruser", "10m");
    expect(await api.act("alice", id, "approve")).toMatchObject({
      status: 403,
      body: { code: "approval.self" },
    });
    expect(await api.act("erin", id, "approve")).toMatchObject({
      status: 404,
      body: { code: "request.not-found" },
    });
    const bobs = await ask("bob", "prod-poweruser", "10m");
    expect(await api.act("bob", bobs.id, "approve")).toMatchObject({
      status: 403,
      body: { code: "approval.self" },
    });
    expect((await api.request("alice", id)).status).toBe("pending_approval");
    await api.act("alice", id, "cancel");
    await api.act("bob", bobs.id, "cancel");
  });

  it("is given once: the same again is fine, another decision or person is not", async () => {
    const { id } = await ask("alice", "prod-poweruser", "10m");
    expect((await api.act("bob", id, "approve")).status).toBe(200);
    expect((await api.act("bob", id, "approve")).status).toBe(200);
    const conflict = { status: 409, body: { code: "request.wrong-state" } };
    expect(await api.act("bob", id, "deny")).toMatchObject(conflict);
    expect(await api.act("carol", id, "approve")).toMatchObject(conflict);
    expect(await api.act("alice", id, "cancel")).toMatchObject(conflict);

    await api.until("alice", id, "active");
    expect(await api.act("bob", id, "approve")).toMatchObject({
      status: 200,
      body: { status: "active", approvals: [{ by: { name: "bob@acme.example" } }] },
    });
    await api.act("bob", id, "revoke");
    const ended = await api.until("alice", id, "ended", 5_000);
    expect(ended.endReason).toBe("revoked");
    expect(await people.isAssigned("alice", acme.prod, acme.powerUser)).toBe(false);
  });

  it("may come as soon as the request was answered", async () => {
    const ids = await Promise.all(
      ["alice", "dave", "erin"].map(async (name) => {
        const { id } = await ask(name, "prod-readonly", "2s");
        expect((await api.act("carol", id, "approve")).status).toBe(200);
        return { name, id };
      }),
    );
    for (const { name, id } of ids) {
      await api.until(name, id, "ended", 30_000);
      expect(await hasReadOnly(name)).toBe(false);
    }
  });

  it("puts somebody into a group, and takes out only whom it put in", async () => {
    const alices = await ask("alice", "oncall", "4s");
    const daves = await ask("dave", "oncall", "2s");
    for (const { id } of [alices, daves]) await api.act("bob", id, "approve");
    await api.until("alice", alices.id, "active");
    expect(await people.isOncall("alice")).toBe(true);
    await api.until("alice", alices.id, "ended");
    await api.until("dave", daves.id, "ended");
    expect(await people.isOncall("alice")).toBe(false);
    expect(await people.isOncall("dave")).toBe(true);
  });

  it("is not needed to end what is being given", async () => {
    const { id } = await api.ask("erin", "10m");
    await api.until("erin", id, "escalating");
    expect((await api.act("erin", id, "revoke")).status).toBe(200);
    const ended = await api.until("erin", id, "ended");
    expect(ended).toMatchObject({ endReason: "released", errors: [] });
    expect(await people.hasStagingReadOnly("erin")).toBe(false);
  });

  it("lets an admin cancel and end, and not decide", async () => {
    const pending = await ask("alice", "prod-readonly", "10m");
    expect((await api.act("carol", pending.id, "cancel", "Not today")).status).toBe(200);
    expect((await api.request("alice", pending.id)).status).toBe("cancelled");

    const { id } = await api.ask("alice", "10m");
    await api.until("alice", id, "active");
    expect(await api.act("carol", id, "approve")).toMatchObject({
      status: 403,
      body: { code: "approval.not-allowed" },
    });
    expect((await api.act("carol", id, "revoke")).status).toBe(200);
    const ended = await api.until("alice", id, "ended", 5_000);
    expect(ended.endReason).toBe("revoked");
  });
});
