import { CodedError } from '#errors';
import { parsePEM } from '#pki/x509';
import type { PEMBlock } from '#pki/x509';
import { assertCount, kindNames, readBundle, readCertificate, readKey, refuseKey } from './der-file.ts';
import { derKind } from './der-kind.ts';
import type { DERKind } from './der-kind.ts';
import type { Access } from './find-material.ts';
import { entryPlace } from './found.ts';
import type { FoundCertificate, FoundFile, FoundKey, Ignored } from './found.ts';
import { sizeLimits, tooLarge } from './limits.ts';

const kinds: Readonly<Record<string, DERKind>> = {
  CERTIFICATE: 'certificate',
  'X509 CERTIFICATE': 'certificate',
  'TRUSTED CERTIFICATE': 'certificate',
  'PRIVATE KEY': 'key',
  'RSA PRIVATE KEY': 'key',
  'EC PRIVATE KEY': 'key',
  'ENCRYPTED PRIVATE KEY': 'encrypted-key',
  PKCS7: 'pkcs7',
  CMS: 'pkcs7',
};

/** OpenSSL writes them before keys; they say nothing. */
const passedOver = new Set(['EC PARAMETERS', 'DH PARAMETERS']);

interface Found {
  readonly keys: FoundKey[];
  readonly certificates: FoundCertificate[];
  readonly ignored: Ignored[];
}

/** The blocks of a PEM text, counted from 1; what stands between them is passed over. Errors name the entry. */
export function findInPEM(name: string, text: string, access: Access): FoundFile {
  const blocks = parsePEM(text).filter(({ label }) => !passedOver.has(label));
  const limits = { ...access, workLimit: Math.floor(access.workLimit / Math.max(1, assertBlocks(blocks, name))) };
  const found: Found = { keys: [], certificates: [], ignored: [] };
  for (const [i, block] of blocks.entries()) addBlock(found, block, name, i + 1, limits);
  return { format: 'PEM', ...found };
}

/** How many private keys there are. Error `material-too-large`. */
function assertBlocks(blocks: readonly PEMBlock[], name: string): number {
  const keys = blocks.filter(({ label }) => label.endsWith('PRIVATE KEY')).length;
  if (keys > sizeLimits.privateKeys) {
    throw tooLarge(`The file has ${keys} private keys; at most ${sizeLimits.privateKeys} are read.`, name);
  }
  assertCount(blocks.length - keys, name);
  return keys;
}

function addBlock(found: Found, { label, der, encrypted }: PEMBlock, name: string, n: number, access: Access): void {
  const kind = kinds[label] ?? derKind(der);
  const place = entryPlace(name, n, kind === undefined ? label.toLowerCase() : kindNames[kind]);
  if (encrypted) throw formerlyEncrypted(place, access);
  if (kind === 'certificate') found.certificates.push(readCertificate(der, place));
  else if (kind === 'key' || kind === 'encrypted-key') found.keys.push(readKey(der, kind, place, access));
  else if (kind === 'pkcs7') found.certificates.push(...readBundle(der, place, name));
  else found.ignored.push({ place, what: label.toLowerCase() });
}

/** The header "Proc-Type: 4,ENCRYPTED" of RFC 1421, whose key derivation is one round of MD5. */
function formerlyEncrypted(place: string, access: Access): CodedError {
  refuseKey(place, access);
  return new CodedError('key-unsupported', `${place}: the key is encrypted in OpenSSL's former way.`, {
    field: place,
    hint: 'Write it as PKCS#8: openssl pkcs8 -topk8 -in key.pem -out key.p8.pem',
  });
}
