/**
 * Completes package-lock.json with the packages for other systems.
 *
 * Tools such as biome come with one optional package per system. A registry that lacks those of
 * other systems makes `npm install` leave them out of the lockfile, and `npm ci` then refuses the
 * lockfile as incomplete, on every system. This adds each missing one with its version and the
 * systems it is for, and without a checksum, which nobody here has seen.
 *
 * Run after each change of dependencies, by `npm run lockfile`. Changes nothing the second time.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

/** What this reads of package-lock.json, version 3. */
export const Lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      dev: z.boolean().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});
export type Lockfile = z.infer<typeof Lockfile>;

/** Keeps all that it does not know, in its order, so that writing it back changes nothing else. */
const AnyObject = z.record(z.string(), z.unknown());

/** The systems that a package is for, as npm's `os`, `cpu` and `libc` name them. */
export interface Systems {
  os: string[];
  cpu: string[];
  libc?: string[];
}

const operatingSystems = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const processors = ["arm", "arm64", "ia32", "ppc64", "riscv64", "s390x", "x64"];

/**
 * Reads the systems off a package's name, such as `@biomejs/cli-linux-x64-musl`. A registry cannot
 * be asked: these are the packages that it does not have.
 *
 * @throws Error when the name does not end in a known system
 */
export function systemsOf(name: string): Systems {
  const words = name.split(/[-/]/);
  const start = words.findIndex((word) => operatingSystems.includes(word));
  const [os, cpu, abi] = start < 0 ? [] : words.slice(start);
  if (os === undefined || cpu === undefined || !processors.includes(cpu)) {
    throw new Error(`Cannot tell from its name which systems ${name} is for: add it by hand.`);
  }
  const libc = abi?.startsWith("musl") ? "musl" : abi?.startsWith("gnu") ? "glibc" : undefined;
  return { os: [os], cpu: [cpu], ...(libc ? { libc: [libc] } : {}) };
}

/** A locked package for another system: as npm writes it, but for the checksum and the address. */
export interface Addition extends Systems {
  version: string;
  dev?: true;
  optional: true;
}

/**
 * The packages that `lockfile` lacks, by their place in it.
 *
 * @throws Error when a missing one names no exact version, or no system
 */
export function missingFrom(lockfile: Lockfile): Record<string, Addition> {
  const missing: Record<string, Addition> = {};
  for (const [path, parent] of Object.entries(lockfile.packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      if (isLocked(lockfile, path, name)) continue;
      if (!/^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(version)) {
        throw new Error(`${path} wants ${name} ${version}, which is not one version.`);
      }
      const { os, cpu, libc } = systemsOf(name);
      missing[`node_modules/${name}`] = {
        version,
        cpu,
        ...(parent.dev ? { dev: true } : {}),
        ...(libc ? { libc } : {}),
        optional: true,
        os,
      };
    }
  }
  return missing;
}

/** Whether a package at `path` finds `name` in its own node_modules or in one above it. */
function isLocked(lockfile: Lockfile, path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")))) {
    if (`${folder ? `${folder}/` : ""}node_modules/${name}` in lockfile.packages) return true;
    if (folder === "") return false;
  }
}

if (import.meta.main) {
  const file = join(import.meta.dirname, "../package-lock.json");
  const json: unknown = JSON.parse(await readFile(file, "utf8"));
  const missing = missingFrom(Lockfile.parse(json));
  const lockfile = AnyObject.parse(json);
  const packages = Object.entries({ ...AnyObject.parse(lockfile.packages), ...missing });
  packages.sort(([a], [b]) => a.localeCompare(b, "en")); // as npm does
  const text = JSON.stringify({ ...lockfile, packages: Object.fromEntries(packages) }, null, 2);
  await writeFile(file, `${text}\n`);
  const count = Object.keys(missing).length;
  console.log(`package-lock.json: ${count} packages for other systems were missing.`);
}
