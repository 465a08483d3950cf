import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Mutant } from "./mutants.ts";

const root = join(import.meta.dirname, "../..");

/** A copy of packages/core/src in a folder of its own, with the edits made. */
export interface Mutated {
  /** The file that exports the mutated `simulate` and what goes with it. */
  entry: string;
  remove(): Promise<void>;
}

/** Copies the sources and breaks the copy. Throws when an edit does not fit the sources exactly once: then the mutant is to be written anew. */
export const mutate = async ({ name, edits }: Mutant): Promise<Mutated> => {
  const folder = await mkdtemp(join(tmpdir(), "curfew-mutant-"));
  const source = join(folder, "src");
  await cp(join(root, "packages/core/src"), source, { recursive: true });
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  for (const { file, find, replace } of edits) {
    const path = join(source, file);
    const parts = (await readFile(path, "utf8")).split(find);
    if (parts.length !== 2)
      throw new Error(`"${name}": found ${parts.length - 1} times in ${file}: ${find}`);
    await writeFile(path, parts.join(replace));
  }
  return {
    entry: join(source, "testing/index.ts"),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};
