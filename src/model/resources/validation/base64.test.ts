import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { base64Bytes, isBase64 } from './base64.ts';

test('isBase64() and base64Bytes() know what Buffer writes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (octets) => {
      const text = Buffer.from(octets).toString('base64');
      assert.deepEqual([isBase64(text), base64Bytes(text)], [true, octets.length]);
    }),
  );
});

for (const text of ['YQ', 'YQ=', 'Y===', 'YQ==\n', 'Y-_=', 'YQ==YQ==', '====']) {
  test(`isBase64() refuses ${JSON.stringify(text)}`, () => assert.equal(isBase64(text), false));
}
