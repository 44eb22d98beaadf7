import { CodedError } from '#errors';

/** The failure of the DER reader: der-malformed, with the offset in bytes from the start of what was parsed. */
export function malformedDER(message: string, offset: number): CodedError {
  return new CodedError('der-malformed', `${message} at byte ${offset}`, { field: `byte ${offset}` });
}
