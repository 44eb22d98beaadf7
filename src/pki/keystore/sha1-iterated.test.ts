import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { iterateSHA1 } from './sha1-iterated.ts';

test('iterateSHA1() is what node:crypto makes of the digest, call after call', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), fc.nat(20), (digest, times) => {
      let expected: Uint8Array = digest;
      for (let i = 0; i < times; i++) expected = hash('sha1', expected, 'buffer');
      assert.equal(Buffer.from(iterateSHA1(digest, times)).toString('hex'), Buffer.from(expected).toString('hex'));
    }),
    { numRuns: 500 },
  );
});
