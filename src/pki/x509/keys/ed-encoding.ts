import { bitString, integer, octetString, oid, sequence } from '../der/index.ts';
import { ed25519OID } from './oids.ts';

const algorithm = sequence(oid(ed25519OID));
const zero = integer(0);

/** SubjectPublicKeyInfo of 32 octets (RFC 8410 4). */
export function encodeEd25519PublicKey(point: Uint8Array): Uint8Array {
  return sequence(algorithm, bitString(point));
}

/** PrivateKeyInfo of the 32 octets of the seed (RFC 8410 7); the only format Ed25519 keys have. */
export function encodeEd25519PKCS8(seed: Uint8Array): Uint8Array {
  return sequence(zero, algorithm, octetString(octetString(seed)));
}
