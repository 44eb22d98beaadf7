import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { CodedError, isCoded } from '#errors';
import { isSealed, keyIdOf, rewrap, seal, sealedOverheadBytes, unseal } from './envelope.ts';
import { keyEncryptionKey, Keyring } from './keyring.ts';

const key = (seed: number) => keyEncryptionKey(new Uint8Array(32).fill(seed));
const keyring = new Keyring([key(1)]);
const path = '/registry//secrets/default/ca';
const plain = Buffer.from('{"kind":"Secret","data":{"tls.key":"c2VjcmV0"}}');

it('seal() and unseal() give back any value at any place', () => {
  const property = fc.property(fc.uint8Array({ maxLength: 5000 }), fc.string(), (value, place) => {
    const sealed = seal(keyring, place, value);
    assert.equal(sealed.length, value.length + sealedOverheadBytes);
    assert.deepEqual(Uint8Array.from(unseal(keyring, place, sealed)), value);
  });
  fc.assert(property);
});

it('a sealed value shows nothing of the plain one, and never looks the same twice', () => {
  const [first, second] = [seal(keyring, path, plain), seal(keyring, path, plain)];
  assert.equal(Buffer.from(first).includes('tls.key'), false);
  assert.notDeepEqual(first, second);
});

it('unseal() refuses a value with any bit changed, and says nothing of its content', () => {
  const sealed = Buffer.from(seal(keyring, path, plain));
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Buffer.from(sealed);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    assert.throws(
      () => unseal(keyring, path, changed),
      (error) => isCoded(error, 'secret-malformed', 'key-file-wrong') && !JSON.stringify(error).includes('tls.key'),
    );
  }
});

it('unseal() refuses a value that was moved to another place', () => {
  const sealed = seal(keyring, path, plain);
  assert.throws(() => unseal(keyring, `${path}2`, sealed), { code: 'secret-malformed', field: `${path}2` });
});

it('unseal() fails with a coded error for any bytes', () => {
  const property = fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (noise, begin) => {
    const bytes = begin ? Buffer.concat([seal(keyring, path, plain).subarray(0, 11), noise]) : noise;
    assert.throws(
      () => unseal(keyring, path, bytes),
      (error) => error instanceof CodedError,
    );
  });
  fc.assert(property);
});

it('JSON never looks sealed', () => {
  for (const text of ['{}', '', '[]', `{"a":"${'x'.repeat(200)}"}`]) assert.equal(isSealed(Buffer.from(text)), false);
  assert.equal(isSealed(seal(keyring, path, Buffer.alloc(0))), true);
});

it('unseal() tells a missing key from a wrong one', () => {
  const sealed = seal(keyring, path, plain);
  assert.throws(() => unseal(new Keyring([]), path, sealed), { code: 'key-file-missing' });
  assert.throws(() => unseal(new Keyring([key(2)]), path, sealed), { code: 'key-file-wrong' });
  assert.throws(() => seal(new Keyring([]), path, plain), { code: 'key-file-missing' });
});

it('rewrap() changes the wrapping only: same length, same plain value, and the old key is not needed any more', () => {
  const sealed = seal(keyring, path, plain);
  const both = new Keyring([key(1)]);
  both.promote(key(2));
  const rewrapped = rewrap(both, path, sealed);
  assert.ok(rewrapped);
  assert.deepEqual(rewrapped.subarray(51), sealed.subarray(51));
  assert.equal(keyIdOf(rewrapped), key(2).id);
  assert.deepEqual(unseal(new Keyring([key(2)]), path, rewrapped), plain);
  assert.equal(rewrap(both, path, rewrapped), undefined);
});

it('the id of a key tells nothing about it, and differs for every key', () => {
  assert.match(key(1).id, /^[0-9a-f]{16}$/);
  assert.notEqual(key(1).id, key(2).id);
  assert.notEqual(key(0).id, '0'.repeat(16));
});
