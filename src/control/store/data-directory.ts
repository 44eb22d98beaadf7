import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CodedError } from '#errors';
import { codedFileError } from './file-errors.ts';
import { codedSqliteError } from './sqlite-errors.ts';

/** The directory that one process owns, and the names of what is in it. */
export interface DataDirectory {
  readonly path: string;
  readonly database: string;
  readonly keyFile: string;
  /** Lets another process have it. The lock also ends with the process, however it ends. */
  release(): void;
}

/**
 * Makes the directory if need be, for its owner only, and locks it. Throws store-locked when a living process has it,
 * and store-unavailable when it cannot be made or written.
 */
export function openDataDirectory(directory: string): DataDirectory {
  const path = resolve(directory);
  const lock = makeLockFile(path);
  const release = lockDirectory(path, lock);
  return { path, database: join(path, 'chancery.db'), keyFile: join(path, 'secrets.key'), release };
}

function makeLockFile(path: string): string {
  const lock = join(path, 'lock.db');
  try {
    makeDirectories(path);
    closeSync(openSync(lock, 'a', 0o600));
    return lock;
  } catch (cause) {
    throw new CodedError('store-unavailable', `the data directory ${path} cannot be made or written`, {
      field: path,
      hint: 'Choose a directory that this user may write, with --data-dir.',
      cause,
    });
  }
}

/** A lock that nobody refers to would be collected as garbage, and with it released. */
const held = new Set<DatabaseSync>();

/** Node's own recursive mkdir never returns where a file system refuses to make a folder as if its parent were missing (/proc). */
function makeDirectories(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT') throw error;
    makeDirectories(dirname(path));
    mkdirSync(path, { mode: 0o700 });
  }
}

/**
 * A write transaction that is never finished: SQLite holds it as a lock of the operating system, which ends with the
 * process, also when that is killed. A file with a process id in it would outlive its process.
 */
function lockDirectory(path: string, lock: string): () => void {
  const holder = join(path, 'lock.pid');
  const database = new DatabaseSync(lock);
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN IMMEDIATE');
    writeFileSync(holder, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    database.close();
    throw codedFileError(lockError(error, { path, lock, holder }), path);
  }
  held.add(database);
  return () => {
    if (!held.delete(database)) return;
    rmSync(holder, { force: true });
    database.close();
  };
}

interface Places {
  readonly path: string;
  readonly lock: string;
  readonly holder: string;
}

function lockError(error: unknown, { path, lock, holder }: Places): unknown {
  const coded = codedSqliteError(error, lock);
  if (!(coded instanceof CodedError) || coded.code !== 'store-locked') return coded;
  const pid = readHolder(holder);
  return new CodedError(
    'store-locked',
    `the data directory ${path} is in use by ${pid ? `process ${pid}` : 'another process'}`,
    {
      field: path,
      hint: `Stop ${pid ? `process ${pid}` : 'the other process'}, or choose another directory with --data-dir.`,
      cause: error,
    },
  );
}

/** Only for the message: the lock itself is what counts. */
function readHolder(holder: string): string | undefined {
  try {
    return /^\d+$/.exec(readFileSync(holder, 'utf8').trim())?.[0];
  } catch {
    return undefined;
  }
}
