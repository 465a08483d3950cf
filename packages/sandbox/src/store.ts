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

/** Opens the database file, or a database in memory for `:memory:`. */
export const openStore = (path: string): Store => {
  const database = new DatabaseSync(path);
  // WAL with `synchronous = NORMAL` survives a killed process; only a power cut may cost the last writes.
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS documents (
      collection TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (collection, id)
    ) WITHOUT ROWID, STRICT;
  `);
  const read = database.prepare("SELECT json FROM documents WHERE collection = ? AND id = ?");
  const write = database.prepare("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)");
  const remove = database.prepare("DELETE FROM documents WHERE collection = ? AND id = ?");
  const all = database.prepare("SELECT id, json FROM documents WHERE collection = ? ORDER BY id");

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
