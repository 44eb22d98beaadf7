import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { CodedError } from '#errors';
import { codedFileError } from './file-errors.ts';
import { codedSqliteError, damagedError } from './sqlite-errors.ts';
import { assertNoOrphanedLog, checkDatabaseFile, createDatabaseFile } from './sqlite-file.ts';
import { pageSize, schemaVersion } from './sqlite-schema.ts';
import type { DatabaseFile } from './sqlite-file.ts';

const cacheKibibytes = 32 * 1024;
const quickCheckLimitBytes = 32 * 2 ** 20;

/**
 * The one connection of this process. All work on it is synchronous, so a reader on the same connection always sees a
 * committed state, and its page cache stays warm; a second connection would drop its cache at every commit.
 */
export class SqliteConnection {
  readonly file: string;
  readonly database: DatabaseSync;

  private constructor(file: string, database: DatabaseSync) {
    this.file = file;
    this.database = database;
  }

  /**
   * Opens `file`, or makes it. Throws store-damaged, store-locked, store-unavailable. `limitBytes` bounds the file,
   * and a write beyond it fails as on a full disk.
   */
  static open(file: string, { limitBytes }: { readonly limitBytes?: number } = {}): SqliteConnection {
    const found = prepareFile(file);
    const connection = new SqliteConnection(file, openDatabase(file));
    try {
      connection.run(() => configure(connection.database, file, limitBytes));
      if (found.unclean && found.length <= quickCheckLimitBytes) connection.run(() => quickCheck(connection));
      return connection;
    } catch (error) {
      connection.database.close();
      throw error;
    }
  }

  /** Runs `work`, with SQLite's errors coded. */
  run<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw codedSqliteError(error, this.file);
    }
  }

  /** Runs `work` in a write transaction, which is on the disk when this returns; after a throw nothing of it is kept. */
  transaction<T>(work: () => T): T {
    return this.run(() => {
      this.database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.database.exec('COMMIT');
        return result;
      } finally {
        if (this.database.isTransaction) this.database.exec('ROLLBACK');
      }
    });
  }

  close(): void {
    this.run(() => this.database.close());
  }
}

function prepareFile(file: string): DatabaseFile {
  try {
    if (!existsSync(file)) {
      assertNoOrphanedLog(file);
      createDatabaseFile(file);
    }
    return checkDatabaseFile(file);
  } catch (error) {
    throw codedFileError(codedSqliteError(error, file), file);
  }
}

function openDatabase(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file);
  } catch (error) {
    throw codedSqliteError(error, file);
  }
}

/**
 * Exclusive locking saves the lock calls of every read and keeps other processes out, even those that ignore the lock
 * of the data directory. FULL, because in WAL mode NORMAL may lose answered commits at a power cut.
 */
function configure(database: DatabaseSync, file: string, limitBytes: number | undefined): void {
  database.exec(`
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 500;
    PRAGMA journal_size_limit = ${64 * 2 ** 20};
    PRAGMA cache_size = -${cacheKibibytes};
    PRAGMA temp_store = MEMORY;
    BEGIN IMMEDIATE;
    COMMIT;
  `);
  if (limitBytes !== undefined) database.exec(`PRAGMA max_page_count = ${Math.ceil(limitBytes / pageSize)}`);
  const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
  if (version !== schemaVersion) {
    throw new CodedError('store-unavailable', `${file} has schema version ${String(version)}, not ${schemaVersion}`, {
      field: file,
      hint: 'Open it with the version of Chancery that wrote it, or a newer one.',
    });
  }
}

function quickCheck({ database, file }: SqliteConnection): void {
  const answer = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (answer !== 'ok') throw damagedError(file, `is damaged: ${String(answer)}`);
}
