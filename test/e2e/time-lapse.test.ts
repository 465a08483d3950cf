import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { identityCenter } from "../support/acme.ts";
import { apiClient } from "../support/client.ts";
import { type SandboxProcess, startSandbox, stateFolder } from "../support/sandbox.ts";

describe("time-lapse", () => {
  let folder: Awaited<ReturnType<typeof stateFolder>>;
  let sandbox: SandboxProcess;
  let api: ReturnType<typeof apiClient>;

  beforeAll(async () => {
    folder = await stateFolder();
    sandbox = await startSandbox(folder.path, ["--time-lapse", "3600", "--strict"]);
    api = apiClient(sandbox.apiUrl);
  });

  afterAll(async () => {
    await sandbox?.stop();
    await folder?.remove();
  });

  const between = (from: string | null, to: string | null): number =>
    Date.parse(to ?? "") - Date.parse(from ?? "");

  it("ends a request of an hour within seconds, and at the sandbox's own times nothing is late", async () => {
    const start = Date.now();
    const { id } = await api.ask("alice", "1h");
    const ended = await api.until("alice", id, "ended", 40_000);
    expect(Date.now() - start).toBeLessThan(40_000);

    expect(ended.endReason).toBe("expired");
    expect(between(ended.activatedAt, ended.expiresAt)).toBe(3_600_000);
    expect(between(ended.expiresAt, ended.endedAt)).toBeGreaterThanOrEqual(0);
    expect(between(ended.expiresAt, ended.endedAt)).toBeLessThan(15_000);
    expect(ended.history.map(({ event }) => event)).not.toContain("access.late");
    expect(await identityCenter(sandbox.awsUrl).hasStagingReadOnly("alice")).toBe(false);
  });

  it("is as punctual when it is killed and started again in between", async () => {
    const { id } = await api.ask("erin", "1h");
    await api.until("erin", id, "active");
    await sandbox.kill();
    sandbox = await startSandbox(folder.path, ["--time-lapse", "3600"]);
    api = apiClient(sandbox.apiUrl);
    const ended = await api.until("erin", id, "ended", 40_000);
    expect(between(ended.expiresAt, ended.endedAt)).toBeLessThan(15_000);
  });

  it("goes on from the time that it was when it is started again without", async () => {
    const clock = async (): Promise<number> => {
      const answer = (await api.callWith({}, "GET", "/sandbox/clock")).body as { now: string };
      return Date.parse(answer.now);
    };
    const before = await clock();
    expect(before).toBeGreaterThan(Date.now() + 3_000_000);
    await sandbox.kill();
    sandbox = await startSandbox(folder.path);
    api = apiClient(sandbox.apiUrl);
    expect(await clock()).toBeGreaterThan(before);
    const { id } = await api.ask("bob", "3s");
    const ended = await api.until("bob", id, "ended");
    expect(between(ended.expiresAt, ended.endedAt)).toBeLessThan(15_000);
  });
});
