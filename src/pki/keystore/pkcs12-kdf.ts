import { hash } from 'node:crypto';
import { iterateSHA1 } from './sha1-iterated.ts';

/** Digests that PKCS#12 files derive keys with, by Node's name. */
export type KdfDigest = 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

/** What the derived bytes are for (RFC 7292, B.3). */
export const kdfPurpose = { key: 1, iv: 2, mac: 3 } as const;

interface Derivation {
  readonly digest: KdfDigest;
  readonly purpose: keyof typeof kdfPurpose;
  /** A BMPString with its terminator. */
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly size: number;
}

/** `v` of RFC 7292, B.2: the block size of the digest, in bytes. */
const blockSizes: Record<KdfDigest, number> = { sha1: 64, sha224: 64, sha256: 64, sha384: 128, sha512: 128 };

/** Derives `size` bytes by RFC 7292, B.2. One call costs `iterations` digests for each digest's worth of `size`. */
export function derivePKCS12(wanted: Derivation): Uint8Array {
  const block = blockSizes[wanted.digest];
  const diversifier = new Uint8Array(block).fill(kdfPurpose[wanted.purpose]);
  const input = Buffer.concat([repeated(wanted.salt, block), repeated(wanted.password, block)]);
  const pieces: Uint8Array[] = [];
  for (let made = 0; made < wanted.size; made += pieces.at(-1)!.length) {
    const piece = iterated(wanted.digest, Buffer.concat([diversifier, input]), wanted.iterations);
    pieces.push(piece);
    addToBlocks(input, repeated(piece, block), block);
  }
  return Buffer.concat(pieces).subarray(0, wanted.size);
}

function iterated(digest: KdfDigest, input: Buffer, iterations: number): Uint8Array {
  let bytes = hash(digest, input, 'buffer');
  if (digest === 'sha1') return iterateSHA1(bytes, iterations - 1);
  for (let i = 1; i < iterations; i++) bytes = hash(digest, bytes, 'buffer');
  return bytes;
}

/** `bytes` over and over, up to a whole number of blocks. */
function repeated(bytes: Uint8Array, block: number): Uint8Array {
  const size = Math.ceil(bytes.length / block) * block;
  return Uint8Array.from({ length: size }, (_, i) => bytes[i % bytes.length]!);
}

/** I_j = (I_j + B + 1) mod 2^(8v), for each block I_j of `input`. */
function addToBlocks(input: Uint8Array, addend: Uint8Array, block: number): void {
  for (let start = 0; start < input.length; start += block) {
    let carry = 1;
    for (let i = block - 1; i >= 0; i--) {
      carry += input[start + i]! + addend[i]!;
      input[start + i] = carry & 0xff;
      carry >>>= 8;
    }
  }
}
