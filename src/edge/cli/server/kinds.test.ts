import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findKind, kindOfManifest, qualifiedSingular } from './kinds.ts';
import { certificates, issuers, secrets } from './test-kinds.ts';

const kinds = [secrets, certificates, issuers];

for (const word of [
  'certificates',
  'certificate',
  'cert',
  'certs',
  'Certificate',
  'certificates.cert-manager.io',
  'certificate.cert-manager.io',
]) {
  test(`findKind() knows certificates as ${word}`, () => assert.equal(findKind(kinds, word), certificates));
}

test('findKind() names what there is when a type is unknown', () => {
  assert.throws(() => findKind(kinds, 'pods'), { code: 'not-found', hint: 'It has secrets, certificates, issuers.' });
});

test('kindOfManifest() tells kinds apart by their group', () => {
  assert.equal(kindOfManifest(kinds, { apiVersion: 'cert-manager.io/v1', kind: 'Issuer' }), issuers);
  assert.throws(() => kindOfManifest(kinds, { apiVersion: 'example.com/v1', kind: 'Issuer' }), { code: 'not-found' });
});

test('qualifiedSingular() leaves the core group unsaid', () => {
  assert.equal(qualifiedSingular(secrets), 'secret');
  assert.equal(qualifiedSingular(issuers), 'issuer.cert-manager.io');
});
