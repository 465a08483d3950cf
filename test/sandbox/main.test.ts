import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { stateFolder } from "../support/sandbox.ts";

const main = fileURLToPath(import.meta.resolve("../../packages/sandbox/src/main.ts"));

let folder: Awaited<ReturnType<typeof stateFolder>>;
let children: ChildProcess[] = [];
beforeAll(async () => {
  folder = await stateFolder();
});
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "close");
  }
  children = [];
});
afterAll(() => folder.remove());

const run = (...args: string[]) => {
  const child = spawn(process.execPath, [main, "--state", folder.path, ...args]);
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
  await expect.poll(url, { timeout: 40_000, interval: 20 }).not.toBe("");
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
    const occupant = createServer().listen(0, "127.0.0.1");
    await once(occupant, "listening");
    const address = occupant.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const second = run("--port", String(port), "--aws-port", "0");
    expect(await second.exit).toBe(1);
    expect(second.output.text).toContain(`port ${port} is in use`);
    expect(second.output.text).toContain("--port 0");
    occupant.close();
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

describe("npm start --state", () => {
  let state: string;
  beforeEach(async () => {
    state = await mkdtemp(join(tmpdir(), "curfew-state-"));
  });
  afterEach(() => rm(state, { recursive: true }));

  /** A start that is expected to fail; answers what was said. */
  const refusal = async (...args: string[]): Promise<string> => {
    const { exit, output } = run("--port", "0", ...args);
    expect(await exit).toBe(1);
    expect(output.text).toMatch(/^curfew: /);
    expect(output.text).not.toMatch(/^ +at /m);
    return output.text;
  };

  it("leaves a directory alone that no sandbox made, also with --fresh", async () => {
    await writeFile(join(state, "thesis.txt"), "");
    for (const flags of [[], ["--fresh"]])
      expect(await refusal("--state", state, ...flags)).toContain(
        `${state} is not empty, and no sandbox made it`,
      );
    expect(await readdir(state)).toEqual(["thesis.txt"]);
  });

  it("gives up at once where the directory cannot be made", async () => {
    expect(await refusal("--state", "/proc/curfew/state")).toContain("cannot be made");
  });

  it.each([
    ["a broken store", "store.db", () => writeFile(join(state, "store.db"), "no database")],
    [
      "broken tables",
      "",
      async () => {
        await mkdir(join(state, "tables"));
        await writeFile(join(state, "tables", "CURRENT"), "nothing");
      },
    ],
    ["a log that cannot be written", "functions.log", () => mkdir(join(state, "functions.log"))],
  ])("says where there is %s, and what to do", async (_, name, breakIt) => {
    await writeFile(join(state, "lock"), "");
    await writeFile(join(state, "store.db"), "");
    await breakIt();
    const said = await refusal("--state", state);
    expect(said).toContain(join(state, name));
    expect(said).toContain("--fresh");
  });

  it("starts over with --fresh, and leaves other files alone", async () => {
    const broken = ["lock.txt", "store.db", "tables", "bundles", "functions.log"];
    await writeFile(join(state, "lock"), "");
    for (const name of broken) await writeFile(join(state, name), "broken");
    const { url } = await started("--state", state, "--fresh");
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect(await readFile(join(state, "lock.txt"), "utf8")).toBe("broken");
  });
});
