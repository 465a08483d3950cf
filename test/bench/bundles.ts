import { stat } from "node:fs/promises";
import { join } from "node:path";
import { loadDeployment } from "../../packages/sandbox/src/deployment.ts";
import { bundleFunctions } from "../../packages/sandbox/src/lambda/bundles.ts";
import { stateFolder } from "../support/sandbox.ts";

const root = join(import.meta.dirname, "../..");

/** How large each function's code is, in KB, bundled with the options that the stacks give; the largest first. */
export const bundleSizes = async (): Promise<[name: string, size: number][]> => {
  const { functions } = loadDeployment(join(root, "packages/sandbox/deployment.json"));
  const folder = await stateFolder();
  try {
    const bundles = await bundleFunctions(
      { root, directory: join(folder.path, "bundles") },
      functions,
    );
    const sizes = [...bundles].map(
      async ([name, { file }]): Promise<[string, number]> => [
        name.replace("curfew-sandbox-", ""),
        (await stat(file)).size / 1_024,
      ],
    );
    return (await Promise.all(sizes)).sort(([, a], [, b]) => b - a);
  } finally {
    await folder.remove();
  }
};
