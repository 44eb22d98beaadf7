import { Tag, parseCertificate, parseCertificateRequest, parseDER, parsePrivateKeyDER } from '#pki/x509';
import type { DERElement } from '#pki/x509';
import { readEncryptedKey } from '#pki/keystore';
import type { Content } from './gathered.ts';
import { orDamaged } from './gathered.ts';
import type { InspectOptions } from './inspection.ts';
import { readPKCS7 } from './pkcs7.ts';

export type DERKind = 'certificate' | 'request' | 'key' | 'encrypted-key' | 'pkcs7' | 'crl' | 'public-key';

/** What kind of structure `der` is by its first fields; undefined when it is none that is known, or no DER. */
export function derKind(der: Uint8Array): DERKind | undefined {
  try {
    const root = parseDER(der);
    return root.tag === Tag.sequence ? kindOfFields(root.children()) : undefined;
  } catch {
    return undefined;
  }
}

function kindOfFields(fields: readonly DERElement[]): DERKind | undefined {
  const tags = fields.map((field) => field.tag);
  if (tags[0] === Tag.integer) return 'key';
  if (tags[0] === Tag.oid && tags[1] === 0xa0) return 'pkcs7';
  if (tags[0] !== Tag.sequence) return undefined;
  if (tags[1] === Tag.octetString) return 'encrypted-key';
  if (tags[1] === Tag.bitString) return 'public-key';
  if (tags[1] === Tag.sequence && tags[2] === Tag.bitString) return kindOfSigned(fields[0]!);
  return undefined;
}

/** Certificate, request and CRL are a signed sequence; the third and fourth fields of what is signed tell them apart. */
function kindOfSigned(signed: DERElement): DERKind {
  const tags = signed.children().map((field) => field.tag);
  if (tags[0] === 0xa0 || (tags[0] === Tag.integer && tags.length >= 6 && tags[3] === Tag.sequence)) {
    return 'certificate';
  }
  return tags[0] === Tag.integer && tags[2] === Tag.sequence && (tags[3] === 0xa0 || tags.length === 3)
    ? 'request'
    : 'crl';
}

/** The contents of one DER structure; more than one only for PKCS#7. A part that cannot be read is there as damaged. */
export function readDERContents(der: Uint8Array, kind: DERKind, options: InspectOptions): Content[] {
  if (kind === 'pkcs7') return readPKCS7(der).map(certificateContent);
  return [orDamaged(() => readSingle(der, kind, options))];
}

function readSingle(der: Uint8Array, kind: Exclude<DERKind, 'pkcs7'>, options: InspectOptions): Content {
  switch (kind) {
    case 'certificate':
      return { type: 'certificate', certificate: parseCertificate(der) };
    case 'request':
      return { type: 'request', request: parseCertificateRequest(der) };
    case 'key':
      return { type: 'key', key: parsePrivateKeyDER(der) };
    case 'encrypted-key':
      return encryptedKey(der, options.keyPassword ?? options.password);
    case 'crl':
    case 'public-key':
      break;
  }
  return { type: 'other', what: kind };
}

/** A wrong password is the caller's error and not the file's, so it is not made a damaged part. */
function encryptedKey(der: Uint8Array, password: string | undefined): Content {
  if (password === undefined) return { type: 'key', key: undefined };
  return { type: 'key', key: parsePrivateKeyDER(readEncryptedKey(der, password)) };
}

export function certificateContent(der: Uint8Array): Content {
  return orDamaged(() => ({ type: 'certificate', certificate: parseCertificate(der) }));
}
