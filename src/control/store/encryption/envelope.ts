import { createCipheriv, createDecipheriv, createSecretKey, randomFillSync } from 'node:crypto';
import { CodedError } from '#errors';
import { keyBytes, keyIdBytes } from './keyring.ts';
import type { KeyObject } from 'node:crypto';
import type { KeyEncryptionKey, Keyring } from './keyring.ts';

/**
 * A sealed value: magic and version, id of the key-encryption key, wrapped data key, ciphertext, tag. Values that are
 * not sealed are JSON and never begin with a zero byte.
 */
export const sealedStart: Uint8Array = Uint8Array.of(0x00, 0x43, 0x01);
const wrappedBytes = keyBytes + 8;
const tagBytes = 16;
const wrappedAt = sealedStart.length + keyIdBytes;
const ciphertextAt = wrappedAt + wrappedBytes;
/** How much longer a sealed value is than the plain one. */
export const sealedOverheadBytes: number = ciphertextAt + tagBytes;

/** RFC 3394 section 2.2.3.1: the integrity check of the key wrap. */
const wrapCheck = Buffer.alloc(8, 0xa6);
/**
 * A data key encrypts one value and is never used again, so a constant nonce repeats under no key
 * (NIST SP 800-38D section 8.2.1).
 */
const onlyNonce = Buffer.alloc(12);

export function isSealed(value: Uint8Array): boolean {
  return value.length >= sealedOverheadBytes && sealedStart.every((byte, index) => value[index] === byte);
}

/** Encrypts `plain` for the place `path` and no other, under a fresh data key that the primary key wraps. */
export function seal(keyring: Keyring, path: string, plain: Uint8Array): Uint8Array {
  const dataKey = freshDataKey();
  const sealed = Buffer.allocUnsafe(plain.length + sealedOverheadBytes);
  writeHeader(sealed, keyring.primary, dataKey);
  const cipher = createCipheriv('aes-256-gcm', secretKey(dataKey), onlyNonce);
  cipher.setAAD(boundTo(path));
  sealed.set(cipher.update(plain), ciphertextAt);
  cipher.final();
  sealed.set(cipher.getAuthTag(), ciphertextAt + plain.length);
  return sealed;
}

/**
 * Decrypts what was sealed for `path`. Throws key-file-missing, key-file-wrong, and secret-malformed when the value is
 * damaged, not sealed, or was sealed for another place.
 */
export function unseal(keyring: Keyring, path: string, sealed: Uint8Array): Uint8Array {
  if (!isSealed(sealed)) throw malformed(path);
  const dataKey = unwrap(keyring.find(keyIdOf(sealed)), path, sealed);
  const decipher = createDecipheriv('aes-256-gcm', secretKey(dataKey), onlyNonce, { authTagLength: tagBytes });
  decipher.setAAD(boundTo(path));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  try {
    const plain = decipher.update(sealed.subarray(ciphertextAt, -tagBytes));
    decipher.final();
    return plain;
  } catch (cause) {
    throw malformed(path, cause);
  }
}

/** The same value with its data key wrapped by the primary key; undefined when it already is. */
export function rewrap(keyring: Keyring, path: string, sealed: Uint8Array): Uint8Array | undefined {
  const keyId = keyIdOf(sealed);
  if (keyId === keyring.primary.id) return undefined;
  const rewrapped = Buffer.from(sealed);
  writeHeader(rewrapped, keyring.primary, unwrap(keyring.find(keyId), path, sealed));
  return rewrapped;
}

/** Id of the key-encryption key of a sealed value. */
export function keyIdOf(sealed: Uint8Array): string {
  return Buffer.from(sealed.subarray(sealedStart.length, wrappedAt)).toString('hex');
}

function writeHeader(target: Buffer, { id, key }: KeyEncryptionKey, dataKey: Uint8Array): void {
  target.set(sealedStart, 0);
  target.write(id, sealedStart.length, 'hex');
  target.set(createCipheriv('id-aes256-wrap', key, wrapCheck).update(dataKey), wrappedAt);
}

/** AES key wrap (RFC 3394) needs no nonce, so one key-encryption key may wrap any number of data keys. */
function unwrap({ key }: KeyEncryptionKey, path: string, sealed: Uint8Array): Uint8Array {
  try {
    return createDecipheriv('id-aes256-wrap', key, wrapCheck).update(sealed.subarray(wrappedAt, ciphertextAt));
  } catch (cause) {
    throw malformed(path, cause);
  }
}

/** What the tag covers beside the value: a value that is moved to another key, or read as another version, does not open. */
function boundTo(path: string): Buffer {
  return Buffer.concat([sealedStart, Buffer.from(path)]);
}

function secretKey(bytes: Uint8Array): KeyObject {
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}

/** Randomness is drawn in blocks: one call for 128 keys costs as much as for one. */
const pool = Buffer.alloc(128 * keyBytes);
let drawn = pool.length;

function freshDataKey(): Uint8Array {
  if (drawn === pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  const source = pool.subarray(drawn, drawn + keyBytes);
  drawn += keyBytes;
  return source;
}

function malformed(path: string, cause?: unknown): CodedError {
  return new CodedError('secret-malformed', `the encrypted value of ${path} does not open`, {
    field: path,
    hint: 'Restore the object, or the data directory, from a backup.',
    cause,
  });
}
