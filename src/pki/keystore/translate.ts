import { CodedError, isCoded } from '#errors';
import { malformed } from './limits.ts';

/** What `read` returns; the failures of the DER reader become `keystore-malformed`, since offsets are inside the file. */
export function readingKeystore<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isCoded(error, 'der-malformed')) throw error;
    throw malformed(`The keystore is damaged: ${error.message}`, undefined, error);
  }
}

/** What `read` returns, or undefined where the bytes are malformed: for plaintext that a wrong password has made. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}
