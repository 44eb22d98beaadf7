import assert from 'node:assert/strict';
import { test } from 'node:test';
import { issuerSelector } from './renew.ts';

test('issuerSelector() takes an issuer of either kind when only a name is given', () => {
  assert.equal(issuerSelector('ca'), 'spec.issuerRef.name=ca');
});

test('issuerSelector() tells cluster issuers from issuers', () => {
  assert.equal(issuerSelector('clusterissuer/ca'), 'spec.issuerRef.name=ca,spec.issuerRef.kind=ClusterIssuer');
});

for (const text of ['pod/ca', 'issuer/', 'issuer/a/b']) {
  test(`issuerSelector() refuses "${text}"`, () => assert.throws(() => issuerSelector(text), { name: 'UsageError' }));
}
