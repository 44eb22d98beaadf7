import { DERCursor, Tag, parseSequence, readOID, readOctetString } from '#pki/x509';
import type { DERElement } from '#pki/x509';
import { readAlgorithm } from './algorithm.ts';
import { berToDER } from './ber.ts';
import { readEncryption } from './encryption.ts';
import type { Encryption } from './encryption.ts';
import { assertKeystoreSize } from './limits.ts';
import { pkcs7Data, pkcs7EncryptedData, shroudedKeyBag } from './pkcs12-oids.ts';
import { readContentInfo, readPFX } from './pkcs12-pfx.ts';
import { readingKeystore } from './translate.ts';

/** How a PKCS#12 file is protected, as far as it shows without the password. */
export interface PKCS12Protection {
  /** The password check; undefined where the file has none, so that nobody notices a changed byte. */
  readonly check: { readonly name: string; readonly iterations: number } | undefined;
  /** Each encryption in use, once. */
  readonly encryptions: readonly PKCS12Encryption[];
}

export interface PKCS12Encryption {
  /** `PBE-SHA1-RC2-40`, `PBES2 AES-256-CBC PBKDF2-HMAC-SHA256`. */
  readonly name: string;
  readonly iterations: number;
  /** The cipher is broken or outdated: the password protects nothing. */
  readonly weak: boolean;
}

/** Errors: `keystore-malformed`, and `keystore-unsupported` for algorithms that readPKCS12 does not know either. */
export function describePKCS12(bytes: Uint8Array): PKCS12Protection {
  assertKeystoreSize(bytes);
  return readingKeystore(() => {
    const { content, mac } = readPFX(bytes);
    const found = parseSequence(content, 'AuthenticatedSafe');
    const encryptions = new Map<string, PKCS12Encryption>();
    while (!found.done) {
      for (const { name, iterations, weak } of contentEncryptions(found.next())) {
        encryptions.set(`${name} ${iterations}`, { name, iterations, weak });
      }
    }
    const check = mac && { name: mac.name, iterations: mac.iterations };
    return { check, encryptions: [...encryptions.values()] };
  });
}

function contentEncryptions(element: DERElement): Encryption[] {
  const { type, content } = readContentInfo(element);
  if (content === undefined) return [];
  if (type === pkcs7EncryptedData) return [encryptionOfContent(content)];
  return type === pkcs7Data ? keyEncryptions(readOctetString(content)) : [];
}

function encryptionOfContent(element: DERElement): Encryption {
  const fields = new DERCursor(element.expect(Tag.sequence, 'EncryptedData'));
  fields.next();
  const info = new DERCursor(fields.next());
  info.next();
  return readEncryption(readAlgorithm(info.next()), 'content');
}

function keyEncryptions(content: Uint8Array): Encryption[] {
  const bags = parseSequence(berToDER(content), 'SafeContents');
  const found: Encryption[] = [];
  while (!bags.done) {
    const bag = new DERCursor(bags.next());
    if (readOID(bag.next()) !== shroudedKeyBag) continue;
    const key = new DERCursor(new DERCursor(bag.next()).next());
    found.push(readEncryption(readAlgorithm(key.next()), 'key'));
  }
  return found;
}
