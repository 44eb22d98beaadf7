import { CodedError } from '#errors';

/** The coded failure for a failed system call on `file`; any other error comes back as it is. */
export function codedFileError(error: unknown, file: string): unknown {
  if (error instanceof CodedError || !isSystemError(error)) return error;
  const code = error.code === 'ENOSPC' || error.code === 'EDQUOT' ? 'store-full' : 'store-unavailable';
  return new CodedError(code, `${file} cannot be opened or written: ${error.message}`, {
    field: file,
    hint: 'Make the data directory readable and writable for this user, on a disk with free space.',
    cause: error,
  });
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
