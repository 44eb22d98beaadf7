import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';

/**
 * The peer: one table of keys and values in SQLite with the same durability, and nothing else. No revisions, no
 * comparison before a write, no history, no index terms, no watchers.
 */
export class BareSqlite {
  readonly #database: DatabaseSync;
  readonly #put: StatementSync;
  readonly #get: StatementSync;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(`
      PRAGMA page_size = 8192; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      PRAGMA cache_size = -32768;
      CREATE TABLE entry (key TEXT PRIMARY KEY, value BLOB NOT NULL);
    `);
    this.#put = this.#database.prepare('INSERT OR REPLACE INTO entry VALUES (?, ?)');
    this.#get = this.#database.prepare('SELECT value FROM entry WHERE key = ?');
  }

  /** All of `keys` in one transaction, on the disk when it returns. */
  put(keys: readonly string[], value: Uint8Array): void {
    this.#database.exec('BEGIN IMMEDIATE');
    for (const key of keys) this.#put.run(key, value);
    this.#database.exec('COMMIT');
  }

  get(key: string): unknown {
    return this.#get.get(key);
  }

  close(): void {
    this.#database.close();
  }
}
