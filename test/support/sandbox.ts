import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { markerName } from "../../packages/sandbox/src/state-directory.ts";
import { copyBundles } from "./bundles.ts";

const main = join(import.meta.dirname, "../../packages/sandbox/src/main.ts");

/** How long a sandbox may take until it answers, in milliseconds. */
const startLimit = 60_000;

/** A sandbox as its users run it: a process of its own, on free ports. */
export interface SandboxProcess {
  apiUrl: string;
  awsUrl: string;
  state: string;
  /** The process's id. */
  pid: number;
  /** Ends the process as a power cut of the process would: at once, without a word. */
  kill(): Promise<void>;
  /** Asks the process to stop and waits until it has. */
  stop(): Promise<void>;
}

/** A folder for a sandbox's state and files of the test, to be removed by `remove`. */
export const stateFolder = async (): Promise<{ path: string; remove: () => Promise<void> }> => {
  const path = await mkdtemp(join(tmpdir(), "curfew-"));
  await writeFile(join(path, markerName), "");
  await copyBundles(path);
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
};

/** Starts `npm start`'s program and waits until `GET /health` answers 200. */
export const startSandbox = async (
  state: string,
  options: readonly string[] = [],
): Promise<SandboxProcess> => {
  const child = spawn(process.execPath, [main, "--port", "0", "--state", state, ...options], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const urls = await readUrls(child);
  await waitFor("the sandbox", startLimit, async () => {
    const health = await fetch(`${urls.apiUrl}/health`).catch(() => undefined);
    return health?.status === 200;
  });
  return {
    ...urls,
    state,
    pid: child.pid ?? 0,
    kill: () => end(child, "SIGKILL"),
    stop: () => end(child, "SIGTERM"),
  };
};

const readUrls = async (child: ChildProcess): Promise<{ apiUrl: string; awsUrl: string }> => {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("The sandbox has no output.");
  const errors: string[] = [];
  stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  const found: string[] = [];
  for await (const line of createInterface({ input: stdout })) {
    found.push(...(line.match(/http:\/\/127\.0\.0\.1:\d+/g) ?? []));
    const [apiUrl, awsUrl] = [...new Set(found)];
    if (apiUrl === undefined || awsUrl === undefined) continue;
    // Keep the pipe flowing, or the sandbox would block on a full one.
    stdout.resume();
    return { apiUrl, awsUrl };
  }
  throw new Error(`The sandbox ended before it listened.\n${errors.join("")}`);
};

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
};

/** Looks until `look` is true, five times a second: each look at a request costs a call of a function. Throws when it takes longer than `limit` milliseconds. */
export const waitFor = async (
  what: string,
  limit: number,
  look: () => Promise<boolean>,
): Promise<void> => {
  const start = Date.now();
  while (!(await look())) {
    if (Date.now() - start > limit) throw new Error(`${what}: not within ${limit} ms`);
    await setTimeout(200);
  }
};
