import { parseSequence, readOctetString } from '#pki/x509';
import { parameterFields, readAlgorithm } from './algorithm.ts';
import { jceksKeyProtectorOID, unprotectJCEKSKey } from './jceks-key-protector.ts';
import { hasDigest, readContainer } from './jks-layout.ts';
import type { JKSRecord } from './jks-layout.ts';
import type { Keystore, KeystoreEntry, KeystorePasswords } from './keystore.ts';
import { assertKeystoreSize, unsupported, wrongPassword } from './limits.ts';
import { readPrivateKeyInfo } from './private-key-info.ts';
import { sunKeyProtectorOID, unprotectSunKey } from './sun-key-protector.ts';
import { readable, readingKeystore } from './translate.ts';
import { WorkBudget } from './work-budget.ts';

/** What a JKS or JCEKS file shows to somebody without its password. Nothing vouches for it. */
export interface JKSListing {
  readonly format: 'JKS' | 'JCEKS';
  readonly entries: readonly JKSListedEntry[];
}

export type JKSListedEntry =
  | { readonly type: 'key'; readonly alias: string; readonly created: Date; readonly chain: readonly Uint8Array[] }
  | { readonly type: 'trusted'; readonly alias: string; readonly created: Date; readonly certificate: Uint8Array };

/**
 * The entries of a JKS or JCEKS file, its digest and its keys opened with the passwords. Errors:
 * `keystore-password-wrong`, with the entry where it is a key's; `keystore-malformed`; `keystore-unsupported`, also for
 * a JCEKS file with secret keys. A damaged file cannot be told from a wrong password, since one digest covers both.
 */
export function readJKS(bytes: Uint8Array, passwords: KeystorePasswords): Keystore {
  assertKeystoreSize(bytes);
  return readingKeystore(() => {
    const container = readContainer(bytes);
    if (!hasDigest(container, passwords.password)) throw wrongPassword();
    const budget = new WorkBudget(passwords.workLimit);
    const keyPassword = passwords.keyPassword ?? passwords.password;
    return { entries: container.records.map((record) => opened(record, keyPassword, budget)) };
  });
}

/** The certificates and names of a JKS or JCEKS file, without its password. Errors as readJKS. */
export function listJKS(bytes: Uint8Array): JKSListing {
  assertKeystoreSize(bytes);
  const { format, records } = readContainer(bytes);
  return { format, entries: records.map(listed) };
}

function listed(record: JKSRecord): JKSListedEntry {
  if (record.type === 'trusted') return record;
  const { type, alias, created, chain } = record;
  return { type, alias, created, chain };
}

function opened(record: JKSRecord, password: string, budget: WorkBudget): KeystoreEntry {
  const { alias } = record;
  if (record.type === 'trusted') return { type: 'trusted', alias, certificate: record.certificate };
  const key = openedKey(record.protectedKey, password, budget, `key "${alias}"`);
  return { type: 'key', alias, key, chain: record.chain };
}

function openedKey(bytes: Uint8Array, password: string, budget: WorkBudget, place: string): Uint8Array {
  const fields = parseSequence(bytes, 'EncryptedPrivateKeyInfo');
  const algorithm = readAlgorithm(fields.next());
  const encrypted = readOctetString(fields.next());
  switch (algorithm.oid) {
    case sunKeyProtectorOID:
      return plainKey(unprotectSunKey(encrypted, password), place);
    case jceksKeyProtectorOID:
      return plainKey(unprotectJCEKSKey(encrypted, parameterFields(algorithm, place), password, budget, place), place);
    default:
      throw unsupported(`Key protection with ${algorithm.oid} is not supported.`, place);
  }
}

/** JCEKS has no check of its own, so the key's structure must be right too. */
function plainKey(key: Uint8Array | undefined, place: string): Uint8Array {
  const info = key && readable(() => readPrivateKeyInfo(key));
  if (info === undefined) throw wrongPassword(place);
  return info;
}
