import { bitString, encode, explicit, integer, octetString, oid, sequence } from '../der/index.ts';
import { curveSizes, ecPublicKey } from './oids.ts';

/** The constant parts of one curve's encodings. */
interface Curve {
  readonly id: Uint8Array;
  readonly algorithm: Uint8Array;
  readonly scalarBytes: number;
  readonly sec1Parameters: Uint8Array;
}

const curves = new Map(Array.from(curveSizes, ([id, size]) => [size, describe(id, size)]));
const one = integer(1);
const zero = integer(0);

function describe(dotted: string, size: number): Curve {
  const id = oid(dotted);
  return {
    id,
    algorithm: sequence(oid(ecPublicKey), id),
    scalarBytes: Math.ceil(size / 8),
    sec1Parameters: explicit(0, id),
  };
}

/** SubjectPublicKeyInfo of an uncompressed point (RFC 5480 2). */
export function encodeECPublicKey(size: number, point: Uint8Array): Uint8Array {
  return sequence(curves.get(size)!.algorithm, bitString(point));
}

/** ECPrivateKey with its curve (RFC 5915), the content of an `EC PRIVATE KEY` block. */
export function encodeSEC1(size: number, scalar: Uint8Array, point: Uint8Array): Uint8Array {
  const curve = curves.get(size)!;
  return sequence(one, padded(scalar, curve.scalarBytes), curve.sec1Parameters, explicit(1, bitString(point)));
}

/** PrivateKeyInfo (RFC 5208); the curve stands in the algorithm and is left out inside. */
export function encodeECPKCS8(size: number, scalar: Uint8Array, point: Uint8Array): Uint8Array {
  const curve = curves.get(size)!;
  const key = sequence(one, padded(scalar, curve.scalarBytes), explicit(1, bitString(point)));
  return sequence(zero, curve.algorithm, octetString(key));
}

/** Scalars are as long as the curve's order (RFC 5915 3); node:crypto drops leading zeros. */
function padded(scalar: Uint8Array, size: number): Uint8Array {
  if (scalar.length === size) return octetString(scalar);
  return encode(0x04, new Uint8Array(size - scalar.length), scalar);
}
