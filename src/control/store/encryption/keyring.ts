import { createHmac, createSecretKey } from 'node:crypto';
import { CodedError } from '#errors';
import type { KeyObject } from 'node:crypto';

export const keyBytes = 32;
export const keyIdBytes = 8;

/** A key that only ever encrypts data keys. Its id is derived from it, and tells nothing about it. */
export interface KeyEncryptionKey {
  /** Lower-case hexadecimal, 16 digits. */
  readonly id: string;
  readonly key: KeyObject;
}

/** The key-encryption keys that stored values may name. The first is the one that new values are sealed with. */
export class Keyring {
  #keys: readonly KeyEncryptionKey[];

  constructor(keys: readonly KeyEncryptionKey[]) {
    this.#keys = keys;
  }

  get keys(): readonly KeyEncryptionKey[] {
    return this.#keys;
  }

  /** Throws key-file-missing when there is no key at all. */
  get primary(): KeyEncryptionKey {
    const primary = this.#keys[0];
    if (primary === undefined) throw missingKeyError();
    return primary;
  }

  /** Throws key-file-missing when there is no key at all, and key-file-wrong when there are only others. */
  find(id: string): KeyEncryptionKey {
    const found = this.#keys.find((key) => key.id === id);
    if (found !== undefined) return found;
    if (this.#keys.length === 0) throw missingKeyError();
    throw new CodedError('key-file-wrong', `the stored values are encrypted with the key ${id}, which is not at hand`, {
      hint: 'Put back the key file (secrets.key) that belongs to this database, or give its key by the environment.',
    });
  }

  /** From now on new values are sealed with `key`; the others still open what they sealed. */
  promote(key: KeyEncryptionKey): void {
    this.#keys = [key, ...this.#keys.filter(({ id }) => id !== key.id)];
  }
}

/** The key-encryption key of 32 `bytes`. */
export function keyEncryptionKey(bytes: Uint8Array): KeyEncryptionKey {
  const key = createSecretKey(bytes);
  const id = createHmac('sha256', key)
    .update('chancery key id')
    .digest('hex')
    .slice(0, 2 * keyIdBytes);
  return { id, key };
}

function missingKeyError(): CodedError {
  return new CodedError('key-file-missing', 'the database holds encrypted values, but there is no key to open them', {
    hint: 'Put the key file (secrets.key) back into the data directory, or give the key by the environment.',
  });
}
