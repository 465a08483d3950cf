import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { holdsBundles } from "./lambda/bundle-cache.ts";

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

/** The file that tells a sandbox's directory from any other. */
export const markerName = ".curfew-sandbox";

const markerText = "The state of Curfew's sandbox. `npm start -- --fresh` removes it.\n";

const lockName = "lock";
const names = {
  database: "store.db",
  tables: "tables",
  bundles: "bundles",
  functionLog: "functions.log",
} as const;

/** Everything that `--fresh` removes: the state, with the files that SQLite puts beside a database. */
const stateNames = [
  ...Object.values(names),
  ...["-journal", "-wal", "-shm"].map((suffix) => names.database + suffix),
];

/** What else a sandbox writes into its directory. */
const ownNames = [...stateNames, lockName, `${lockName}-journal`, markerName];

/**
 * Takes the directory for this process, making it if need be.
 *
 * @param fresh whether to remove the state of earlier sandboxes; files of anybody else stay
 * @throws Error when another sandbox runs on it, it is not a sandbox's, or it cannot be made
 */
export const openStateDirectory = (directory: string, fresh: boolean): StateDirectory => {
  const path = resolve(directory);
  make(path);
  if (!isOurs(path))
    throw new Error(
      `${path} is not empty, and no sandbox made it: take another directory with --state <dir>`,
    );
  const release = lock(path);
  writeFileSync(join(path, markerName), markerText);
  if (fresh)
    for (const name of stateNames) rmSync(join(path, name), { recursive: true, force: true });
  return {
    path,
    database: join(path, names.database),
    tables: join(path, names.tables),
    bundles: join(path, names.bundles),
    functionLog: join(path, names.functionLog),
    release,
  };
};

/**
 * Makes the directory and those above it, one by one: `mkdirSync` with `recursive` never returns
 * where the file system refuses with ENOENT below a directory that exists, as /proc does.
 */
const make = (path: string): void => {
  try {
    const missing: string[] = [];
    for (let at = path; !exists(at); at = dirname(at)) missing.unshift(at);
    for (const at of missing) makeOne(at);
  } catch (cause) {
    throw new Error(
      `${path} cannot be made: ${messageOf(cause)}. Take another directory with --state <dir>`,
      { cause },
    );
  }
  if (!statSync(path).isDirectory())
    throw new Error(`${path} is not a directory: take another one with --state <dir>`);
};

const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

const makeOne = (path: string): void => {
  try {
    mkdirSync(path);
  } catch (error) {
    // Another sandbox may have been faster.
    if (!exists(path)) throw error;
  }
};

/** Whether a sandbox made the directory, or nobody has put anything into it. */
const isOurs = (path: string): boolean => {
  const found = readdirSync(path);
  const has = (name: string): boolean => found.includes(name);
  if (found.length === 0 || has(markerName)) return true;
  // Earlier versions wrote no marker. One that was killed at its first start left little more than the lock.
  if (has(lockName) && (has(names.database) || found.every((name) => ownNames.includes(name))))
    return true;
  // Bundles may be copied from another sandbox, which saves the time to make them.
  return holdsBundles(join(path, names.bundles));
};

/** SQLite's result code for a database that somebody else has locked. */
const busy = 5;

/**
 * Locks the directory by a database file that is never written. The operating system lets go of the
 * lock however the process ends, which a file with a process id would not survive.
 */
const lock = (path: string): (() => void) => {
  const file = join(path, lockName);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    database?.close();
    const isBusy = cause instanceof Error && "errcode" in cause && cause.errcode === busy;
    throw new Error(
      isBusy
        ? `another sandbox is running on ${path}: stop it, or take another directory with --state <dir>`
        : `${file} cannot be locked: ${messageOf(cause)}. Remove it, or take another directory with --state <dir>`,
      { cause },
    );
  }
  const taken = database;
  return () => taken.close();
};

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
