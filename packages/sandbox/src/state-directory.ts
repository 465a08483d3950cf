import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Where a sandbox keeps everything. */
export interface StateDirectory {
  path: string;
  /** The store's database file. */
  database: string;
  /** DynamoDB's directory. */
  tables: string;
  /** The functions' bundles. */
  bundles: string;
  /** What the functions wrote. */
  functionLog: string;
  /** Lets another sandbox use the directory. */
  release(): void;
}

const lockName = "lock";

/**
 * Locks the directory by a database file that is never written. The operating system lets go of the
 * lock however the process ends, which a file with a process id would not survive.
 */
const lock = (path: string): (() => void) => {
  const database = new DatabaseSync(join(path, lockName), { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    throw new Error(
      `another sandbox is running on ${path}: stop it, or take another directory with --state <dir>`,
      { cause },
    );
  }
  return () => database.close();
};

/**
 * Takes the directory for this process, making it if need be.
 *
 * @param fresh whether to forget everything in it
 * @throws Error when another sandbox runs on it
 */
export const openStateDirectory = (directory: string, fresh: boolean): StateDirectory => {
  const path = resolve(directory);
  mkdirSync(path, { recursive: true });
  const release = lock(path);
  if (fresh)
    for (const name of readdirSync(path))
      if (!name.startsWith(lockName)) rmSync(join(path, name), { recursive: true });
  return {
    path,
    database: join(path, "store.db"),
    tables: join(path, "tables"),
    bundles: join(path, "bundles"),
    functionLog: join(path, "functions.log"),
    release,
  };
};
