import { describe, expect, it } from "vitest";
import { acme } from "../support/acme.ts";
import { between, revocationTime } from "../support/client.ts";
import { useSandbox } from "../support/use-sandbox.ts";

describe("approval", () => {
  const bench = useSandbox();

  const ask = (name: string, target: string, duration: string) =>
    bench.api.askFor(name, { flow: "prod-access", target, duration });
  const hasReadOnly = (name: string) => bench.people.isAssigned(name, acme.prod, acme.readOnly);

  it("is waited for; then the access is given within five seconds, and ends on time", async () => {
    const asked = await ask("alice", "prod-readonly", "4s");
    expect(asked).toMatchObject({ status: "pending_approval", approvals: [] });
    expect(await hasReadOnly("alice")).toBe(false);

    const approved = await bench.api.act("bob", asked.id, "approve", "Go ahead");
    expect(approved).toMatchObject({
      status: 200,
      body: {
        status: "approved",
        approvals: [
          { decision: "approved", by: { name: "bob@acme.example" }, message: "Go ahead" },
        ],
      },
    });
    const active = await bench.api.until("alice", asked.id, "active");
    const decision = active.history.find(({ event }) => event === "request.approved");
    expect(between(decision?.at, active.activatedAt)).toBeLessThan(5_000);
    expect(await hasReadOnly("alice")).toBe(true);
    const ended = await bench.api.until("alice", asked.id, "ended");
    expect(between(ended.expiresAt, ended.endedAt)).toBeLessThan(10_000);
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
    expect(await bench.api.act("alice", id, "approve")).toMatchObject({
      status: 403,
      body: { code: "approval.self" },
    });
    expect(await bench.api.act("erin", id, "approve")).toMatchObject({
      status: 404,
      body: { code: "request.not-found" },
    });
    const bobs = await ask("bob", "prod-poweruser", "10m");
    expect(await bench.api.act("bob", bobs.id, "approve")).toMatchObject({
      status: 403,
      body: { code: "approval.self" },
    });
    expect((await bench.api.request("alice", id)).status).toBe("pending_approval");
    await bench.api.act("alice", id, "cancel");
    await bench.api.act("bob", bobs.id, "cancel");
  });

  it("is given once: the same again is fine, another decision or person is not", async () => {
    const { id } = await ask("alice", "prod-poweruser", "10m");
    expect((await bench.api.act("bob", id, "approve")).status).toBe(200);
    expect((await bench.api.act("bob", id, "approve")).status).toBe(200);
    const conflict = { status: 409, body: { code: "request.wrong-state" } };
    expect(await bench.api.act("bob", id, "deny")).toMatchObject(conflict);
    expect(await bench.api.act("carol", id, "approve")).toMatchObject(conflict);
    expect(await bench.api.act("alice", id, "cancel")).toMatchObject(conflict);

    await bench.api.until("alice", id, "active");
    expect(await bench.api.act("bob", id, "approve")).toMatchObject({
      status: 200,
      body: { status: "active", approvals: [{ by: { name: "bob@acme.example" } }] },
    });
    await bench.api.act("bob", id, "revoke");
    const ended = await bench.api.until("alice", id, "ended");
    expect(revocationTime(ended)).toBeLessThan(5_000);
    expect(ended.endReason).toBe("revoked");
    expect(await bench.people.isAssigned("alice", acme.prod, acme.powerUser)).toBe(false);
  });

  it("may come as soon as the request was answered", async () => {
    const ids = await Promise.all(
      ["alice", "dave", "erin"].map(async (name) => {
        const { id } = await ask(name, "prod-readonly", "2s");
        expect((await bench.api.act("carol", id, "approve")).status).toBe(200);
        return { name, id };
      }),
    );
    for (const { name, id } of ids) {
      await bench.api.until(name, id, "ended", 30_000);
      expect(await hasReadOnly(name)).toBe(false);
    }
  });

  it("puts somebody into a group, and takes out only whom it put in", async () => {
    const alices = await ask("alice", "oncall", "4s");
    const daves = await ask("dave", "oncall", "2s");
    for (const { id } of [alices, daves]) await bench.api.act("bob", id, "approve");
    await bench.api.until("alice", alices.id, "active");
    expect(await bench.people.isOncall("alice")).toBe(true);
    await bench.api.until("alice", alices.id, "ended");
    await bench.api.until("dave", daves.id, "ended");
    expect(await bench.people.isOncall("alice")).toBe(false);
    expect(await bench.people.isOncall("dave")).toBe(true);
  });

  it("is not needed to end what is being given", async () => {
    const { id } = await bench.api.ask("erin", "10m");
    await bench.api.until("erin", id, "escalating");
    expect((await bench.api.act("erin", id, "revoke")).status).toBe(200);
    const ended = await bench.api.until("erin", id, "ended");
    expect(ended).toMatchObject({ endReason: "released", errors: [] });
    expect(await bench.people.hasStagingReadOnly("erin")).toBe(false);
  });

  it("lets an admin cancel and end, and not decide", async () => {
    const pending = await ask("alice", "prod-readonly", "10m");
    expect((await bench.api.act("carol", pending.id, "cancel", "Not today")).status).toBe(200);
    expect((await bench.api.request("alice", pending.id)).status).toBe("cancelled");

    const { id } = await bench.api.ask("alice", "10m");
    await bench.api.until("alice", id, "active");
    expect(await bench.api.act("carol", id, "approve")).toMatchObject({
      status: 403,
      body: { code: "approval.not-allowed" },
    });
    expect((await bench.api.act("carol", id, "revoke")).status).toBe(200);
    const ended = await bench.api.until("alice", id, "ended");
    expect(revocationTime(ended)).toBeLessThan(5_000);
    expect(ended.endReason).toBe("revoked");
  });
});
