import { describe, expect, it } from "vitest";
import { acme } from "../support/acme.ts";
import { writeConfiguration } from "../support/configuration.ts";
import { useSandbox } from "../support/use-sandbox.ts";

/** Acme's configuration with one flow more, whose approvers have two seconds. */
const hurried = `{
  ...acme,
  flows: {
    ...acme.flows,
    hurried: { ...acme.flows["prod-access"], approvalTimeout: "2s" },
  },
}`;

const targets = ["prod-readonly", "oncall"];

describe("a request that is not approved", () => {
  const bench = useSandbox(async (folder) => [
    "--config",
    await writeConfiguration(folder, hurried),
  ]);

  const ask = (flow: string, target: string) =>
    bench.api.askFor("alice", { flow, target, duration: "2s" });

  /** Calls that change Identity Center or the Identity Store, and calls of customers' functions. */
  const changes = async (): Promise<string[]> => {
    const calls = await bench.api.calls();
    expect(calls.length).toBeGreaterThan(0);
    return calls
      .filter(
        ({ service, operation }) =>
          (/^(sso|identitystore)$/.test(service) && !/^(Get|List|Describe|Is)/.test(operation)) ||
          (service === "lambda" && operation === "Invoke"),
      )
      .map(({ service, operation }) => `${service}:${operation}`);
  };

  it.concurrent.each(targets)("changes nothing: %s denied", async (target) => {
    const { id } = await ask("prod-access", target);
    expect((await bench.api.act("bob", id, "deny", "Not now")).status).toBe(200);
    expect(await bench.api.request("alice", id)).toMatchObject({
      status: "denied",
      approvals: [{ decision: "denied", by: { name: "bob@acme.example" } }],
    });
    expect(await bench.api.act("carol", id, "approve")).toMatchObject({ status: 409 });
    expect(await changes()).toEqual([]);
  });

  it.concurrent.each(targets)("changes nothing: %s cancelled", async (target) => {
    const { id } = await ask("prod-access", target);
    expect((await bench.api.act("alice", id, "cancel")).status).toBe(200);
    expect(await bench.api.act("bob", id, "approve")).toMatchObject({ status: 409 });
    expect((await bench.api.request("alice", id)).status).toBe("cancelled");
    expect(await changes()).toEqual([]);
  });

  it.concurrent.each(targets)("changes nothing: %s lapsed", async (target) => {
    const { id } = await ask("hurried", target);
    const lapsed = await bench.api.until("alice", id, "lapsed", 10_000);
    expect(lapsed.history.map(({ event }) => event)).toEqual(["request.created", "request.lapsed"]);
    expect(await bench.api.act("bob", id, "approve")).toMatchObject({
      status: 409,
      body: { code: "request.wrong-state" },
    });
    expect(await changes()).toEqual([]);
  });

  it("would be seen if it did change something", async () => {
    const { id } = await ask("prod-access", "prod-readonly");
    await bench.api.act("bob", id, "approve");
    await bench.api.until("alice", id, "ended", 30_000);
    expect(await changes()).toEqual(["sso:CreateAccountAssignment", "sso:DeleteAccountAssignment"]);
    expect(await bench.people.isAssigned("alice", acme.prod, acme.readOnly)).toBe(false);
  });
});
