import { CodedError } from '#errors';

/** Largest keystore that is read, in bytes: Java's own `cacerts` is 200 KB. */
export const maximumKeystoreBytes = 16 * 1024 * 1024;

/** Most entries (certificates and keys counted alike) in one keystore. */
export const maximumKeystoreEntries = 10_000;

/** Most iterations of one password derivation. Files in use have 1 to 600,000. */
export const maximumIterations = 2_000_000;

/** Most iterations that all derivations of one file may ask for together: some seconds of one core. */
export const maximumIterationsPerFile = 8_000_000;

/** Error `keystore-unsupported`, for what is well formed but beyond what is read here. */
export function unsupported(message: string, field?: string, hint?: string): CodedError {
  return new CodedError('keystore-unsupported', message, details(field, hint));
}

/** Error `keystore-malformed`. */
export function malformed(message: string, field?: string, cause?: unknown): CodedError {
  return new CodedError('keystore-malformed', message, { ...details(field), cause });
}

/** Error `keystore-password-wrong`. */
export function wrongPassword(field?: string): CodedError {
  const place = field === undefined ? 'the keystore' : field;
  return new CodedError(
    'keystore-password-wrong',
    `The password does not open ${place}.`,
    details(field, 'Give the password that the keystore, or this entry of it, was written with.'),
  );
}

function details(field?: string, hint?: string): { field?: string; hint?: string } {
  return { ...(field === undefined ? {} : { field }), ...(hint === undefined ? {} : { hint }) };
}

/** Fails with `keystore-unsupported` when the file itself is over the limit. */
export function assertKeystoreSize(bytes: Uint8Array): void {
  if (bytes.length <= maximumKeystoreBytes) return;
  throw unsupported(`The keystore has ${bytes.length} bytes; at most ${maximumKeystoreBytes} are read.`);
}
