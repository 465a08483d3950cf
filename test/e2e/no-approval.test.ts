import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acme, identityCenter } from "../support/acme.ts";
import { apiClient } from "../support/client.ts";
import { writeConfiguration } from "../support/configuration.ts";
import { type SandboxProcess, startSandbox, stateFolder } from "../support/sandbox.ts";

/** Acme's configuration with one flow more, whose approvers have two seconds. */
const hurried = `{
  ...acme,
  flows: {
    ...acme.flows,
    hurried: { ...acme.flows["prod-access"], approvalTimeout: "2s" },
  },
}`;

describe("a request that is not approved", () => {
  let folder: Awaited<ReturnType<typeof stateFolder>>;
  let sandbox: SandboxProcess;
  let api: ReturnType<typeof apiClient>;

  beforeAll(async () => {
    folder = await stateFolder();
    const config = await writeConfiguration(folder.path, hurried);
    sandbox = await startSandbox(`${folder.path}/state`, ["--config", config]);
    api = apiClient(sandbox.apiUrl);
  });

  afterAll(async () => {
    await sandbox?.stop();
    await folder?.remove();
  });

  const ask = (flow: string, target: string) =>
    api.askFor("alice", { flow, target, duration: "2s" });

  /** Calls that change Identity Center or the Identity Store, and calls of customers' functions. */
  const changes = async (): Promise<string[]> => {
    const calls = await api.calls();
    expect(calls.length).toBeGreaterThan(0);
    return calls
      .filter(
        ({ service, operation }) =>
          (/^(sso|identitystore)$/.test(service) && !/^(Get|List|Describe|Is)/.test(operation)) ||
          (service === "lambda" && operation === "Invoke"),
      )
      .map(({ service, operation }) => `${service}:${operation}`);
  };

  it.each(["prod-readonly", "oncall"])("changes nothing: %s denied", async (target) => {
    const { id } = await ask("prod-access", target);
    expect((await api.act("bob", id, "deny", "Not now")).status).toBe(200);
    expect(await api.request("alice", id)).toMatchObject({
      status: "denied",
      approvals: [{ decision: "denied", by: { name: "bob@acme.example" } }],
    });
    expect(await api.act("carol", id, "approve")).toMatchObject({ status: 409 });
    expect(await changes()).toEqual([]);
  });

  it.each(["prod-readonly", "oncall"])("changes nothing: %s cancelled", async (target) => {
    const { id } = await ask("prod-access", target);
    expect((await api.act("alice", id, "cancel")).status).toBe(200);
    expect(await api.act("bob", id, "approve")).toMatchObject({ status: 409 });
    expect((await api.request("alice", id)).status).toBe("cancelled");
    expect(await changes()).toEqual([]);
  });

  it.each(["prod-readonly", "oncall"])("changes nothing: %s lapsed", async (target) => {
    const { id } = await ask("hurried", target);
    const lapsed = await api.until("alice", id, "lapsed", 10_000);
    expect(lapsed.history.map(({ event }) => event)).toEqual(["request.created", "request.lapsed"]);
    expect(await api.act("bob", id, "approve")).toMatchObject({
      status: 409,
      body: { code: "request.wrong-state" },
    });
    expect(await changes()).toEqual([]);
  });

  it("would be seen if it did change something", async () => {
    const { id } = await ask("prod-access", "prod-readonly");
    await api.act("bob", id, "approve");
    await api.until("alice", id, "ended", 30_000);
    expect(await changes()).toEqual(["sso:CreateAccountAssignment", "sso:DeleteAccountAssignment"]);
    const people = identityCenter(sandbox.awsUrl);
    expect(await people.isAssigned("alice", acme.prod, acme.readOnly)).toBe(false);
  });
});
