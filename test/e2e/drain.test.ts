import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { useSandbox } from "../support/use-sandbox.ts";

const main = join(import.meta.dirname, "../../scripts/drain/main.ts");
const execute = promisify(execFile);

describe("the drain", () => {
  const bench = useSandbox();

  /** Runs `npm run drain`'s program; rejects, with its output, when it exits with 1. */
  const drain = async (...options: string[]): Promise<string> => {
    const args = [main, "--endpoint", bench.sandbox.awsUrl, ...options];
    return (await execute(process.execPath, args)).stdout;
  };
  const ask = (name: string, flow: string, target: string) =>
    bench.api.call(name, "POST", "/requests", { flow, target, duration: "1h", reason: "test" });

  it("ends what is active, cancels what is pending, and takes nothing new until it is reopened", async () => {
    const active = await bench.api.ask("alice", "10m");
    await bench.api.until("alice", active.id, "active");
    const pending = await ask("alice", "prod-access", "prod-readonly");
    expect(pending.status).toBe(202);
    const pendingId = String(pending.headers.get("location")).replace("/requests/", "");

    const output = await drain("--timeout", "2m");
    expect(output).toContain("Still open: requests 1, leases 1.");
    expect(
      output
        .trim()
        .endsWith("Nothing is left: no request is open, and the ledger holds no access."),
    ).toBe(true);
    expect(await bench.api.request("alice", active.id)).toMatchObject({
      status: "ended",
      endReason: "revoked",
    });
    expect((await bench.api.request("alice", pendingId)).status).toBe("cancelled");
    expect(await bench.people.hasStagingReadOnly("alice")).toBe(false);

    const refused = await ask("bob", "staging-access", "staging-readonly");
    expect([refused.status, refused.body]).toMatchObject([503, { code: "intake.closed" }]);
    await drain("--reopen");
    expect((await ask("bob", "staging-access", "staging-readonly")).status).toBe(202);
  }, 120_000);

  it("fails when not everything has ended in its time", async () => {
    const { id } = await bench.api.ask("erin", "10m");
    await bench.api.until("erin", id, "active");
    await expect(drain("--timeout", "1s")).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining("Not everything has ended."),
    });
  });
});
