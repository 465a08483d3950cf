import { afterEach, describe, expect, it } from "vitest";
import { acme } from "../support/acme.ts";
import { useSandbox } from "../support/use-sandbox.ts";

/*
 * What comes at the wrong moment: the moment is made long by delays in the functions' own AWS calls.
 */

describe("at the wrong moment", () => {
  const bench = useSandbox();

  afterEach(async () => {
    expect(await bench.api.takeFaultsBack(), "the delay took place").toEqual([1]);
  });

  const delay = (fn: string, service: string, operation: string, when: string, latency = 2_000) =>
    bench.api.fault({ service, operation, when, latency, function: fn });
  const hasReadOnly = (name: string) => bench.people.isAssigned(name, acme.prod, acme.readOnly);

  it.each(["before", "after"])(
    "an approval comes %s the token of its wait is stored, and counts",
    async (when) => {
      await delay("await-approval", "dynamodb", "PutItem", when);
      const wish = { flow: "prod-access", target: "prod-readonly", duration: "2s" };
      const { id } = await bench.api.askFor("alice", wish);
      expect((await bench.api.act("bob", id, "approve")).status).toBe(200);
      await bench.api.until("alice", id, "active", 15_000);
      const ended = await bench.api.until("alice", id, "ended");
      expect(ended.errors).toEqual([]);
      expect(await hasReadOnly("alice")).toBe(false);
    },
  );

  it.each(["before", "after"])(
    "a revoke comes %s the access is created, and nothing is left",
    async (when) => {
      await delay("escalate", "sso", "CreateAccountAssignment", when, 3_000);
      const { id } = await bench.api.ask("alice", "10m");
      await bench.api.until("alice", id, "escalating");
      expect((await bench.api.act("alice", id, "revoke")).status).toBe(200);
      const ended = await bench.api.until("alice", id, "ended", 30_000);
      expect(ended).toMatchObject({ endReason: "released", errors: [], activatedAt: null });
      expect(await bench.people.hasStagingReadOnly("alice")).toBe(false);
    },
  );

  it("the curfew comes before the escalation has returned, and is kept", async () => {
    await delay("escalate", "sns", "Publish", "before", 4_000);
    const { id } = await bench.api.ask("alice", "1s");
    const ended = await bench.api.until("alice", id, "ended", 30_000);
    expect(ended).toMatchObject({ endReason: "expired", errors: [] });
    expect(Date.parse(ended.endedAt ?? "") - Date.parse(ended.expiresAt ?? "")).toBeLessThan(
      10_000,
    );
    expect(await bench.people.hasStagingReadOnly("alice")).toBe(false);
  });

  it.each(["before", "after"])(
    "a revoke comes %s the token of the wait for the expiry is stored, and counts",
    async (when) => {
      await delay("await-expiry", "dynamodb", "PutItem", when);
      const { id } = await bench.api.ask("alice", "10m");
      await bench.api.until("alice", id, "active");
      expect((await bench.api.act("alice", id, "revoke")).status).toBe(200);
      const ended = await bench.api.until("alice", id, "ended", 15_000);
      expect(ended.endReason).toBe("released");
      expect(await bench.people.hasStagingReadOnly("alice")).toBe(false);
    },
  );

  it("the curfew comes before the token of its wait is stored, and is kept", async () => {
    await delay("await-expiry", "dynamodb", "PutItem", "before", 4_000);
    const { id } = await bench.api.ask("alice", "1s");
    const ended = await bench.api.until("alice", id, "ended", 30_000);
    expect(ended).toMatchObject({ endReason: "expired", errors: [] });
    expect(Date.parse(ended.endedAt ?? "") - Date.parse(ended.expiresAt ?? "")).toBeLessThan(
      10_000,
    );
    expect(await bench.people.hasStagingReadOnly("alice")).toBe(false);
  });
});
