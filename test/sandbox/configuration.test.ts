import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiClient } from "../support/client.ts";
import { writeConfiguration } from "../support/configuration.ts";
import { type SandboxProcess, startSandbox, stateFolder } from "../support/sandbox.ts";

const main = join(import.meta.dirname, "../../packages/sandbox/src/main.ts");

let folder: Awaited<ReturnType<typeof stateFolder>>;
let sandbox: SandboxProcess | undefined;
beforeEach(async () => {
  folder = await stateFolder();
});
afterEach(async () => {
  await sandbox?.stop();
  sandbox = undefined;
  await folder.remove();
});

/** Starts where a start is expected to fail; answers the exit code, and what was said. */
const fail = async (config: string): Promise<{ code: unknown; said: string }> => {
  const options = ["--port", "0", "--state", join(folder.path, "state"), "--config", config];
  const child = spawn(process.execPath, [main, ...options]);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  const [code] = await once(child, "close");
  return { code, said };
};

describe("the sandbox with another configuration", () => {
  it("runs its flows", async () => {
    const config = await writeConfiguration(
      folder.path,
      `{ ...acme, flows: { "only-one": { ...acme.flows["staging-access"], label: "Only one" } } }`,
    );
    sandbox = await startSandbox(join(folder.path, "state"), ["--config", config]);
    const flows = await apiClient(sandbox.apiUrl).call("alice", "GET", "/flows");
    expect(flows.body).toMatchObject({ flows: [{ name: "only-one", label: "Only one" }] });
  });

  it("runs the deployment that it makes, where the stacks see a difference", async () => {
    const config = await writeConfiguration(
      folder.path,
      `{ ...acme, identity: { ...acme.identity, audience: "another-audience" } }`,
    );
    sandbox = await startSandbox(join(folder.path, "state"), ["--config", config]);
    const api = apiClient(sandbox.apiUrl);
    expect(decodeJwt(await api.tokenOf("alice")).aud).toBe("another-audience");
    expect((await api.call("alice", "GET", "/flows")).status).toBe(200);
  });

  it("does not start with a bad one, and lists every problem with its path", async () => {
    const config = await writeConfiguration(
      folder.path,
      `{
        ...acme,
        directory: "nowhere",
        flows: {
          broken: {
            ...acme.flows["staging-access"],
            targets: ["nothing"],
            allowRevoke: false,
            scheduleDeescalation: false,
          },
        },
      }`,
    );
    const { code, said } = await fail(config);
    expect(code).toBe(1);
    for (const problem of [
      `${config}: The configuration is not valid:`,
      "flows.broken: must allow revoking or schedule its deescalation, or both",
      "flows.broken.targets.0: there is no target nothing",
      "directory: there is no integration nowhere",
    ])
      expect(said).toContain(problem);
    expect(said).not.toMatch(/^\s+at /m);
  });

  it("does not start with one that does not compile, and says where", async () => {
    const config = await writeConfiguration(folder.path, `{ ...acme, flows: `);
    const { code, said } = await fail(config);
    expect(code).toBe(1);
    expect(said).toMatch(/other\.config\.ts:3:\d+: /);
  });
});
