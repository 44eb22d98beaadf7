import { CodedError } from '#errors';
import { DERCursor, Tag, parseSequence, readOID } from '#pki/x509';

const signedData = '1.2.840.113549.1.7.2';

/**
 * The certificates of a PKCS#7 SignedData (RFC 5652, section 5.1), which is what Windows calls a .p7b file. Signatures and
 * CRLs in it are not looked at. Fails with `der-malformed`, or `unrecognized` for any other content.
 */
export function readPKCS7(der: Uint8Array): Uint8Array[] {
  const info = parseSequence(der, 'ContentInfo');
  const type = readOID(info.next());
  if (type !== signedData)
    throw new CodedError('unrecognized', `PKCS#7 content of type ${type} holds no certificates.`);
  const fields = new DERCursor(new DERCursor(info.next(0xa0, 'content')).next(Tag.sequence, 'SignedData'));
  fields.next(Tag.integer, 'version');
  fields.next(Tag.set, 'digestAlgorithms');
  fields.next(Tag.sequence, 'encapContentInfo');
  const certificates = fields.optional(0xa0)?.children() ?? [];
  return certificates.filter(({ tag }) => tag === Tag.sequence).map(({ raw }) => raw);
}
