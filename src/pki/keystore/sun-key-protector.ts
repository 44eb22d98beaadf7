import { createHash, timingSafeEqual } from 'node:crypto';
import { utf16 } from './password.ts';
import type { RandomBytes } from './keystore.ts';

/** Algorithm of the keys in a JKS file; a scheme of Sun's own, in no standard. */
export const sunKeyProtectorOID = '1.3.6.1.4.1.42.2.17.1.1';

const digestBytes = 20;

/**
 * `key` under Sun's key protector: a salt, the key xored with a stream of SHA-1 digests, a SHA-1 check. Nothing slows
 * guessing down: a JKS file is as secret as its password is long.
 */
export function protectSunKey(key: Uint8Array, password: string, random: RandomBytes): Uint8Array {
  const secret = utf16(password);
  const salt = random(digestBytes);
  return Buffer.concat([salt, xoredWithStream(key, secret, salt), sha1(secret, key)]);
}

/** The key, or undefined when the check shows that the password is not the right one. */
export function unprotectSunKey(bytes: Uint8Array, password: string): Uint8Array | undefined {
  if (bytes.length < 2 * digestBytes) return undefined;
  const secret = utf16(password);
  const body = bytes.subarray(digestBytes, -digestBytes);
  const key = xoredWithStream(body, secret, bytes.subarray(0, digestBytes));
  return timingSafeEqual(sha1(secret, key), bytes.subarray(-digestBytes)) ? key : undefined;
}

function xoredWithStream(bytes: Uint8Array, secret: Uint8Array, salt: Uint8Array): Uint8Array {
  const result = Uint8Array.from(bytes);
  let digest = salt;
  for (let at = 0; at < result.length; at += digestBytes) {
    digest = sha1(secret, digest);
    const end = Math.min(digestBytes, result.length - at);
    for (let i = 0; i < end; i++) result[at + i]! ^= digest[i]!;
  }
  return result;
}

function sha1(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
