import type { DocumentKind, Documents, Stored } from "../ports/documents.ts";

/** Documents in memory, and a look at all of them. */
export interface MemoryDocuments<T> extends Documents<T> {
  /** Every document, in the order in which they were first written. */
  all(): T[];
  /** How often a document was written. */
  writes(): number;
}

/** How many ids a page of {@link memoryDocuments} holds unless told otherwise. */
export const memoryPageSize = 3;

const frozen = <T>(value: T): T => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
};

/** Keeps documents as what becomes of them as JSON, so that nothing is stored that could not be, and frozen, so that nobody changes what is stored by changing an object. */
export const memoryDocuments = <T>(
  kind: DocumentKind<T>,
  pageSize = memoryPageSize,
): MemoryDocuments<T> => {
  const stored = new Map<string, Stored<T>>();
  let writes = 0;

  return {
    get: async (id) => stored.get(id),
    put: async (document, previous): Promise<Stored<T> | undefined> => {
      const kept = frozen(kind.parse(JSON.parse(JSON.stringify(document))));
      const id = kind.id(document);
      if (stored.get(id)?.revision !== previous?.revision) return undefined;
      const written = { document: kept, revision: (previous?.revision ?? 0) + 1 };
      stored.set(id, written);
      writes += 1;
      return written;
    },
    listOpen: async (cursor, dueBy) => {
      const open = [...stored.values()]
        .map(({ document }) => ({ id: kind.id(document), due: kind.openSince(document) }))
        .filter((entry): entry is { id: string; due: string } => entry.due !== undefined)
        .filter(({ due }) => dueBy === undefined || due <= dueBy)
        .map((entry) => ({ ...entry, key: `${entry.due}#${entry.id}` }))
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .filter(({ key }) => cursor === undefined || key > cursor);
      const page = open.slice(0, pageSize);
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
        .map(({ document }) => document)
        .filter((document) => partitionOf(document) === partition)
        .map((document) => kind.id(document))
        .filter((id) => before === undefined || id < before)
        .sort((a, b) => (a > b ? -1 : 1))
        .slice(0, limit);
    },
    all: () => [...stored.values()].map(({ document }) => document),
    writes: () => writes,
  };
};
