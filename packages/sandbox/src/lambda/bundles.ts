import { mkdirSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import * as z from "zod";
import { isCurrent, manifestIn, writeManifest } from "./bundle-cache.ts";

/** A function to bundle. */
export interface BundleSource {
  name: string;
  /** `<path of the module without its extension>.<export>`, from `root`. */
  handler: string;
  /** SST's `nodejs` options of the function. */
  nodejs: Readonly<Record<string, unknown>>;
}

export interface BundleDeps {
  /** The repository. */
  root: string;
  /** Where the bundles go. */
  directory: string;
  /** A file that takes the place of `curfew.config.ts`. */
  config?: string | undefined;
}

/** A function's code, as a worker loads it. */
export interface Bundle {
  file: string;
  exportName: string;
}

const extensions = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];

/** Options that a stack may set; any other would make the sandbox run something else than AWS does. */
const NodejsOptions = z.strictObject({
  architecture: z.string().optional(),
  minify: z.boolean().default(false),
  sourcemap: z.boolean().optional(),
  banner: z.string().default(""),
  esbuild: z
    .strictObject({
      external: z.array(z.string()).default([]),
      define: z.record(z.string(), z.string()).default({}),
    })
    .prefault({}),
});

/** What SST 4.17.1 passes to esbuild for a Node.js 24 function (pkg/runtime/node/build.go of its CLI). */
const sstOptions = (nodejs: z.infer<typeof NodejsOptions>): BuildOptions => ({
  platform: "node",
  format: "esm",
  target: "es2024",
  bundle: true,
  keepNames: true,
  minify: nodejs.minify,
  sourcemap: "linked",
  // The one difference: the sources are at hand here, and their text doubles what is written.
  sourcesContent: false,
  mainFields: ["module", "main"],
  external: ["sharp", "pg-native", ...nodejs.esbuild.external],
  define: nodejs.esbuild.define,
  banner: {
    js: [
      `import { createRequire as topLevelCreateRequire } from 'module';`,
      `const require = topLevelCreateRequire(import.meta.url);`,
      `import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url"`,
      `const __filename = topLevelFileUrlToPath(import.meta.url)`,
      `const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url))`,
      nodejs.banner,
    ].join("\n"),
  },
});

/** Puts another configuration in the place of the repository's. That configuration itself may import the repository's, to change only some of it. */
export const replaceConfig = (config: string): Plugin => {
  const path = realpathSync(config);
  return {
    name: "curfew-config",
    setup: ({ onResolve }) => {
      onResolve({ filter: /(^|\/)curfew\.config(\.ts)?$/ }, ({ importer }) =>
        importer === path ? undefined : { path },
      );
    },
  };
};

/** Where a configuration outside of the repository finds `@curfew/core`. */
export const nodePathsOf = (root: string): string[] => [join(root, "node_modules")];

const moduleOf = (root: string, { name, handler }: BundleSource): string => {
  const path = join(root, dirname(handler));
  const base = basename(handler).replace(/\.[^.]*$/, "");
  const found = readdirSync(path).find((file) =>
    extensions.some((extension) => file === base + extension),
  );
  if (found === undefined) throw new Error(`${name}: handler not found: ${handler}`);
  return join(path, found);
};

/** Functions with the same options, so that one call of esbuild shares the parsed modules among them. */
const grouped = (sources: readonly BundleSource[]): Map<string, BundleSource[]> =>
  Map.groupBy(sources, ({ nodejs }) => JSON.stringify(NodejsOptions.parse(nodejs)));

const Failure = z.object({
  errors: z.array(
    z.object({
      text: z.string(),
      location: z.object({ file: z.string(), line: z.number(), column: z.number() }).nullable(),
    }),
  ),
});

/** What esbuild could not bundle, each error once: a module that many functions share fails as often as it is bundled. @param what in the plural */
export const compileError = (what: string, cause: unknown): Error => {
  const parsed = Failure.safeParse(cause);
  if (!parsed.success) return new Error("esbuild failed", { cause });
  const lines = parsed.data.errors.map(({ text, location }) =>
    location === null ? text : `${location.file}:${location.line}:${location.column}: ${text}`,
  );
  return new Error(`${what} do not compile:\n${[...new Set(lines)].join("\n")}`, { cause });
};

/**
 * Bundles the functions as SST does, unless nothing has changed since the last time.
 *
 * @returns the bundle of each function, by its name
 * @throws Error when a handler is missing or does not compile
 */
export const bundleFunctions = async (
  { root, directory, config }: BundleDeps,
  sources: readonly BundleSource[],
): Promise<Map<string, Bundle>> => {
  const bundles = new Map(
    sources.map((source) => [
      source.name,
      {
        file: join(directory, `${source.name}.mjs`),
        exportName: source.handler.slice(source.handler.lastIndexOf(".") + 1),
      },
    ]),
  );
  const manifest = manifestIn(directory);
  const request = JSON.stringify([sources, config === undefined ? null : resolve(config)]);
  if (isCurrent(manifest, root, request)) return bundles;

  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const inputs: string[] = [];
  for (const [options, group] of grouped(sources)) {
    const { metafile } = await build({
      ...sstOptions(NodejsOptions.parse(JSON.parse(options))),
      absWorkingDir: root,
      entryPoints: group.map((source) => ({ in: moduleOf(root, source), out: source.name })),
      outdir: directory,
      outExtension: { ".js": ".mjs" },
      metafile: true,
      logLevel: "silent",
      nodePaths: config === undefined ? [] : nodePathsOf(root),
      plugins: config === undefined ? [] : [replaceConfig(config)],
    }).catch((error: unknown) => {
      throw compileError("the functions", error);
    });
    inputs.push(...Object.keys(metafile.inputs));
  }
  writeManifest(manifest, root, request, inputs);
  return bundles;
};
