import { isCoded } from '#errors';
import { describePKCS12, listJKS, readKeystore, readPKCS12 } from '#pki/keystore';
import type { KeyEntry, Keystore, KeystoreEntry, TrustedEntry } from '#pki/keystore';
import { parseCertificate, parsePrivateKeyDER } from '#pki/x509';
import type { Certificate } from '#pki/x509';
import { certificateContent } from './der-content.ts';
import { orDamaged, placed } from './gathered.ts';
import type { Content, Gathered, Part } from './gathered.ts';
import type { InspectOptions } from './inspection.ts';

/** What a PKCS#12 file shows: everything with the password, how it is protected without. */
export function readPKCS12Source(source: string, bytes: Uint8Array, options: InspectOptions): Gathered {
  const keystore = openedPKCS12(bytes, options);
  const protection = describePKCS12(bytes);
  return {
    sources: [{ name: source, format: 'PKCS12', locked: keystore === undefined, protection }],
    parts: keystore === undefined ? [] : partsOf(source, keystore),
  };
}

/** Without a password the empty one is tried, since many truststores have it. */
function openedPKCS12(bytes: Uint8Array, { password, keyPassword }: InspectOptions): Keystore | undefined {
  const passwords = { password: password ?? '', ...(keyPassword === undefined ? {} : { keyPassword }) };
  try {
    return readPKCS12(bytes, passwords);
  } catch (error) {
    if (password === undefined && isCoded(error, 'keystore-password-wrong')) return undefined;
    throw error;
  }
}

/** What a JKS or JCEKS file shows; its certificates need no password. */
export function readJKSSource(
  source: string,
  bytes: Uint8Array,
  format: 'JKS' | 'JCEKS',
  options: InspectOptions,
): Gathered {
  const { password, keyPassword } = options;
  const name = source;
  if (password === undefined) {
    const { entries } = listJKS(bytes);
    const locked = entries.some((entry) => entry.type === 'key');
    return { sources: [{ name, format, locked }], parts: entries.flatMap((entry) => entryParts(source, entry)) };
  }
  const keystore = readKeystore(bytes, { password, ...(keyPassword === undefined ? {} : { keyPassword }) });
  return { sources: [{ name, format, locked: false }], parts: partsOf(source, keystore) };
}

function partsOf(source: string, { entries, unread = [] }: Keystore): Part[] {
  const others = unread.map((what) => ({ source, place: '', type: 'other', what }) as const);
  return [...entries.flatMap((entry) => entryParts(source, entry)), ...others];
}

type ListedEntry =
  | KeystoreEntry
  | { readonly type: 'key'; readonly alias: string; readonly key?: undefined; readonly chain: readonly Uint8Array[] };

function entryParts(source: string, entry: ListedEntry): Part[] {
  const place = entry.alias === '' ? 'entry without name' : `entry "${entry.alias}"`;
  const contents = entry.type === 'trusted' ? [trustedContent(entry)] : keyContents(entry);
  return placed(source, place, contents);
}

function trustedContent({ certificate, seenByJava }: TrustedEntry): Content {
  const content = certificateContent(certificate);
  if (content.type !== 'certificate') return content;
  return { ...content, role: 'trusted', ...(seenByJava === undefined ? {} : { seenByJava }) };
}

function keyContents({ key, chain }: { key?: KeyEntry['key'] | undefined; chain: readonly Uint8Array[] }): Content[] {
  const entry = leafOf(chain);
  const keyContent = orDamaged(() => ({ type: 'key', key: key && parsePrivateKeyDER(key), entry }));
  const certificates = chain.map((der): Content => {
    const content = certificateContent(der);
    return content.type === 'certificate' ? { ...content, role: 'chain' } : content;
  });
  return [keyContent, ...certificates];
}

function leafOf([leaf]: readonly Uint8Array[]): Certificate | undefined {
  if (leaf === undefined) return undefined;
  const content = orDamaged(() => ({ type: 'certificate', certificate: parseCertificate(leaf) }));
  return content.type === 'certificate' ? content.certificate : undefined;
}
