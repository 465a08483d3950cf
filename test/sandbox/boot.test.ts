import { once } from "node:events";
import { createServer } from "node:net";
import { type BootOptions, boot, type Sandbox } from "@curfew/sandbox";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { stateFolder } from "../support/sandbox.ts";

let folder: Awaited<ReturnType<typeof stateFolder>>;
let running: Sandbox[] = [];
beforeAll(async () => {
  folder = await stateFolder();
});
afterEach(async () => {
  for (const sandbox of running) await sandbox.close();
  running = [];
});
afterAll(() => folder.remove());

const start = async (overrides: Partial<BootOptions> = {}): Promise<Sandbox> => {
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const sandbox = await boot({ state: folder.path, port: 0, awsPort: 0, log, ...overrides });
  running.push(sandbox);
  return sandbox;
};
const stop = async (sandbox: Sandbox): Promise<void> => {
  running = running.filter((other) => other !== sandbox);
  await sandbox.close();
};

const tokenOf = async ({ apiUrl }: Sandbox, user: string): Promise<string> => {
  const body = JSON.stringify({ user });
  const response = await fetch(`${apiUrl}/sandbox/token`, { method: "POST", body });
  const { token } = (await response.json()) as { token: string };
  return token;
};

describe("the sandbox", () => {
  it("answers, asks for a token, and takes the one it issued before a restart", async () => {
    const first = await start();
    const health = await fetch(`${first.apiUrl}/health`);
    expect(health.status).toBe(200);
    expect((await fetch(`${first.apiUrl}/flows`)).status).toBe(401);
    const authorization = `Bearer ${await tokenOf(first, "alice@acme.example")}`;
    const flows = await fetch(`${first.apiUrl}/flows`, { headers: { authorization } });
    expect(await flows.json()).toHaveProperty("flows");
    await stop(first);

    const second = await start();
    const again = await fetch(`${second.apiUrl}/flows`, { headers: { authorization } });
    expect(again.status).toBe(200);
  });

  it("does not share its directory, and lets go of it when a start fails", async () => {
    const first = await start();
    await expect(start()).rejects.toThrow("another sandbox is running");
    await stop(first);

    const occupant = createServer().listen(0, "127.0.0.1");
    await once(occupant, "listening");
    const address = occupant.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await expect(start({ port })).rejects.toMatchObject({ code: "EADDRINUSE", port });
    occupant.close();
    await expect(start()).resolves.toHaveProperty("apiUrl");
  });

  it("says when the configuration is not there", async () => {
    await expect(start({ config: "nowhere.ts" })).rejects.toThrow(
      "there is no configuration at nowhere.ts",
    );
  });
});
