import assert from 'node:assert/strict';

/**
 * RC2 as RFC 2268 describes it, in CBC mode with PKCS#7 padding. It is here because the PKCS#12 profile that most old
 * programs read (and that openssl 1 and Java 8 wrote) uses it, and current OpenSSL has it switched off. It protects
 * nothing; no other room uses it.
 */

const piTable = Uint8Array.from(
  Buffer.from(
    'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2' +
      '179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82' +
      '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626' +
      '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7' +
      '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec' +
      'c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
      '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9' +
      '0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
    'hex',
  ),
);

const blockBytes = 8;
/** Left rotations of the four words of a mixing round (RFC 2268, section 3.1). */
const rotations = [1, 2, 3, 5] as const;
/** Mashing follows the fifth and the eleventh of the sixteen mixing rounds (section 3.2). */
const mashedRounds = new Set([4, 10]);

/** The 64 words of the expanded key (RFC 2268, section 2). */
export function expandRC2Key(key: Uint8Array, effectiveBits: number): Uint16Array {
  assert(key.length >= 1 && key.length <= 128 && effectiveBits >= 1 && effectiveBits <= 1024);
  const bytes = new Uint8Array(128);
  bytes.set(key);
  for (let i = key.length; i < 128; i++) bytes[i] = piTable[(bytes[i - 1]! + bytes[i - key.length]!) & 0xff]!;
  const effectiveBytes = Math.ceil(effectiveBits / 8);
  const first = 128 - effectiveBytes;
  bytes[first] = piTable[bytes[first]! & (0xff >> (8 * effectiveBytes - effectiveBits))]!;
  for (let i = first - 1; i >= 0; i--) bytes[i] = piTable[bytes[i + 1]! ^ bytes[i + effectiveBytes]!]!;
  return Uint16Array.from({ length: 64 }, (_, i) => bytes[2 * i]! | (bytes[2 * i + 1]! << 8));
}

/** Encrypts one block in place: `words` are its four little-endian words. */
export function encryptRC2Block(words: Uint16Array, key: Uint16Array): void {
  for (let round = 0; round < 16; round++) {
    for (let i = 0; i < 4; i++) mix(words, i, key[4 * round + i]!);
    if (mashedRounds.has(round)) for (let i = 0; i < 4; i++) words[i]! += key[words[(i + 3) & 3]! & 63]!;
  }
}

/** Undoes encryptRC2Block. */
export function decryptRC2Block(words: Uint16Array, key: Uint16Array): void {
  for (let round = 15; round >= 0; round--) {
    if (mashedRounds.has(round)) for (let i = 3; i >= 0; i--) words[i]! -= key[words[(i + 3) & 3]! & 63]!;
    for (let i = 3; i >= 0; i--) unmix(words, i, key[4 * round + i]!);
  }
}

function mix(words: Uint16Array, i: number, subkey: number): void {
  words[i] = words[i]! + subkey + selected(words, i);
  words[i] = (words[i] << rotations[i]!) | (words[i] >>> (16 - rotations[i]!));
}

function unmix(words: Uint16Array, i: number, subkey: number): void {
  words[i] = (words[i]! >>> rotations[i]!) | (words[i]! << (16 - rotations[i]!));
  words[i] = words[i] - subkey - selected(words, i);
}

function selected(words: Uint16Array, i: number): number {
  const last = words[(i + 3) & 3]!;
  return (last & words[(i + 2) & 3]!) + (~last & words[(i + 1) & 3]!);
}

/** The ciphertext of `plain`, padded to whole blocks. */
export function encryptRC2CBC(plain: Uint8Array, key: Uint8Array, effectiveBits: number, iv: Uint8Array): Uint8Array {
  const padding = blockBytes - (plain.length % blockBytes);
  const bytes = new Uint8Array(plain.length + padding).fill(padding);
  bytes.set(plain);
  const expanded = expandRC2Key(key, effectiveBits);
  let previous = readBlock(iv, 0);
  for (let at = 0; at < bytes.length; at += blockBytes) {
    const block = xored(readBlock(bytes, at), previous);
    encryptRC2Block(block, expanded);
    writeBlock(bytes, at, block);
    previous = block;
  }
  return bytes;
}

/** The plaintext, or undefined where the length or the padding shows that the key is not the right one. */
export function decryptRC2CBC(
  encrypted: Uint8Array,
  key: Uint8Array,
  effectiveBits: number,
  iv: Uint8Array,
): Uint8Array | undefined {
  if (encrypted.length === 0 || encrypted.length % blockBytes !== 0) return undefined;
  const bytes = new Uint8Array(encrypted.length);
  const expanded = expandRC2Key(key, effectiveBits);
  let previous = readBlock(iv, 0);
  for (let at = 0; at < bytes.length; at += blockBytes) {
    const block = readBlock(encrypted, at);
    const next = block.slice();
    decryptRC2Block(block, expanded);
    writeBlock(bytes, at, xored(block, previous));
    previous = next;
  }
  return withoutPadding(bytes);
}

function withoutPadding(bytes: Uint8Array): Uint8Array | undefined {
  const padding = bytes.at(-1)!;
  if (padding < 1 || padding > blockBytes) return undefined;
  const end = bytes.length - padding;
  return bytes.subarray(end).every((byte) => byte === padding) ? bytes.subarray(0, end) : undefined;
}

function readBlock(bytes: Uint8Array, at: number): Uint16Array {
  return Uint16Array.from({ length: 4 }, (_, i) => bytes[at + 2 * i]! | (bytes[at + 2 * i + 1]! << 8));
}

function writeBlock(bytes: Uint8Array, at: number, words: Uint16Array): void {
  for (let i = 0; i < 4; i++) {
    bytes[at + 2 * i] = words[i]! & 0xff;
    bytes[at + 2 * i + 1] = words[i]! >>> 8;
  }
}

function xored(words: Uint16Array, other: Uint16Array): Uint16Array {
  return words.map((word, i) => word ^ other[i]!);
}
