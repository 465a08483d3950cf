import { isBuiltin } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { loadDeployment } from "../../packages/sandbox/src/deployment.ts";
import { bundleFunctions } from "../../packages/sandbox/src/lambda/bundles.ts";
import { stateFolder } from "../support/sandbox.ts";

const root = join(import.meta.dirname, "../..");

/** What a module imports before it runs. */
const staticImports = async (file: string): Promise<string[]> => {
  const { metafile } = await build({
    entryPoints: [file],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  return Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports)
    .filter(({ external, kind }) => external === true && kind === "import-statement")
    .map(({ path }) => path);
};

// A folder below the repository would find in its node_modules what a bundle lacks; Lambda does not.
it("every function's bundle can be loaded with nothing beside it", async () => {
  const { functions } = loadDeployment(join(root, "packages/sandbox/deployment.json"));
  const folder = await stateFolder();
  try {
    const bundles = await bundleFunctions(
      { root, directory: join(folder.path, "bundles") },
      functions,
    );
    const missing = await Promise.all(
      [...bundles].map(async ([name, { file }]) =>
        (await staticImports(file))
          .filter((path) => !isBuiltin(path))
          .map((path) => `${name}: ${path}`),
      ),
    );
    expect(missing.flat()).toEqual([]);
  } finally {
    await folder.remove();
  }
});
