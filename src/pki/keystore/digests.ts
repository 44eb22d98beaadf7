import { derNull, oid, sequence } from '#pki/x509';
import type { KdfDigest } from './pkcs12-kdf.ts';

/** Digests by object identifier (RFC 5754). */
export const digestOIDs: Readonly<Record<string, KdfDigest>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** HMACs by object identifier (RFC 8018, appendix B.1.2), as the digest they are made with. */
export const hmacOIDs: Readonly<Record<string, KdfDigest>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

export const sha1Algorithm = sequence(oid('1.3.14.3.2.26'), derNull);
export const sha256Algorithm = sequence(oid('2.16.840.1.101.3.4.2.1'), derNull);
export const hmacSHA256Algorithm = sequence(oid('1.2.840.113549.2.9'), derNull);
