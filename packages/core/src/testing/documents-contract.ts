import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import type { DocumentKind, Documents, Stored } from "../ports/documents.ts";

const Note = z.strictObject({
  id: z.string(),
  text: z.string(),
  /** Until when the note is open. */
  due: z.optional(z.string()),
  folder: z.optional(z.string()),
});
type Note = z.infer<typeof Note>;

/** Makes a store of one kind. Stores made by one function may share a table. */
export type MakeStore = <T>(kind: DocumentKind<T>) => Documents<T> | Promise<Documents<T>>;

let kinds = 0;

/** A kind that no other test uses. */
const noteKind = (): DocumentKind<Note> => ({
  name: `note${++kinds}`,
  parse: (stored) => Note.parse(stored),
  id: (note) => note.id,
  openSince: (note) => note.due,
  // Names of indexes that the real table has.
  indexes: { flow: (note) => note.folder, all: () => "" },
});

/**
 * What every store of {@link Documents} must do, as tests.
 *
 * @param options `pageSize`: how many ids the store puts on one page of open documents
 */
export const documentsContract = (
  name: string,
  makeStore: MakeStore,
  { pageSize }: { pageSize: number },
): void => {
  const notes = async (): Promise<Documents<Note>> => makeStore(noteKind());
  const day = (n: number): string => new Date(Date.UTC(2026, 0, n)).toISOString();

  describe(name, () => {
    it("has nothing under an id that was never written", async () => {
      expect(await (await notes()).get("nowhere")).toBeUndefined();
    });

    it("gives back what was written, as its first revision", async () => {
      const store = await notes();
      const written = await store.put({ id: "a", text: "ä\n☃", due: day(1) }, undefined);
      const expected = { document: { id: "a", text: "ä\n☃", due: day(1) }, revision: 1 };
      expect(written).toEqual(expected);
      expect(await store.get("a")).toEqual(expected);
    });

    it("creates a document only where there is none", async () => {
      const store = await notes();
      await store.put({ id: "a", text: "first" }, undefined);
      expect(await store.put({ id: "a", text: "second" }, undefined)).toBeUndefined();
      expect(await store.get("a")).toEqual({ document: { id: "a", text: "first" }, revision: 1 });
    });

    it("replaces the revision that a write names, and counts on", async () => {
      const store = await notes();
      const first = await store.put({ id: "a", text: "first", due: day(1) }, undefined);
      const second = await store.put({ id: "a", text: "second" }, first);
      expect(second).toEqual({ document: { id: "a", text: "second" }, revision: 2 });
      const third = await store.put({ id: "a", text: "third" }, await store.get("a"));
      expect(third?.revision).toBe(3);
      expect(await store.get("a")).toEqual(third);
    });

    it("refuses a write that names an old revision, and changes nothing", async () => {
      const store = await notes();
      const first = await store.put({ id: "a", text: "first" }, undefined);
      const second = await store.put({ id: "a", text: "second" }, first);
      expect(await store.put({ id: "a", text: "late", due: day(1) }, first)).toBeUndefined();
      expect(await store.get("a")).toEqual(second);
      expect(await store.listOpen()).toEqual({ items: [] });
    });

    it("refuses to replace what does not exist", async () => {
      const store = await notes();
      const imagined: Stored<Note> = { document: { id: "a", text: "imagined" }, revision: 1 };
      expect(await store.put({ id: "a", text: "new" }, imagined)).toBeUndefined();
      expect(await store.get("a")).toBeUndefined();
    });

    it("lets one of many writers at once win", async () => {
      const store = await notes();
      const first = await store.put({ id: "a", text: "first" }, undefined);
      const writers = ["b", "c", "d", "e", "f"];
      const written = await Promise.all(writers.map((text) => store.put({ id: "a", text }, first)));
      const winners = written.filter((stored) => stored !== undefined);
      expect(winners).toHaveLength(1);
      expect(await store.get("a")).toEqual(winners[0]);
    });

    it("refuses to store what it could not read again", async () => {
      const store = await notes();
      const unreadable: object = { id: "a", text: "a", colour: "red" };
      await expect(store.put(unreadable as Note, undefined)).rejects.toThrow();
      expect(await store.get("a")).toBeUndefined();
    });

    it("keeps documents of different kinds apart", async () => {
      const [one, other] = [await notes(), await notes()];
      await one.put({ id: "a", text: "one", due: day(1) }, undefined);
      expect(await other.get("a")).toBeUndefined();
      expect(await other.listOpen()).toEqual({ items: [] });
    });

    it("lists exactly the open documents, those due first coming first", async () => {
      const store = await notes();
      await store.put({ id: "late", text: "", due: day(3) }, undefined);
      await store.put({ id: "a#b", text: "", due: day(1) }, undefined);
      await store.put({ id: "finished", text: "" }, undefined);
      await store.put({ id: "next", text: "", due: day(2) }, undefined);
      expect(await listAll(store)).toEqual(["a#b", "next", "late"]);
    });

    it("lists a document no more once it is closed, and again when it is reopened", async () => {
      const store = await notes();
      const open = await store.put({ id: "a", text: "", due: day(1) }, undefined);
      const closed = await store.put({ id: "a", text: "" }, open);
      expect(await store.listOpen()).toEqual({ items: [] });
      await store.put({ id: "a", text: "", due: day(9) }, closed);
      expect(await store.listOpen()).toEqual({ items: ["a"] });
    });

    it("lists a document where it is due now, not where it was", async () => {
      const store = await notes();
      const first = await store.put({ id: "moved", text: "", due: day(1) }, undefined);
      await store.put({ id: "other", text: "", due: day(2) }, undefined);
      await store.put({ id: "moved", text: "", due: day(3) }, first);
      expect(await listAll(store)).toEqual(["other", "moved"]);
    });

    it("lists every open document once, however many pages it takes", async () => {
      const store = await notes();
      const ids = Array.from({ length: 2 * pageSize + 1 }, (_, n) => `note-${n}`);
      // Some are due at the same moment: a page may end between two of them.
      await Promise.all(
        ids.map((id, n) => store.put({ id, text: "", due: day(1 + Math.floor(n / 2)) }, undefined)),
      );
      const first = await store.listOpen();
      expect(first.cursor).toBeDefined();
      expect((await listAll(store)).sort()).toEqual([...ids].sort());
    });

    it("lists those that are due by a moment, however many pages it takes", async () => {
      const store = await notes();
      const ids = Array.from({ length: pageSize + 2 }, (_, n) => `due-${n}`);
      await Promise.all(ids.map((id) => store.put({ id, text: "", due: day(2) }, undefined)));
      await store.put({ id: "late", text: "", due: day(3) }, undefined);
      await store.put({ id: "later", text: "", due: "~" }, undefined);
      const due: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.listOpen(cursor, day(2));
        due.push(...page.items);
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(due.sort()).toEqual([...ids].sort());
      expect((await store.listOpen(undefined, day(1))).items).toEqual([]);
      expect(await listAll(store)).toHaveLength(ids.length + 2);
    });

    it("lists one partition of an index, the last id first", async () => {
      const store = await notes();
      await store.put({ id: "a", text: "", folder: "in" }, undefined);
      await store.put({ id: "c", text: "", folder: "in" }, undefined);
      await store.put({ id: "b", text: "", folder: "in" }, undefined);
      await store.put({ id: "d", text: "", folder: "out" }, undefined);
      await store.put({ id: "e", text: "" }, undefined);
      expect(await store.listBy({ index: "flow", partition: "in", limit: 9 })).toEqual([
        "c",
        "b",
        "a",
      ]);
      const all = await store.listBy({ index: "all", partition: "", limit: 9 });
      expect(all).toEqual(["e", "d", "c", "b", "a"]);
      expect(await store.listBy({ index: "flow", partition: "none", limit: 9 })).toEqual([]);
    });

    it("lists as many ids as are asked for, going on before one that was named", async () => {
      const store = await notes();
      for (const id of ["a", "b", "c", "d"])
        await store.put({ id, text: "", folder: "in" }, undefined);
      const listing = { index: "flow", partition: "in", limit: 2 };
      expect(await store.listBy(listing)).toEqual(["d", "c"]);
      expect(await store.listBy({ ...listing, before: "c" })).toEqual(["b", "a"]);
      expect(await store.listBy({ ...listing, before: "a" })).toEqual([]);
      expect(await store.listBy({ ...listing, before: "bb" })).toEqual(["b", "a"]);
    });

    it("lists a document in the partition that it is in now", async () => {
      const store = await notes();
      const first = await store.put({ id: "a", text: "", folder: "in" }, undefined);
      const second = await store.put({ id: "a", text: "", folder: "out" }, first);
      expect(await store.listBy({ index: "flow", partition: "in", limit: 1 })).toEqual([]);
      expect(await store.listBy({ index: "flow", partition: "out", limit: 1 })).toEqual(["a"]);
      await store.put({ id: "a", text: "" }, second);
      expect(await store.listBy({ index: "flow", partition: "out", limit: 1 })).toEqual([]);
    });

    it("keeps documents of different kinds apart in an index", async () => {
      const [one, other] = [await notes(), await notes()];
      await one.put({ id: "a", text: "", folder: "in" }, undefined);
      expect(await other.listBy({ index: "flow", partition: "in", limit: 1 })).toEqual([]);
    });
  });
};

const listAll = async (store: Documents<Note>): Promise<string[]> => {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.listOpen(cursor);
    ids.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return ids;
};
