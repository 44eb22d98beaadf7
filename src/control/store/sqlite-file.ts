import { closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { damagedError } from './sqlite-errors.ts';
import { applicationId, createTables, pageSize } from './sqlite-schema.ts';

/** What can be said about a database file without opening it. Lengths in bytes. */
export interface DatabaseFile {
  readonly length: number;
  /** The write-ahead log was left behind: the last process did not close the database. */
  readonly unclean: boolean;
}

/**
 * Makes a new database of mode 0600. It appears under its name only when it is whole and on the disk, so an empty or
 * short file under that name is always damage and never a first start that was cut off.
 */
export function createDatabaseFile(file: string): void {
  const unfinished = `${file}.new`;
  rmSync(unfinished, { force: true });
  closeSync(openSync(unfinished, 'wx', 0o600));
  const database = new DatabaseSync(unfinished);
  database.exec(`PRAGMA page_size = ${pageSize}; BEGIN; ${createTables} COMMIT; PRAGMA journal_mode = WAL;`);
  database.close();
  renameSync(unfinished, file);
  syncDirectory(dirname(file));
}

/** Makes a rename in `directory` survive a power cut. */
export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** Throws store-damaged when the header or the length of `file` are not those of a Chancery database. */
export function checkDatabaseFile(file: string): DatabaseFile {
  const { size: length } = statSync(file);
  const unclean = fileLength(`${file}-wal`) > 0;
  const header = readHeader(file);
  if (header.length < 100) throw damagedError(file, `is cut short: it has ${length} bytes`);
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') throw damagedError(file, 'is not a database');
  if (header.readUInt32BE(68) !== applicationId) {
    throw damagedError(file, 'is a database of another program', { hint: 'Choose another data directory.' });
  }
  // With a write-ahead log the header may be ahead of the file, quite properly.
  if (!unclean && length < expectedLength(header)) {
    throw damagedError(file, `is cut short: it has ${length} of ${expectedLength(header)} bytes`);
  }
  return { length, unclean };
}

/** A write-ahead log without its database would be thrown away by SQLite, with all that it holds. */
export function assertNoOrphanedLog(file: string): void {
  if (existsSync(`${file}-wal`)) {
    throw damagedError(file, 'is missing, but its write-ahead log is there', {
      hint: 'Put the database file back beside its -wal file, or restore the data directory from a backup.',
    });
  }
}

/** Page size and page count: https://www.sqlite.org/fileformat.html section 1.3. */
function expectedLength(header: Buffer): number {
  const page = header.readUInt16BE(16);
  return (page === 1 ? 65_536 : page) * header.readUInt32BE(28);
}

function readHeader(file: string): Buffer {
  const header = Buffer.alloc(100);
  const descriptor = openSync(file, 'r');
  try {
    return header.subarray(0, readSync(descriptor, header, 0, 100, 0));
  } finally {
    closeSync(descriptor);
  }
}

function fileLength(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
