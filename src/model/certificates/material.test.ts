import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatKeySpec, generateKey } from '#pki/x509';
import { encodeText, readKey } from './material.ts';

test('readKey() gives the same of a key whether or not it was read before, in both encodings', () => {
  const made = Array.from({ length: 300 }, () => generateKey({ algorithm: 'ECDSA', size: 256 }));
  // More than are kept whole: the second time, those at the beginning are known by their digest only.
  for (const time of ['first', 'second']) {
    for (const key of made) {
      const read = readKey(encodeText(key.toPEM('PKCS1')));
      assert.ok(read.ok);
      assert.equal(formatKeySpec(read.value.spec), formatKeySpec(key.spec), time);
      assert.ok(key.matches(read.value.spki));
      assert.equal(read.value.toPEM('PKCS8'), key.toPEM('PKCS8'));
    }
  }
});

test('readKey() says in words what cannot be read, also the second time', () => {
  for (const text of ['', 'nothing', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n']) {
    const [first, second] = [readKey(encodeText(text)), readKey(encodeText(text))];
    assert.ok(!first.ok && first.problem !== '');
    assert.deepEqual(second, first);
  }
});
