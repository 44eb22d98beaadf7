import { hash } from 'node:crypto';
import { DERCursor, Tag, contextTag, encode, octetString, parseDER, readOctetString, sequence } from '../der/index.ts';
import { publicKeyBits } from '../keys/index.ts';
import type { Extension } from './extension.ts';
import { extensionOIDs } from './oids.ts';

/** Key identifier of a public key: SHA-1 over the key's bits, without tag and length (RFC 5280 4.2.1.2, method 1). */
export function keyIdentifier(spki: Uint8Array): Uint8Array {
  return hash('sha1', publicKeyBits(spki), 'buffer');
}

export function subjectKeyIdExtension(identifier: Uint8Array): Extension {
  return { oid: extensionOIDs.subjectKeyId, critical: false, value: octetString(identifier) };
}

export function parseSubjectKeyId(value: Uint8Array): Uint8Array {
  return readOctetString(parseDER(value), 'subject key identifier');
}

/** The form with the key identifier only (RFC 5280 4.2.1.1). */
export function authorityKeyIdExtension(identifier: Uint8Array): Extension {
  return { oid: extensionOIDs.authorityKeyId, critical: false, value: sequence(encode(contextTag(0), identifier)) };
}

/** The key identifier; undefined when the extension names issuer and serial number only. */
export function parseAuthorityKeyId(value: Uint8Array): Uint8Array | undefined {
  const fields = new DERCursor(parseDER(value).expect(Tag.sequence, 'authority key identifier'));
  return fields.optional(contextTag(0))?.content;
}
