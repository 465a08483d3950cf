import type { DocumentKind, Documents, Stored } from "../ports/documents.ts";

/** Documents in memory, and a look at all of them. */
export interface MemoryDocuments<T> extends Documents<T> {
  /** Every document, in the order in which they were first written. */
  all(): T[];
  /** How often a document was written. */
  writes(): number;
}

/** How many ids a page of {@link memoryDocuments} holds. */
export const memoryPageSize = 3;

/** Keeps documents as JSON, so that nothing is stored that could not be, and nobody changes what is stored by changing an object. */
export const memoryDocuments = <T>(kind: DocumentKind<T>): MemoryDocuments<T> => {
  const stored = new Map<string, { json: string; revision: number }>();
  let writes = 0;
  const parse = (json: string): T => kind.parse(JSON.parse(json));

  return {
    get: async (id) => {
      const found = stored.get(id);
      return found && { document: parse(found.json), revision: found.revision };
    },
    put: async (document, previous): Promise<Stored<T> | undefined> => {
      const json = JSON.stringify(kind.parse(document));
      const id = kind.id(document);
      if (stored.get(id)?.revision !== previous?.revision) return undefined;
      const revision = (previous?.revision ?? 0) + 1;
      stored.set(id, { json, revision });
      writes += 1;
      return { document: parse(json), revision };
    },
    listOpen: async (cursor) => {
      const open = [...stored.values()]
        .map(({ json }) => parse(json))
        .map((document) => ({ id: kind.id(document), due: kind.openSince(document) }))
        .filter((entry): entry is { id: string; due: string } => entry.due !== undefined)
        .map((entry) => ({ ...entry, key: `${entry.due}#${entry.id}` }))
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .filter(({ key }) => cursor === undefined || key > cursor);
      const page = open.slice(0, memoryPageSize);
      const last = page.at(-1);
      const items = page.map(({ id }) => id);
      return last !== undefined && open.length > page.length
        ? { items, cursor: last.key }
        : { items };
    },
    listBy: async ({ index, partition, before, limit }) => {
      const partitionOf = kind.indexes?.[index];
      if (partitionOf === undefined) throw new Error(`There is no index ${index}.`);
      return [...stored.values()]
        .map(({ json }) => parse(json))
        .filter((document) => partitionOf(document) === partition)
        .map((document) => kind.id(document))
        .filter((id) => before === undefined || id < before)
        .sort((a, b) => (a > b ? -1 : 1))
        .slice(0, limit);
    },
    all: () => [...stored.values()].map(({ json }) => parse(json)),
    writes: () => writes,
  };
};
