/**
 * SHA-1 of a SHA-1 digest, over and over: the inner loop of the old PKCS#12 key derivation. A call of node:crypto costs
 * four times what the one block of work inside it does, and cert-manager's default profile asks for 12,000 of them.
 */

/** What follows the message in its block: the end mark, zeros, and the length (FIPS 180-4, 5.1.1). */
const endMark = -0x80000000;
const messageBits = 160;

/** `digest` (20 bytes) hashed `times` more times. */
export function iterateSHA1(digest: Uint8Array, times: number): Uint8Array {
  const input = new DataView(digest.buffer, digest.byteOffset, digest.length);
  const schedule = new Int32Array(80);
  for (let i = 0; i < 5; i++) schedule[i] = input.getInt32(4 * i);
  for (let i = 0; i < times; i++) hashBlock(schedule);
  const output = new DataView(new ArrayBuffer(20));
  for (let i = 0; i < 5; i++) output.setInt32(4 * i, schedule[i]!);
  return new Uint8Array(output.buffer);
}

/**
 * FIPS 180-4, 6.1.2, for one block: the first five words of `w` are the message and then its digest. The four loops
 * stand apart because one loop that chooses the function of the round takes four times as long.
 */
function hashBlock(w: Int32Array): void {
  w[5] = endMark;
  for (let t = 6; t < 15; t++) w[t] = 0;
  w[15] = messageBits;
  for (let t = 16; t < 80; t++) w[t] = rotated(w[t - 3]! ^ w[t - 8]! ^ w[t - 14]! ^ w[t - 16]!, 1);
  let a = 0x67452301;
  let b = -0x10325477;
  let c = -0x67452302;
  let d = 0x10325476;
  let e = -0x3c2d1e10;
  let next = 0;
  for (let t = 0; t < 20; t++) {
    next = (rotated(a, 5) + ((b & c) | (~b & d)) + e + w[t]! + 0x5a827999) | 0;
    e = d;
    d = c;
    c = rotated(b, 30);
    b = a;
    a = next;
  }
  for (let t = 20; t < 40; t++) {
    next = (rotated(a, 5) + (b ^ c ^ d) + e + w[t]! + 0x6ed9eba1) | 0;
    e = d;
    d = c;
    c = rotated(b, 30);
    b = a;
    a = next;
  }
  for (let t = 40; t < 60; t++) {
    next = (rotated(a, 5) + ((b & c) | (b & d) | (c & d)) + e + w[t]! - 0x70e44324) | 0;
    e = d;
    d = c;
    c = rotated(b, 30);
    b = a;
    a = next;
  }
  for (let t = 60; t < 80; t++) {
    next = (rotated(a, 5) + (b ^ c ^ d) + e + w[t]! - 0x359d3e2a) | 0;
    e = d;
    d = c;
    c = rotated(b, 30);
    b = a;
    a = next;
  }
  w[0] = a + 0x67452301;
  w[1] = b - 0x10325477;
  w[2] = c - 0x67452302;
  w[3] = d + 0x10325476;
  w[4] = e - 0x3c2d1e10;
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
