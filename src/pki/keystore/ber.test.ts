import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import { Tag, encode, parseDER } from '#pki/x509';
import type { DERElement } from '#pki/x509';
import { berToDER } from './ber.ts';
import { pkcs12Keystore, readPKCS12, writePKCS12 } from './index.ts';
import { comparable, fixture, material, predictable } from './test-material.ts';

/** The element with indefinite lengths throughout, and octet strings in chunks of `chunk` bytes. */
function toBER(element: DERElement, chunk: number): Buffer {
  const end = Buffer.alloc(2);
  if (element.tag === Tag.octetString) {
    const chunks = Array.from({ length: Math.ceil(element.length / chunk) }, (_, i) =>
      encode(Tag.octetString, element.content.subarray(i * chunk, (i + 1) * chunk)),
    );
    return Buffer.concat([Uint8Array.of(0x24, 0x80), ...chunks, end]);
  }
  if ((element.tag & 0x20) === 0) return element.raw;
  const children = element.children().map((child) => toBER(child, chunk));
  return Buffer.concat([Uint8Array.of(element.tag, 0x80), ...children, end]);
}

test('berToDER() brings indefinite lengths and chunks back to the one DER form', () => {
  const der = Buffer.from(fixture('plain.p12.b64'), 'base64');
  for (const chunk of [1, 7, 1000]) assert.deepEqual(Buffer.from(berToDER(toBER(parseDER(der), chunk))), der);
});

test('readPKCS12() reads a file that was written in BER, and its MAC holds', () => {
  const keystore = pkcs12Keystore(material('ec'));
  const options = { password: 'x', profile: 'Modern2023', random: predictable() } as const;
  const bytes = toBER(parseDER(writePKCS12(keystore, options)), 100);
  assert.deepEqual(comparable(readPKCS12(bytes, { password: 'x' })), comparable(keystore));
});

const refused = [
  { why: 'a length past the end', hex: '3005', code: 'keystore-malformed' },
  { why: 'an indefinite length without end', hex: '30800500', code: 'keystore-malformed' },
  { why: 'a primitive of indefinite length', hex: '04800000', code: 'keystore-malformed' },
  { why: 'a length of five octets', hex: '30850000000001', code: 'keystore-malformed' },
  { why: 'a tag of two octets', hex: '3f8101', code: 'keystore-malformed' },
  { why: 'a chunk that is no octet string', hex: '2403020101', code: 'keystore-malformed' },
  { why: 'nesting without end', hex: '3080'.repeat(1000), code: 'keystore-malformed' },
  { why: 'a million empty elements', hex: `3080${'0500'.repeat(1e6)}0000`, code: 'keystore-unsupported' },
];

for (const { why, hex, code } of refused) {
  test(`berToDER() refuses ${why}`, () => {
    assert.throws(() => berToDER(Buffer.from(hex, 'hex')), { code });
  });
}

test('berToDER() makes DER that the strict reader takes, or fails with a code', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        parseDER(berToDER(bytes));
      } catch (error) {
        assert(isCoded(error, 'keystore-malformed'), String(error));
      }
    }),
    { numRuns: 2000 },
  );
});
