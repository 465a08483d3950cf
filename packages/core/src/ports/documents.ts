/** A stored document, and the revision that a conditional write names. */
export interface Stored<T> {
  document: T;
  /** Counted from 1; grows by one with each write. */
  revision: number;
}

/** One page of documents. */
export interface Page<T> {
  items: T[];
  /** Where the next page begins; absent on the last one. */
  cursor?: string;
}

/** Where in an index to look. */
export interface Listing {
  /** One of the kind's indexes. */
  index: string;
  /** The documents of which the index answers this. */
  partition: string;
  /** Only ids that sort before this one. */
  before?: string | undefined;
  /** How many ids at most. */
  limit: number;
}

/**
 * Documents of one kind. Reads are strongly consistent. A write names the revision that it replaces and fails if that is no longer the stored
 * one: single-item conditional writes are all the consistency that Curfew needs.
 */
export interface Documents<T> {
  get(id: string): Promise<Stored<T> | undefined>;
  /** Writes the document in place of `previous`, or as a new one if that is undefined. Undefined if the stored revision is another. */
  put(document: T, previous: Stored<T> | undefined): Promise<Stored<T> | undefined>;
  /**
   * Ids of the documents that are not finished with, those that are due first coming first. Eventually
   * consistent.
   *
   * @param dueBy only those whose `openSince` is not later than this
   */
  listOpen(cursor?: string, dueBy?: string): Promise<Page<string>>;
  /** Ids of one partition of an index, the last coming first: exactly `limit` of them while there are as many. Eventually consistent. */
  listBy(listing: Listing): Promise<string[]>;
}

/** How documents of one kind are kept. */
export interface DocumentKind<T> {
  /** Prefix of the keys, such as `request`. */
  name: string;
  /** Parses what is stored. Throws on anything that is not a valid document. */
  parse(stored: unknown): T;
  id(document: T): string;
  /** While a document is open: when it is next of interest (ISO 8601). Undefined once it is finished with. */
  openSince(document: T): string | undefined;
  /** By name, what each further index goes by. A document for which that is undefined is not in it. */
  indexes?: Readonly<Record<string, (document: T) => string | undefined>>;
  /** When the document may be deleted, in seconds since the epoch. */
  expires?(document: T): number | undefined;
}
