import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const main = fileURLToPath(import.meta.resolve("../../packages/sandbox/src/main.ts"));

let state: string;
let children: ChildProcess[];
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "curfew-main-"));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(state, { recursive: true });
});

const run = (...args: string[]) => {
  const child = spawn(process.execPath, [main, "--state", join(state, "it"), ...args]);
  children.push(child);
  const output = { text: "" };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output.text += text;
    });
  return { child, output, exit: once(child, "close").then(([code, signal]) => code ?? signal) };
};

/** Starts it on free ports, and answers the API's URL from what it prints. */
const started = async (...args: string[]) => {
  const process = run("--port", "0", ...args);
  const url = (): string => /API +(http:\S+)/.exec(process.output.text)?.[1] ?? "";
  await expect.poll(url, { timeout: 20_000, interval: 20 }).not.toBe("");
  return { ...process, url: url() };
};

describe("npm start", () => {
  it("prints where it listens, and stops on a signal", async () => {
    const { child, exit, url, output } = await started();
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect(output.text).toMatch(/AWS endpoint +http:/);
    child.kill("SIGTERM");
    expect(await exit).toBe(0);
  });

  it("goes on with the same directory after it was killed, but not beside itself", async () => {
    const first = await started();
    const beside = run("--port", "0");
    expect(await beside.exit).toBe(1);
    expect(beside.output.text).toContain("another sandbox is running");
    first.child.kill("SIGKILL");
    await first.exit;
    const { url } = await started();
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  it("says that a port is in use, and what to do", async () => {
    const { url } = await started();
    const { port } = new URL(url);
    const second = run("--port", port, "--aws-port", "0", "--state", join(state, "other"));
    expect(await second.exit).toBe(1);
    expect(second.output.text).toContain(`port ${port} is in use`);
    expect(second.output.text).toContain("--port 0");
  });

  it("explains itself, and a flag that it does not know", async () => {
    const help = run("--help");
    expect(await help.exit).toBe(0);
    expect(help.output.text).toContain("--fresh");
    const wrong = run("--frehs");
    expect(await wrong.exit).toBe(1);
    expect(wrong.output.text).toContain("--frehs");
  });
});
