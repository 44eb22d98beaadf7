import { isCoded } from '#errors';
import { listJKS, readJKS, readPKCS12 } from '#pki/keystore';
import type { KeyEntry, Keystore, KeystoreEntry } from '#pki/keystore';
import { assertCount, passwordMissing, readCertificate, readPlainKey, refuseKey } from './der-file.ts';
import type { Access } from './find-material.ts';
import { entryPlace } from './found.ts';
import type { FoundCertificate, FoundFile, FoundKey } from './found.ts';
import { sizeLimits, tooLarge } from './limits.ts';

/** A PKCS#12 file; without a password the empty one is tried, which many truststores have. */
export function findInPKCS12(name: string, bytes: Uint8Array, access: Access): FoundFile {
  return { format: 'PKCS12', ...contentOf(openedPKCS12(bytes, name, access), name, access) };
}

function openedPKCS12(bytes: Uint8Array, name: string, { password, keyPassword, workLimit }: Access): Keystore {
  try {
    return readPKCS12(bytes, { password: password ?? '', keyPassword, workLimit });
  } catch (error) {
    if (password !== undefined || !isCoded(error, 'keystore-password-wrong')) throw error;
    throw passwordMissing('The PKCS#12 file has a password, and none was given.', name);
  }
}

/** A JKS or JCEKS file. The certificates in it need no password, so what is only trusted is read without. */
export function findInJKS(name: string, bytes: Uint8Array, format: 'JKS' | 'JCEKS', access: Access): FoundFile {
  const { password, keyPassword, workLimit } = access;
  const { entries } = listJKS(bytes);
  assertEntries(entries, name);
  for (const { type, alias } of entries) if (type === 'key') refuseKey(entryPlace(name, alias, 'private key'), access);
  if (password !== undefined) {
    return { format, ...contentOf(readJKS(bytes, { password, keyPassword, workLimit }), name, access) };
  }
  const trusted = entries.filter((entry) => entry.type === 'trusted');
  if (trusted.length < entries.length) {
    throw passwordMissing(`The ${format} file has a password, and none was given.`, name);
  }
  const unchecked = name === '' ? `the ${format} file` : name;
  return { format, unchecked, ...contentOf({ entries: trusted }, name, access) };
}

type Content = Omit<FoundFile, 'format'>;

function contentOf({ entries, unread = [] }: Keystore, name: string, access: Access): Content {
  assertEntries(entries, name);
  const keys: FoundKey[] = [];
  const certificates: FoundCertificate[] = [];
  for (const [i, entry] of entries.entries()) {
    const place = entryPlace(name, entry.alias === '' ? i + 1 : entry.alias);
    if (entry.type === 'key') keys.push(readKeyEntry(entry, place, access));
    else certificates.push(readCertificate(entry.certificate, `${place} (certificate)`, entry.alias));
  }
  const ignored = unread.map((what) => ({ place: name === '' ? 'the file' : name, what }));
  return { keys, certificates, ignored };
}

function readKeyEntry({ alias, key, chain }: KeyEntry, place: string, access: Access): FoundKey {
  refuseKey(`${place} (private key)`, access);
  return {
    place: `${place} (private key)`,
    alias,
    key: readPlainKey(key, `${place} (private key)`),
    chain: chain.map((der, i) => readCertificate(der, `${place} (certificate ${i + 1})`)),
  };
}

type Counted = Pick<KeystoreEntry, 'type'> & { readonly chain?: readonly Uint8Array[] };

/** Before anything is opened or parsed. Error `material-too-large`. */
function assertEntries(entries: readonly Counted[], name: string): void {
  const keys = entries.filter(({ type }) => type === 'key').length;
  if (keys > sizeLimits.privateKeys) {
    throw tooLarge(`The file has ${keys} private keys; at most ${sizeLimits.privateKeys} are read.`, name);
  }
  assertCount(
    entries.reduce((sum, { chain }) => sum + (chain?.length ?? 1), 0),
    name,
  );
}
