import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

/** What bundles were made of. */
const Manifest = z.strictObject({
  version: z.literal(1),
  request: z.string(),
  /** Path from the root → hash of the content. */
  inputs: z.record(z.string(), z.string()),
});

/** The lockfile stands for everything that npm installed, esbuild too: hashing each module would cost more than it tells. */
const lockfile = "package-lock.json";

/** Where the manifest is among the bundles. */
export const manifestIn = (directory: string): string => join(directory, "manifest.json");

const hashOf = (path: string): string => {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("base64");
  } catch {
    return "absent";
  }
};

/** The manifest; undefined where there is none, or the file is something else. */
const read = (manifest: string): z.infer<typeof Manifest> | undefined => {
  try {
    return Manifest.parse(JSON.parse(readFileSync(manifest, "utf8")));
  } catch {
    return undefined;
  }
};

/** Whether the directory holds bundles that a sandbox made. */
export const holdsBundles = (directory: string): boolean =>
  read(manifestIn(directory)) !== undefined;

/** Whether the manifest says that the same request on the same sources was bundled before. */
export const isCurrent = (manifest: string, root: string, request: string): boolean => {
  const known = read(manifest);
  if (known?.request !== request) return false;
  return Object.entries(known.inputs).every(([path, hash]) => hashOf(join(root, path)) === hash);
};

/** Notes what bundles were made of. Written whole or not at all, so that a killed build is never taken for a finished one. */
export const writeManifest = (
  manifest: string,
  root: string,
  request: string,
  inputs: readonly string[],
): void => {
  const own = inputs.filter((path) => !path.includes("node_modules/") && !path.includes(":"));
  const hashes = [...new Set([lockfile, ...own])].map((path) => [path, hashOf(join(root, path))]);
  const content = { version: 1, request, inputs: Object.fromEntries(hashes) };
  writeFileSync(`${manifest}.new`, JSON.stringify(content));
  renameSync(`${manifest}.new`, manifest);
};
