import { CodedError } from '#errors';
import type { ErrorCode, ErrorDetails } from '#errors';

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html), as far as a user can do something about them. */
const meanings: Readonly<Record<number, { code: ErrorCode; text: string; hint: string }>> = {
  3: {
    code: 'store-unavailable',
    text: 'may not be accessed',
    hint: 'Make the file readable and writable for this user.',
  },
  5: { code: 'store-locked', text: 'is in use by another program', hint: 'Stop the other program, then try again.' },
  8: {
    code: 'store-unavailable',
    text: 'cannot be written',
    hint: 'Make the file and its directory writable for this user.',
  },
  10: {
    code: 'store-unavailable',
    text: 'cannot be read or written',
    hint: 'Check the disk: the operating system reports an I/O error.',
  },
  11: { code: 'store-damaged', text: 'is damaged', hint: 'Restore the data directory from a backup.' },
  13: {
    code: 'store-full',
    text: 'has no room left',
    hint: 'Free space on the disk; nothing of the failed write was kept.',
  },
  14: {
    code: 'store-unavailable',
    text: 'cannot be opened',
    hint: 'Make the file readable and writable for this user.',
  },
  26: { code: 'store-damaged', text: 'is not a database', hint: 'Restore the data directory from a backup.' },
};

/** The coded failure for an error of node:sqlite; any other error is a fault of the program and comes back as it is. */
export function codedSqliteError(error: unknown, file: string): unknown {
  const meaning = meanings[primaryCode(error)];
  if (meaning === undefined) return error;
  return new CodedError(meaning.code, `${file} ${meaning.text}`, { field: file, hint: meaning.hint, cause: error });
}

export function damagedError(file: string, reason: string, details: ErrorDetails = {}): CodedError {
  return new CodedError('store-damaged', `${file} ${reason}`, {
    field: file,
    hint: 'Restore the data directory from a backup.',
    ...details,
  });
}

/** The low byte of an extended result code. */
function primaryCode(error: unknown): number {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return 0;
  return error.errcode & 0xff;
}
