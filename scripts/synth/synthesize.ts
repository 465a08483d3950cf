import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bundleEvaluation } from "./bundle.ts";
import { type Deployment, toDeployment } from "./deployment.ts";
import type { Evaluation } from "./evaluate.ts";
import { installPlatform, root } from "./install-platform.ts";

/** What to synthesize. */
export interface SynthesizeOptions {
  /** SST's stage, such as `sandbox`. */
  stage: string;
  /** A configuration instead of curfew.config.ts. */
  configFile?: string;
}

/** Runs the bundle in a process of its own and waits for the one message it sends. */
const run = async (bundle: string): Promise<Evaluation> => {
  const child = fork(bundle, {
    cwd: root,
    stdio: ["ignore", 2, 2, "ipc"],
    serialization: "advanced",
  });
  const [evaluation] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]): never => {
      throw new Error(`Evaluating sst.config.ts failed (exit code ${code}); see above`);
    }),
  ]);
  child.kill();
  return evaluation;
};

/**
 * Evaluates the real `sst.config.ts` with SST's real components, offline, and answers the graph of what a
 * deployment would create. Takes about 5 s; the first time a minute more, to install SST's platform.
 *
 * @throws Error when the stacks or the configuration have a mistake; what SST says about it is on stderr.
 */
export const synthesize = async ({ stage, configFile }: SynthesizeOptions): Promise<Deployment> => {
  await installPlatform();
  const work = await mkdtemp(join(tmpdir(), "curfew-synth-"));
  const outfile = join(root, ".sst", "platform", `synth-${process.pid}-${Date.now()}.mjs`);
  try {
    await bundleEvaluation({ stage, configFile: configFile && resolve(configFile), work, outfile });
    return toDeployment(stage, await run(outfile));
  } finally {
    await rm(outfile, { force: true });
    await rm(work, { recursive: true, force: true });
  }
};
