import { setTimeout } from "node:timers/promises";
import { ListExecutionsCommand, SFNClient, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { administrator, identityCenter } from "../support/acme.ts";
import { apiClient, between, revocationTime } from "../support/client.ts";
import { type SandboxProcess, startSandbox, stateFolder, waitFor } from "../support/sandbox.ts";

const hub = "666666666666";

describe("bad luck", () => {
  let folder: Awaited<ReturnType<typeof stateFolder>>;
  let sandbox: SandboxProcess;

  beforeAll(async () => {
    folder = await stateFolder();
    sandbox = await startSandbox(folder.path);
  });

  afterAll(async () => {
    await sandbox?.stop();
    await folder?.remove();
  });

  it("takes the access away when the sandbox was killed and comes back after the curfew", async () => {
    const { id } = await apiClient(sandbox.apiUrl).ask("alice", "4s");
    await apiClient(sandbox.apiUrl).until("alice", id, "active");
    await sandbox.kill();
    await setTimeout(4_500);

    sandbox = await startSandbox(folder.path);
    const ended = await apiClient(sandbox.apiUrl).until("alice", id, "ended", 60_000);
    expect(ended.endReason).toBe("expired");
    expect(await identityCenter(sandbox.awsUrl).hasStagingReadOnly("alice")).toBe(false);
  });

  it("keeps the access until the curfew when the sandbox was killed and comes back before it", async () => {
    const { id } = await apiClient(sandbox.apiUrl).ask("bob", "12s");
    await apiClient(sandbox.apiUrl).until("bob", id, "active");
    await sandbox.kill();

    sandbox = await startSandbox(folder.path);
    const api = apiClient(sandbox.apiUrl);
    expect((await api.request("bob", id)).status).toBe("active");
    expect(await identityCenter(sandbox.awsUrl).hasStagingReadOnly("bob")).toBe(true);
    const ended = await api.until("bob", id, "ended", 25_000);
    const lag = between(ended.expiresAt, ended.endedAt);
    expect(lag).toBeGreaterThanOrEqual(0);
    expect(lag).toBeLessThan(10_000);
    expect(await identityCenter(sandbox.awsUrl).hasStagingReadOnly("bob")).toBe(false);
  });

  /** Stops the request's execution, as an operator might, and answers when another one runs. */
  const stopExecution = async (id: string): Promise<void> => {
    const client = new SFNClient(administrator(sandbox.awsUrl, hub));
    const stateMachineArn = `arn:aws:states:us-east-1:${hub}:stateMachine:curfew-sandbox`;
    const running = async (): Promise<string[]> => {
      const list = new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING" });
      const { executions = [] } = await client.send(list);
      return executions
        .filter(({ name }) => name?.startsWith(id))
        .map((each) => each.executionArn ?? "");
    };
    const stopped = await running();
    expect(stopped).toHaveLength(1);
    await client.send(new StopExecutionCommand({ executionArn: stopped[0] }));
    const isReplaced = async (): Promise<boolean> => {
      const [now, ...more] = await running();
      return now !== undefined && now !== stopped[0] && more.length === 0;
    };
    await waitFor("a recovery", 60_000, isReplaced);
  };

  it.concurrent("replaces an execution that was stopped, and still ends on time", async () => {
    const api = apiClient(sandbox.apiUrl);
    const people = identityCenter(sandbox.awsUrl);
    const { id } = await api.ask("alice", "10s");
    await api.until("alice", id, "active");
    await stopExecution(id);

    await setTimeout(1_000);
    expect((await api.request("alice", id)).status).toBe("active");
    expect(await people.hasStagingReadOnly("alice")).toBe(true);
    const ended = await api.until("alice", id, "ended", 20_000);
    expect(ended.endReason).toBe("expired");
    const lag = between(ended.expiresAt, ended.endedAt);
    expect(lag).toBeLessThan(10_000);
    expect(await people.hasStagingReadOnly("alice")).toBe(false);
  });

  it.concurrent("still revokes within five seconds after an execution was stopped", async () => {
    const api = apiClient(sandbox.apiUrl);
    const { id } = await api.ask("erin", "10m");
    await api.until("erin", id, "active");
    await stopExecution(id);
    await setTimeout(1_000);
    await api.call("erin", "POST", `/requests/${id}/revoke`);
    expect(revocationTime(await api.until("erin", id, "ended"))).toBeLessThan(5_000);
    expect(await identityCenter(sandbox.awsUrl).hasStagingReadOnly("erin")).toBe(false);
  });
});
