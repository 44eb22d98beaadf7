import { readJKS } from './jks-read.ts';
import { jceksMagic, jksMagic } from './jks-layout.ts';
import type { Keystore, KeystorePasswords } from './keystore.ts';
import { malformed } from './limits.ts';
import { readPKCS12 } from './pkcs12-read.ts';

export type KeystoreFormat = 'JKS' | 'JCEKS' | 'PKCS12';

/**
 * The format by the first bytes, whatever the file is called; undefined when they are none of a keystore's. PKCS12 means
 * a sequence that starts with the integer 3, which no certificate, request or private key does.
 */
export function keystoreFormat(bytes: Uint8Array): KeystoreFormat | undefined {
  const magic = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  if (magic === jksMagic.toString(16)) return 'JKS';
  if (magic === jceksMagic.toString(16)) return 'JCEKS';
  return startsAsPFX(bytes) ? 'PKCS12' : undefined;
}

/** SEQUENCE of any length form, then INTEGER 3. */
function startsAsPFX(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x30) return false;
  const length = bytes[1] ?? 0;
  const start = length > 0x80 ? 2 + (length & 0x7f) : 2;
  return bytes[start] === 0x02 && bytes[start + 1] === 0x01 && bytes[start + 2] === 0x03;
}

/** Reads a keystore of any of the formats. Errors as readJKS and readPKCS12. */
export function readKeystore(bytes: Uint8Array, passwords: KeystorePasswords): Keystore {
  const format = keystoreFormat(bytes);
  if (format === undefined) throw malformed('The bytes are neither a JKS, a JCEKS nor a PKCS#12 keystore.', 'byte 0');
  return format === 'PKCS12' ? readPKCS12(bytes, passwords) : readJKS(bytes, passwords);
}
