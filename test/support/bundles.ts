import { cp } from "node:fs/promises";
import { join } from "node:path";

/** Where a sandbox keeps its bundles, below its state. */
const folder = "bundles";

/** The environment variable that tells the tests in which state the functions are bundled already. */
const variable = "CURFEW_TEST_STATE";

/** Tells the tests that follow where bundles are to be had. */
export const offerBundles = (state: string): void => {
  process.env[variable] = state;
};

/** Gives a fresh state the bundles that are there already. */
export const copyBundles = async (state: string): Promise<void> => {
  const bundled = process.env[variable];
  if (bundled !== undefined)
    await cp(join(bundled, folder), join(state, folder), { recursive: true });
};
