import { DERCursor, Tag, parseSequence, readOID, readOctetString, readSmallInteger } from '#pki/x509';
import type { DERElement } from '#pki/x509';
import { berToDER } from './ber.ts';
import { malformed, unsupported } from './limits.ts';
import { readMac } from './pkcs12-mac.ts';
import type { PasswordCheck } from './pkcs12-mac.ts';
import { pkcs7Data } from './pkcs12-oids.ts';

/** The outer layer of a PFX (RFC 7292, section 4): readable without the password. */
export interface PFX {
  /** The AuthenticatedSafe as the MAC covers it. */
  readonly content: Uint8Array;
  /** Absent where the file has no password check at all. */
  readonly mac: PasswordCheck | undefined;
}

export function readPFX(bytes: Uint8Array): PFX {
  const fields = parseSequence(berToDER(bytes), 'PFX');
  const version = readSmallInteger(fields.next(), 'version');
  if (version !== 3) throw unsupported(`PKCS#12 version ${version} is not supported.`, 'version');
  const safe = readContentInfo(fields.next());
  if (safe.type !== pkcs7Data || safe.content === undefined) {
    throw unsupported(`A PKCS#12 file protected by ${safe.type} instead of a password is not supported.`, 'authSafe');
  }
  const content = readOctetString(safe.content);
  return { content, mac: fields.done ? undefined : readMac(fields.next()) };
}

/** A ContentInfo (RFC 5652, section 3); `content` is what [0] holds. */
export function readContentInfo(element: DERElement): { type: string; content: DERElement | undefined } {
  const fields = new DERCursor(element.expect(Tag.sequence, 'ContentInfo'));
  const type = readOID(fields.next());
  const wrapped = fields.optional(0xa0);
  return { type, content: wrapped && new DERCursor(wrapped).next() };
}

/** The octets of an IMPLICIT [0] OCTET STRING, whole or in the chunks that BER allows. */
export function readImplicitOctets(element: DERElement | undefined, place: string): Uint8Array {
  if (element?.tag === 0x80) return element.content;
  if (element?.tag === 0xa0) return Buffer.concat(element.children().map((chunk) => readOctetString(chunk)));
  throw malformed('The encrypted content is missing.', place);
}
