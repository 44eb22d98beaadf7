import { CodedError } from '#errors';

/**
 * What is read at most. A file is refused by its size before a byte of it is decoded, by its entries before they are
 * parsed, and by the work it asks for before that is done.
 */
export const sizeLimits = {
  /** Bytes of one file; the same as of a keystore and of a PEM text. */
  fileBytes: 16 * 1024 * 1024,
  /** Characters of base64 around a file of that size, with a line end every 64. */
  base64Characters: Math.ceil((16 * 1024 * 1024 * 4) / 3) + 512 * 1024,
  files: 64,
  certificates: 2_000,
  privateKeys: 100,
  /** Between a certificate and its root, neither counted. */
  intermediates: 10,
  /** Signatures that are checked to order the chains of one upload. */
  signatureChecks: 500,
  /** Iterations of key derivation that are bearable while somebody else waits: some tenths of a second. */
  interactiveIterations: 1_000_000,
} as const;

/** Error `material-too-large`. */
export function tooLarge(message: string, field?: string, hint?: string): CodedError {
  return new CodedError('material-too-large', message, {
    ...(field === undefined || field === '' ? {} : { field }),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Error `material-unfit`. */
export function unfit(message: string, field: string | undefined, hint: string): CodedError {
  return new CodedError('material-unfit', message, { ...(field === undefined ? {} : { field }), hint });
}

/** Error `material-too-large` for a file over the limit; `name` is empty for the only file. */
export function assertFileSize(bytes: Uint8Array, name: string): void {
  if (bytes.length <= sizeLimits.fileBytes) return;
  const message = `${name === '' ? 'The file' : name} has ${bytes.length} bytes; at most ${sizeLimits.fileBytes} are read.`;
  throw tooLarge(message, name);
}
