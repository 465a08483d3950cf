/**
 * Bundles `sst.config.ts` with SST's components and Pulumi's mocks, as SST's CLI bundles it with the engine.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import * as z from "zod";
import { root } from "./install-platform.ts";

const platform = join(root, ".sst", "platform");

/** Names that no stack gives get a random suffix, which would differ in every run; a test looks for this one. */
const fixedNames: Plugin = {
  name: "fixed-names",
  setup: (pluginBuild) => {
    pluginBuild.onLoad({ filter: /platform\/src\/components\/naming\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const suffix =
        /hashStringToPrettyString\(\s*crypto\.randomBytes\(8\)\.toString\("hex"\),\s*8,\s*\)/;
      if (!suffix.test(source)) throw new Error(`${path} makes its names in another way now`);
      return { contents: source.replace(suffix, '"unnamed"'), loader: "ts" };
    });
  },
};

/** Puts another configuration in the place of curfew.config.ts. */
const withConfiguration = (configFile: string): Plugin => ({
  name: "configuration",
  setup: (pluginBuild) => {
    pluginBuild.onResolve({ filter: /\/curfew\.config\.ts$/ }, ({ importer, kind }) => {
      if (kind === "entry-point" || importer === configFile) return undefined;
      return { path: configFile };
    });
  },
});

const entry = `
import * as aws from "@pulumi/aws";
import { runtime } from "@pulumi/pulumi";
import * as sst from ${JSON.stringify(join(platform, "src/components/index.ts"))};
import { run } from ${JSON.stringify(join(platform, "src/auto/run.ts"))};
import config from ${JSON.stringify(join(root, "sst.config.ts"))};
import { evaluate } from ${JSON.stringify(join(root, "scripts/synth/evaluate.ts"))};

try {
  process.send(await evaluate({ aws, sst, config, run, runtime }));
} catch (error) {
  // Problems of a configuration are for its author, who has no use for the way to them.
  console.error(error?.name === "ConfigError" ? error.message : error);
  process.exit(1);
}
`;

/**
 * SST's globals, which its modules read while they are loaded, and `require`, which a bundled ES module
 * lacks. What `app()` answers is added to `$app` by evaluate.ts.
 */
const banner = (stage: string, work: string): string => `
import { createRequire as topLevelCreateRequire } from "node:module";
const require = topLevelCreateRequire(import.meta.url);
const __dirname = ${JSON.stringify(platform)};
globalThis.$dev = false;
globalThis.$app = ${JSON.stringify({ stage, protect: false })};
globalThis.$cli = ${JSON.stringify({
  command: "deploy",
  paths: { home: work, root, work, platform },
  state: { version: {} },
})};`;

/** What the bundle is made for. */
interface BundleOptions {
  stage: string;
  /** Absolute path of the configuration instead of curfew.config.ts. */
  configFile?: string | undefined;
  /** A directory of its own for what SST's components write. */
  work: string;
  /** The bundle's path: beside the platform's packages, so that Node finds them. */
  outfile: string;
}

/** Writes the bundle; the process that runs it sends its answer over IPC. */
export const bundleEvaluation = async ({ stage, configFile, work, outfile }: BundleOptions) => {
  const manifest = z
    .object({ dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await readFile(join(platform, "package.json"), "utf8")));
  await build({
    stdin: { contents: entry, resolveDir: platform, sourcefile: "entry.ts", loader: "ts" },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    mainFields: ["module", "main"],
    banner: { js: banner(stage, work) },
    inject: [join(platform, "src/shim/run.js")],
    // Named one by one: workspace packages must be bundled, and esbuild would leave those out, too.
    // A configuration may lie outside the repository, and imports @curfew/core all the same.
    nodePaths: [join(root, "node_modules")],
    external: [...Object.keys(manifest.dependencies), "vite"],
    plugins: [fixedNames, ...(configFile ? [withConfiguration(configFile)] : [])],
    logLevel: "warning",
  });
};
