import { DatabaseSync } from "node:sqlite";

/** Documents of one kind, by id, in order of id. Every write is on disk (as far as a killed process is concerned) when it returns. */
export interface Collection<T> {
  get(id: string): T | undefined;
  put(id: string, document: T): void;
  delete(id: string): void;
  list(): { id: string; document: T }[];
}

/** All state of the sandbox except the DynamoDB tables. */
export interface Store {
  collection<T>(name: string): Collection<T>;
  /** Runs `work` so that either all of its writes are kept, or none. Synchronous; may be nested. */
  transaction<T>(work: () => T): T;
  close(): void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS documents (
    collection TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (collection, id)
  ) WITHOUT ROWID, STRICT;
`;

/** Opens the database and reads all of it: a damaged one must not be found out in the middle of something. */
const openDatabase = (path: string) => {
  const database = new DatabaseSync(path);
  try {
    // WAL with `synchronous = NORMAL` survives a killed process; only a power cut may cost the last writes.
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${schema}`);
    const check = database.prepare("PRAGMA quick_check(1)").get()?.quick_check;
    if (check !== "ok") throw new Error(String(check));
    const invalid = database.prepare("SELECT id FROM documents WHERE NOT json_valid(json)").get();
    if (invalid !== undefined) throw new Error(`the document ${invalid.id} is not JSON`);
    return {
      database,
      read: database.prepare("SELECT json FROM documents WHERE collection = ? AND id = ?"),
      write: database.prepare("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)"),
      remove: database.prepare("DELETE FROM documents WHERE collection = ? AND id = ?"),
      all: database.prepare("SELECT id, json FROM documents WHERE collection = ? ORDER BY id"),
    };
  } catch (error) {
    database.close();
    throw error;
  }
};

const opened = (path: string): ReturnType<typeof openDatabase> => {
  try {
    return openDatabase(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `the store ${path} cannot be used: ${reason}. Start over with --fresh, or take another directory with --state <dir>`,
      { cause },
    );
  }
};

/**
 * Opens the database file, or a database in memory for `:memory:`.
 *
 * @throws Error when the file is no store, or damaged
 */
export const openStore = (path: string): Store => {
  const { database, read, write, remove, all } = opened(path);

  // The files are the sandbox's own: what it wrote is read back as what it was.
  const collection = <T>(name: string): Collection<T> => ({
    get: (id) => {
      const row = read.get(name, id);
      return row === undefined ? undefined : (JSON.parse(String(row.json)) as T);
    },
    put: (id, document) => void write.run(name, id, JSON.stringify(document)),
    delete: (id) => void remove.run(name, id),
    list: () =>
      all
        .all(name)
        .map((row) => ({ id: String(row.id), document: JSON.parse(String(row.json)) as T })),
  });

  let depth = 0;
  const transaction = <T>(work: () => T): T => {
    if (depth > 0) return work();
    depth += 1;
    database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      database.exec("COMMIT");
      return result;
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    } finally {
      depth -= 1;
    }
  };

  return { collection, transaction, close: () => database.close() };
};
