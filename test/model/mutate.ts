import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Mutant } from "./mutants.ts";

const root = join(import.meta.dirname, "../..");

/** The packages that the model plays, and the model itself. */
const copied = [
  "packages/core",
  "packages/aws",
  "packages/workflow",
  "packages/sandbox/src/states",
];

/** A copy of the sources in a folder of its own, with the edits made. */
export interface Mutated {
  /** The file that exports the mutated {@link play}. */
  entry: string;
  remove(): Promise<void>;
}

/** Links every installed package, so that `@curfew/*` alone resolves to the copy. */
const linkPackages = async (folder: string): Promise<void> => {
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, "@curfew"), { recursive: true });
  for (const name of await readdir(join(root, "node_modules")))
    if (name !== "@curfew" && name !== ".bin")
      await symlink(join(root, "node_modules", name), join(modules, name));
  for (const name of ["core", "aws", "workflow"])
    await symlink(join(folder, "packages", name), join(modules, "@curfew", name));
};

/**
 * Copies the sources and breaks the copy.
 *
 * @throws Error when an edit does not fit the sources exactly once: then the mutant needs an update
 */
export const mutate = async ({ name, edits }: Mutant): Promise<Mutated> => {
  const folder = await mkdtemp(join(tmpdir(), "curfew-mutant-"));
  const copy = (path: string): Promise<void> =>
    cp(join(root, path), join(folder, path), { recursive: true });
  await Promise.all([...copied, "test/model"].map(copy));
  await linkPackages(folder);
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  for (const { file, find, replace } of edits) {
    const path = join(folder, "packages", file);
    const parts = (await readFile(path, "utf8")).split(find);
    if (parts.length !== 2)
      throw new Error(`"${name}": found ${parts.length - 1} times in ${file}: ${find}`);
    await writeFile(path, parts.join(replace));
  }
  return {
    entry: join(folder, "test/model/play.ts"),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};
