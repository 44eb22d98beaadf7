import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { CodedError } from '#errors';
import { DERCursor, Tag, malformedDER, parseDER, readBitString, readIntegerOctets, readOID } from '../der/index.ts';
import type { DERElement } from '../der/index.ts';
import { curveSizes, ecPublicKey, ed25519OID, rsaEncryption } from './oids.ts';
import { ed25519 } from './spec.ts';
import type { KeySpec } from './spec.ts';

/**
 * The kind of key inside a SubjectPublicKeyInfo (RFC 5280 4.1.2.7). RSA sizes below 2048 are reported, not refused:
 * judging them is a lint's work. Fails with der-malformed, or key-unsupported for any other algorithm or curve.
 */
export function readPublicKeySpec(element: DERElement): KeySpec {
  const fields = new DERCursor(element.expect(Tag.sequence, 'public key'));
  const algorithm = new DERCursor(fields.next(Tag.sequence, 'key algorithm'));
  const bits = fields.next(Tag.bitString, 'public key');
  fields.finish('public key');
  const type = readOID(algorithm.next(), 'key algorithm');
  if (type === rsaEncryption) return { algorithm: 'RSA', size: modulusBits(bits) };
  if (type === ecPublicKey) return { algorithm: 'ECDSA', size: curveSize(algorithm.next()) };
  if (type === ed25519OID) return ed25519;
  throw new CodedError('key-unsupported', `public key algorithm ${type} is not supported`);
}

export function publicKeySpec(spki: Uint8Array): KeySpec {
  return readPublicKeySpec(parseDER(spki));
}

/** Node's handle on a SubjectPublicKeyInfo. Fails with key-malformed when the key is no point, number or string of it. */
export function publicKeyObject(spki: Uint8Array): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch (cause) {
    throw new CodedError('key-malformed', 'the public key cannot be used', { cause });
  }
}

/** The bits of the key itself, inside the BIT STRING: what key identifiers are made of. */
export function publicKeyBits(spki: Uint8Array): Uint8Array {
  const fields = new DERCursor(parseDER(spki).expect(Tag.sequence, 'public key'));
  fields.next(Tag.sequence, 'key algorithm');
  return readBitString(fields.next(), 'public key');
}

/** Bits of a named curve (RFC 5480 2.1.1). */
export function curveSize(parameters: DERElement): number {
  const curve = parameters.tag === Tag.oid ? readOID(parameters, 'curve') : 'given by parameters';
  const size = curveSizes.get(curve);
  if (size === undefined) throw new CodedError('key-unsupported', `elliptic curve ${curve} is not supported`);
  return size;
}

function modulusBits(bits: DERElement): number {
  const fields = new DERCursor(parseDER(readBitString(bits)).expect(Tag.sequence, 'RSA key'));
  const modulus = readIntegerOctets(fields.next(), 'modulus');
  if (modulus[0]! >= 0x80) throw malformedDER('modulus is negative', bits.start);
  return bitLength(modulus);
}

/** Bits of a big-endian number. */
export function bitLength(octets: Uint8Array): number {
  const first = octets.findIndex((octet) => octet !== 0);
  return first === -1 ? 0 : (octets.length - first) * 8 - (Math.clz32(octets[first]!) - 24);
}
