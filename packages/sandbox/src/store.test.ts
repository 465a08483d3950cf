import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "./store.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "curfew-store-"));
  path = join(folder, "store.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

const fill = (): void => {
  const store = openStore(path);
  const numbers = store.collection<string>("numbers");
  for (let n = 0; n < 500; n += 1) numbers.put(String(n), "x".repeat(100));
  store.close();
};

const execute = (sql: string): void => {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
};

/** Overwrites the end of the file, as a disk that was full may have. */
const damage = (): void => {
  const content = readFileSync(path);
  writeFileSync(path, content.fill(7, Math.floor(content.length / 2)));
};

describe("a store", () => {
  it("holds what was put into it after it was closed", () => {
    fill();
    const store = openStore(path);
    expect(store.collection("numbers").list()).toHaveLength(500);
    store.close();
  });

  it.each([
    ["is no database", () => writeFileSync(path, "no database")],
    ["is a directory", () => mkdirSync(path)],
    ["is another database", () => execute("CREATE TABLE documents (x)")],
    [
      "holds something else than JSON",
      () => {
        fill();
        execute("UPDATE documents SET json = '{' WHERE id = '7'");
      },
    ],
    [
      "is damaged",
      () => {
        fill();
        damage();
      },
    ],
  ])("that %s is refused, with its path and what to do", (_, prepare) => {
    prepare();
    expect(() => openStore(path)).toThrow(`the store ${path} cannot be used: `);
    expect(() => openStore(path)).toThrow(/--fresh.*--state/);
  });
});
