import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStateDirectory, type StateDirectory } from "./state-directory.ts";

let path: string;
let opened: StateDirectory[];
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "curfew-state-"));
  opened = [];
});
afterEach(() => {
  close();
  rmSync(path, { recursive: true });
});

const open = (fresh = false, at = path): StateDirectory => {
  const directory = openStateDirectory(at, fresh);
  opened.push(directory);
  return directory;
};

const close = (): void => {
  for (const { release } of opened) release();
  opened = [];
};

/** Puts files there, below the directory; the content is their name. */
const put = (...names: string[]): void => {
  for (const name of names) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), name);
  }
};

/** Everything that a sandbox writes. */
const written = ["store.db", "store.db-wal", "tables/CURRENT", "bundles/api.mjs", "functions.log"];
const manifest = JSON.stringify({ version: 1, request: "[]", inputs: {} });

describe("a state directory", () => {
  it("belongs to one sandbox at a time", () => {
    open();
    expect(() => open()).toThrow("another sandbox is running on");
    close();
    expect(open().path).toBe(path);
  });

  it("keeps what is in it", () => {
    open();
    close();
    writeFileSync(join(path, "store.db"), "");
    expect(existsSync(open().database)).toBe(true);
  });

  it("forgets what is in it when told to, but not under a running sandbox", () => {
    const running = open();
    writeFileSync(join(path, "store.db"), "");
    expect(() => open(true)).toThrow("another sandbox");
    expect(existsSync(running.database)).toBe(true);

    close();
    expect(existsSync(open(true).database)).toBe(false);
  });
});

describe("--fresh", () => {
  it("removes what a sandbox wrote, and nothing else", () => {
    open();
    close();
    put(...written, "notes.txt", "lock.txt", "storage/store.db", "store.db.backup");
    open(true);
    close();
    expect(readdirSync(path).sort()).toEqual([
      ".curfew-sandbox",
      "lock",
      "lock.txt",
      "notes.txt",
      "storage",
      "store.db.backup",
    ]);
    expect(readdirSync(join(path, "storage"))).toEqual(["store.db"]);
  });

  it("removes a link, not the directory behind it", () => {
    open();
    close();
    put("elsewhere/tables/CURRENT");
    symlinkSync(join(path, "elsewhere", "tables"), join(path, "tables"));
    open(true);
    expect(existsSync(join(path, "tables"))).toBe(false);
    expect(existsSync(join(path, "elsewhere", "tables", "CURRENT"))).toBe(true);
  });
});

describe("a directory of somebody else", () => {
  it.each([
    ["with any file", ["notes.txt"]],
    ["with tables of its own", ["tables/CURRENT"]],
    ["with a database of its own", ["store.db"]],
    ["with bundles of its own", ["bundles/manifest.json"]],
    ["with a hidden file", [".git/config"]],
  ])("%s is refused, and stays as it is", (_, names) => {
    put(...names);
    const before = readdirSync(path, { recursive: true });
    for (const fresh of [false, true])
      expect(() => open(fresh)).toThrow(
        `${path} is not empty, and no sandbox made it: take another directory with --state <dir>`,
      );
    expect(readdirSync(path, { recursive: true })).toEqual(before);
  });
});

describe("a directory of a sandbox", () => {
  it.each([
    ["empty", []],
    ["of an earlier version", ["lock", "store.db", "tables/CURRENT", "bundles/api.mjs"]],
    ["of an earlier version, with a file of somebody", ["lock", "store.db", "notes.txt"]],
    ["of an earlier version that was killed at its first start", ["lock"]],
  ])("is recognised: %s", (_, names) => {
    put(...names);
    if (names.includes("lock")) writeFileSync(join(path, "lock"), "");
    open();
    close();
    put("notes.txt");
    expect(open(true).path).toBe(path);
  });

  it("is recognised by bundles that were copied from another one", () => {
    put("curfew.config.ts");
    mkdirSync(join(path, "bundles"));
    writeFileSync(join(path, "bundles", "manifest.json"), manifest);
    expect(open().path).toBe(path);
  });

  it("says so in a file", () => {
    open();
    expect(readFileSync(join(path, ".curfew-sandbox"), "utf8")).toContain("--fresh");
  });
});

describe("a directory that is not to be had", () => {
  it("is made with those above it", () => {
    expect(existsSync(open(false, join(path, "a", "b")).path)).toBe(true);
  });

  it.each(["/proc/curfew/state", "/proc/self/state", "/dev/null/state"])(
    "is refused at once where it cannot be made: %s",
    (at) => {
      expect(() => open(false, at)).toThrow(/cannot be made: .*--state <dir>/);
    },
  );

  it("is refused where a file is in its place", () => {
    put("state");
    expect(() => open(false, join(path, "state"))).toThrow("is not a directory");
    expect(() => open(false, join(path, "state", "below"))).toThrow("cannot be made");
  });

  it("is refused where its lock is none", () => {
    put("lock", "store.db");
    writeFileSync(join(path, "lock"), "no database".repeat(100));
    expect(() => open()).toThrow(`${join(path, "lock")} cannot be locked: file is not a database`);
  });
});
