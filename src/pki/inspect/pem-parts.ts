import { parsePEM } from '#pki/x509';
import type { PEMBlock } from '#pki/x509';
import { derKind } from '#pki/material';
import type { DERKind } from '#pki/material';
import { readDERContents } from './der-content.ts';
import { placed } from './gathered.ts';
import type { Content, Part } from './gathered.ts';
import type { InspectOptions } from './inspection.ts';

const kinds: Readonly<Record<string, DERKind>> = {
  CERTIFICATE: 'certificate',
  'X509 CERTIFICATE': 'certificate',
  'TRUSTED CERTIFICATE': 'certificate',
  'CERTIFICATE REQUEST': 'request',
  'NEW CERTIFICATE REQUEST': 'request',
  'PRIVATE KEY': 'key',
  'RSA PRIVATE KEY': 'key',
  'EC PRIVATE KEY': 'key',
  'ENCRYPTED PRIVATE KEY': 'encrypted-key',
  'PUBLIC KEY': 'public-key',
  'X509 CRL': 'crl',
  PKCS7: 'pkcs7',
};

/** Labels of blocks that say nothing a person wants to know: openssl writes curve parameters before EC keys. */
const passedOver = new Set(['EC PARAMETERS', 'DH PARAMETERS']);

/** The parts of a PEM text, each with its line. Fails with `pem-malformed` when the blocks themselves are broken. */
export function readPEMParts(source: string, bytes: Uint8Array, options: InspectOptions): Part[] {
  const blocks = parsePEM(bytes).filter(({ label }) => !passedOver.has(label));
  return blocks.flatMap((block) => placed(source, `line ${block.line}`, readBlock(block, options)));
}

function readBlock({ label, der, encrypted }: PEMBlock, options: InspectOptions): Content[] {
  if (encrypted) return [{ type: 'key', key: undefined }];
  const kind = kinds[label] ?? derKind(der);
  return kind === undefined ? [{ type: 'other', what: label.toLowerCase() }] : readDERContents(der, kind, options);
}
