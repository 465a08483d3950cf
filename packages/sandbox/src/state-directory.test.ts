import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStateDirectory, type StateDirectory } from "./state-directory.ts";

let path: string;
let opened: StateDirectory[];
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "curfew-state-"));
  opened = [];
});
afterEach(() => {
  for (const { release } of opened) release();
  rmSync(path, { recursive: true });
});

const open = (fresh = false): StateDirectory => {
  const directory = openStateDirectory(path, fresh);
  opened.push(directory);
  return directory;
};

describe("a state directory", () => {
  it("belongs to one sandbox at a time", () => {
    const first = open();
    expect(() => open()).toThrow("another sandbox is running on");
    first.release();
    opened = [];
    expect(open().path).toBe(path);
  });

  it("keeps what is in it", () => {
    writeFileSync(join(path, "store.db"), "");
    expect(existsSync(open().database)).toBe(true);
  });

  it("forgets what is in it when told to, but not under a running sandbox", () => {
    writeFileSync(join(path, "store.db"), "");
    const running = open();
    expect(() => open(true)).toThrow("another sandbox");
    expect(existsSync(running.database)).toBe(true);

    running.release();
    opened = [];
    expect(existsSync(open(true).database)).toBe(false);
  });
});
