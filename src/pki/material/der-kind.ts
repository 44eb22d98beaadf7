import { Tag, parseDER } from '#pki/x509';
import type { DERElement } from '#pki/x509';

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
