/**
 * Puts SST's platform (its components in TypeScript, and Pulumi's packages) into `.sst/platform`.
 *
 * `npm ci` does not bring it: SST's own CLI installs it, from npm alone. It is needed to evaluate
 * `sst.config.ts` (`npm run synth`), and to type-check it.
 *
 * Run: `node scripts/synth/install-platform.ts`. Costs about 45 s and 330 MB once, nothing after.
 */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";

const run = promisify(execFile);

/** The repository's root, with `.sst` beside `sst.config.ts`. */
export const root = join(import.meta.dirname, "..", "..");

/** SST writes this file last, so a broken-off installation has none, or that of another version. */
const providerLock = join(root, ".sst", "provider-lock.json");
const platform = join(root, ".sst", "platform");

const Manifest = z.object({ version: z.string() });

/** What must hold in `.sst`, as far as a missing or older installation would differ. */
const versionIn = async (manifest: string): Promise<string> =>
  Manifest.parse(JSON.parse(await readFile(manifest, "utf8"))).version;

const isInstalled = async (wanted: string): Promise<boolean> => {
  try {
    const found = await readFile(join(platform, "version"), "utf8");
    const provider = await versionIn(join(platform, "node_modules/@pulumi/aws/package.json"));
    const config = await readFile(join(root, "sst.config.ts"), "utf8");
    await readFile(providerLock);
    return found.trim() === wanted && config.includes(`aws: { version: "${provider}" }`);
  } catch {
    return false;
  }
};

/** Logs of CI are public, and the address of a company's registry is nobody's business. */
const withoutHosts = (text: string): string => text.replaceAll(/\/\/[^\s/"']+/g, "//…");

/**
 * Installs the platform unless it is there in the version of the `sst` package; says on stdout what it does.
 *
 * @throws Error with SST's own output when the installation fails (no npm registry, most likely).
 */
export const installPlatform = async (): Promise<void> => {
  const wanted = await versionIn(join(root, "node_modules/sst/package.json"));
  if (await isInstalled(wanted)) return;

  console.log(`Installing SST's platform ${wanted} into .sst/platform (once, about a minute) …`);
  // SST looks providers up itself, and does not read npm's configuration.
  const registry = await run("npm", ["config", "get", "registry"], { cwd: root });
  const environment = {
    ...process.env,
    NPM_REGISTRY: registry.stdout.trim().replace(/\/$/, ""),
    // Neither Pulumi's engine nor Bun is needed for an evaluation; SST would download both.
    SST_SKIP_DEPENDENCY_CHECK: "1",
    SST_NO_BUN: "1",
    DO_NOT_TRACK: "1",
  };
  try {
    const cli = join(root, "node_modules/sst/bin/sst.mjs");
    await run(process.execPath, [cli, "install", "--stage", "sandbox"], {
      cwd: root,
      env: environment,
    });
  } catch (error) {
    const { stdout, stderr } = z
      .object({ stdout: z.string().default(""), stderr: z.string().default("") })
      .parse(error);
    throw new Error(
      `\`sst install\` failed; it needs npm's registry.\n${withoutHosts(stdout + stderr)}`,
    );
  }
  console.log("SST's platform is installed.");
};

if (import.meta.main) await installPlatform();
