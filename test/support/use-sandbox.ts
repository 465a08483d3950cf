import { afterAll, beforeAll } from "vitest";
import { identityCenter } from "./acme.ts";
import { apiClient } from "./client.ts";
import { type SandboxProcess, startSandbox, stateFolder } from "./sandbox.ts";

/** A sandbox that runs, and the two ways of looking at it. */
export interface Bench {
  readonly sandbox: SandboxProcess;
  readonly api: ReturnType<typeof apiClient>;
  readonly people: ReturnType<typeof identityCenter>;
}

/**
 * Starts a sandbox with a fresh state before the tests that follow, and stops it after them. The bench is there once the tests run.
 *
 * @param flags the sandbox's flags, or what works them out in a folder of its own, which may hold files that they name
 */
export const useSandbox = (
  flags: readonly string[] | ((folder: string) => Promise<readonly string[]>) = [],
): Bench => {
  let folder: Awaited<ReturnType<typeof stateFolder>> | undefined;
  let running: Bench | undefined;

  beforeAll(async () => {
    folder = await stateFolder();
    const given = typeof flags === "function" ? await flags(folder.path) : flags;
    const sandbox = await startSandbox(folder.path, given);
    const { apiUrl, awsUrl } = sandbox;
    running = { sandbox, api: apiClient(apiUrl), people: identityCenter(awsUrl) };
  });

  afterAll(async () => {
    await running?.sandbox.stop();
    await folder?.remove();
  });

  const bench = (): Bench => {
    if (running === undefined) throw new Error("The sandbox runs only while tests run.");
    return running;
  };
  return {
    get sandbox() {
      return bench().sandbox;
    },
    get api() {
      return bench().api;
    },
    get people() {
      return bench().people;
    },
  };
};
