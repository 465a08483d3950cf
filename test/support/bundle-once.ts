import { offerBundles } from "./bundles.ts";
import { startSandbox, stateFolder } from "./sandbox.ts";

/** Bundles the functions once for all tests: a sandbox with a fresh state would do it again each time. Run by vitest before the tests. */
export const setup = async (): Promise<() => Promise<void>> => {
  const state = await stateFolder();
  const sandbox = await startSandbox(state.path);
  await sandbox.stop();
  offerBundles(state.path);
  return state.remove;
};
