import { existsSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { build } from "esbuild";
import { type Deployment, loadDeployment, readDeployment } from "./deployment.ts";
import { compileError, nodePathsOf, replaceConfig } from "./lambda/bundles.ts";
import type { Log } from "./log.ts";

export interface ConfigurationDeps {
  /** The repository. */
  root: string;
  /** What a deployment with `curfew.config.ts` creates. */
  deploymentFile: string;
  log: Log;
}

/**
 * What a deployment with a configuration creates. Most of a configuration is the functions' business alone; where the stacks see a difference, they are synthesized anew.
 *
 * @param config a file in the place of `curfew.config.ts`
 * @throws Error when the configuration is missing, does not compile, or breaks rules: with every problem and its path
 */
export const deploymentOf = async (
  { root, deploymentFile, log }: ConfigurationDeps,
  config: string | undefined,
): Promise<Deployment> => {
  const seen = await seenByStacks(root, config);
  if (config === undefined || isDeepStrictEqual(seen, await deployedConfiguration(root)))
    return loadDeployment(deploymentFile);
  log.info(`${config} needs a deployment of its own: synthesizing the stacks.`);
  // Only here: it brings SST's platform along, and installs it if need be.
  const { synthesize } = await import("../../../scripts/synth/synthesize.ts");
  return readDeployment(await synthesize({ stage: "sandbox", configFile: config }));
};

/** What the stacks see of `curfew.config.ts`; undefined if that is broken, which is of no interest to who runs another one. */
const deployedConfiguration = (root: string): Promise<unknown> =>
  seenByStacks(root, undefined).catch(() => undefined);

/**
 * Evaluates stacks/config.ts, which parses the configuration and exports what the stacks need of it.
 *
 * @param config a file in the place of `curfew.config.ts`
 * @throws Error when the configuration is missing, does not compile, or breaks rules: with every problem and its path
 */
export const seenByStacks = async (root: string, config: string | undefined): Promise<unknown> => {
  if (config !== undefined && !existsSync(config))
    throw new Error(`there is no configuration at ${config}`);
  const { outputFiles } = await build({
    entryPoints: [join(root, "stacks/config.ts")],
    absWorkingDir: root,
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node24",
    mainFields: ["module", "main"],
    nodePaths: nodePathsOf(root),
    plugins: config === undefined ? [] : [replaceConfig(config)],
    logLevel: "silent",
  }).catch((error: unknown) => {
    throw compileError("the stacks and their configuration", error);
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString("base64");
  try {
    return { ...(await import(`data:text/javascript;base64,${code}`)) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${config ?? "curfew.config.ts"}: ${reason}`, { cause });
  }
};
