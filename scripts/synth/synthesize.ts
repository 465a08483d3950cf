import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bundleEvaluation } from "./bundle.ts";
import { type Deployment, toDeployment } from "./deployment.ts";
import { Evaluation } from "./evaluation.ts";
import { installPlatform, root } from "./install-platform.ts";

/** What to synthesize. */
export interface SynthesizeOptions {
  /** SST's stage, such as `sandbox`. */
  stage: string;
  /** A configuration instead of curfew.config.ts. */
  configFile?: string;
}

/**
 * Runs the bundle in a process of its own and waits for the one message it sends.
 *
 * @throws Error with what the process said when it ended without a message.
 */
const run = async (bundle: string): Promise<Evaluation> => {
  const child = fork(bundle, { cwd: root, silent: true, serialization: "advanced" });
  let said = "";
  const listen = (chunk: Buffer): void => {
    said += chunk.toString();
  };
  child.stdout?.on("data", listen);
  child.stderr?.on("data", listen);
  const message = once(child, "message");
  const end = once(child, "close").then(() => {
    throw new Error(`Evaluating sst.config.ts failed.\n${said}`);
  });
  const [evaluation] = await Promise.race([message, end]);
  child.kill();
  return Evaluation.parse(evaluation);
};

/**
 * Evaluates the real `sst.config.ts` with SST's real components, offline, and answers the graph of what a
 * deployment would create. Takes about 2 s; the first time a minute more, to install SST's platform.
 *
 * @throws Error when the stacks or the configuration have a mistake, with what SST says about it.
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
