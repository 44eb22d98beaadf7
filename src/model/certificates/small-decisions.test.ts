import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Certificate } from '#model/resources';
import { sameMembers } from './members.ts';
import { mergeSecret, ownedKeys } from './merge-secret.ts';
import { requestMismatches } from './request-matches-spec.ts';
import { requestName } from './request-name.ts';
import { supersededRequests } from './revision-history.ts';
import { secretOwner } from './secret-owner.ts';
import { certificate, issue, requestOf, secret } from './test-material.ts';

test('requestName() is the certificate and its revision', () => {
  assert.equal(requestName('web', 7), 'web-7');
  assert.equal(requestName('a'.repeat(233), 1), `${'a'.repeat(233)}-1`);
});

test('requestName() keeps long names apart, valid and short enough', () => {
  const one = requestName(`${'a'.repeat(249)}.x`, 4_294_967_295);
  const two = requestName(`${'a'.repeat(249)}.y`, 4_294_967_295);
  assert.notEqual(one, two);
  assert.match(one, /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);
  assert(one.length <= 253);
});

test('requestName() never cuts a name into an invalid one', () => {
  const label = fc.stringMatching(/^[a-z0-9][-a-z0-9]{0,20}[a-z0-9]$/);
  const name = fc.array(label, { minLength: 12, maxLength: 20 }).map((labels) => labels.join('.'));
  fc.assert(
    fc.property(name, fc.nat(), (long, revision) =>
      /^[a-z0-9.-]*[a-z0-9]-[0-9a-f]*-?\d+$/.test(requestName(long, revision)),
    ),
  );
});

const named = (name: string, creationTimestamp: string): Certificate => ({
  ...certificate(),
  metadata: { ...certificate().metadata, name, creationTimestamp },
});
const owners: readonly { why: string; says?: string; claimants: readonly Certificate[]; owner: string }[] = [
  { why: 'the one the Secret names', says: 'b', claimants: [named('a', '2020'), named('b', '2021')], owner: 'b' },
  { why: 'the oldest when the Secret names nobody', claimants: [named('a', '2021'), named('b', '2020')], owner: 'b' },
  {
    why: 'the oldest when the one it names is no longer there',
    says: 'gone',
    claimants: [named('a', '2021'), named('b', '2020')],
    owner: 'b',
  },
  { why: 'the first by name among equally old ones', claimants: [named('b', '2020'), named('a', '2020')], owner: 'a' },
];
for (const { why, says, claimants, owner } of owners) {
  test(`secretOwner(): ${why}`, () => {
    const stored = says === undefined ? undefined : secret({}, { 'cert-manager.io/certificate-name': says });
    assert.equal(secretOwner(claimants, stored)?.metadata.name, owner);
  });
}

test('supersededRequests() keeps the newest revisions, and what has none', () => {
  const { requestPEM } = issue();
  const requests = [2, 10, 1, 9].map((revision) => requestOf(certificate(), revision, requestPEM));
  const foreign = { ...requests[0]!, metadata: { ...requests[0]!.metadata, annotations: {} } };
  const names = (limit: number): string[] =>
    supersededRequests([...requests, foreign], limit).map(({ metadata }) => metadata.name);
  assert.deepEqual(names(1), ['web-9', 'web-2', 'web-1']);
  assert.deepEqual(names(3), ['web-1']);
  assert.deepEqual(names(9), []);
});

const mismatches: readonly { why: string; spec: Partial<Certificate['spec']>; fields: readonly string[] }[] = [
  { why: 'nothing', spec: {}, fields: [] },
  { why: 'IPv6 written differently', spec: { ipAddresses: ['2001:DB8::0:1'] }, fields: [] },
  { why: 'another IP address', spec: { ipAddresses: ['10.0.0.9'] }, fields: ['spec.ipAddresses'] },
  { why: 'a URI', spec: { uris: ['spiffe://a/b'] }, fields: ['spec.uris'] },
  { why: 'an e-mail address', spec: { emailAddresses: ['a@b.example'] }, fields: ['spec.emailAddresses'] },
  { why: 'the organization', spec: { subject: { organizations: ['Other'] } }, fields: ['spec.subject.organizations'] },
  {
    why: 'the postal code, in cert-manager’s spelling',
    spec: { subject: { organizations: ['Acme'], postalCodes: ['1'] } },
    fields: ['spec.subject.postCodes'],
  },
  { why: 'the CA bit', spec: { isCA: true }, fields: ['spec.isCA'] },
  { why: 'the same duration written differently', spec: { duration: '90m' }, fields: [] },
  { why: 'the duration', spec: { duration: '2h' }, fields: ['spec.duration'] },
  { why: 'a duration that is no longer asked for', spec: { duration: undefined }, fields: [] },
  {
    why: 'the issuer with its defaults spelled out',
    spec: { issuerRef: { name: 'ca', kind: 'Issuer', group: 'cert-manager.io' } },
    fields: [],
  },
  { why: 'the issuer', spec: { issuerRef: { name: 'new' } }, fields: ['spec.issuerRef'] },
  {
    why: 'what does not need a new certificate',
    spec: {
      renewBefore: '10m',
      privateKey: { algorithm: 'ECDSA', encoding: 'PKCS8' },
      revisionHistoryLimit: 3,
      secretTemplate: { labels: { a: 'b' } },
    },
    fields: [],
  },
];
for (const { why, spec, fields } of mismatches) {
  test(`requestMismatches(): ${why}`, () => {
    const asked = certificate({
      ipAddresses: ['2001:db8::1'],
      subject: { organizations: ['Acme'] },
      duration: '1h30m',
    });
    const request = requestOf(asked, 1, issue(asked.spec).requestPEM);
    assert.deepEqual(requestMismatches(request, { ...asked.spec, ...spec }), fields);
  });
}

test('requestMismatches() compares a literal subject as bytes', () => {
  const asked = certificate({ literalSubject: 'CN=a,OU=b,O=c' });
  const request = requestOf(asked, 1, issue(asked.spec).requestPEM);
  assert.deepEqual(requestMismatches(request, asked.spec), []);
  assert.deepEqual(requestMismatches(request, { ...asked.spec, literalSubject: 'CN=a,O=c,OU=b' }), [
    'spec.literalSubject',
  ]);
});

test('sameMembers() is indifferent to order and strict about number', () => {
  const list = fc.array(fc.constantFrom('a', 'b', 'c'));
  fc.assert(fc.property(list, (texts) => sameMembers(texts, [...texts].reverse())));
  fc.assert(fc.property(list, (texts) => !sameMembers(texts, [...texts, 'a'])));
  assert(sameMembers(undefined, []));
});

function config(labels: Record<string, string>, data: Record<string, string>) {
  return {
    type: 'kubernetes.io/tls',
    labels,
    annotations: {},
    data,
    ownerReferences: [],
  };
}

test('mergeSecret() replaces what is ours and keeps what is theirs', () => {
  const theirs = { ...secret({ extra: 'x' }), metadata: { ...secret({}).metadata, labels: { theirs: '1' } } };
  const first = mergeSecret(theirs, config({ a: '1' }, { 'tls.key': 'AA==' }), { name: 'web-tls' });
  const second = mergeSecret(first, config({ b: '2' }, { 'tls.crt': 'BB==' }), { name: 'web-tls' });
  assert.deepEqual(second.metadata.labels, { theirs: '1', b: '2' });
  assert.deepEqual(Object.keys(second.data ?? {}), ['extra', 'tls.crt']);
  assert.deepEqual(ownedKeys(second), { data: ['tls.crt'], labels: ['b'], annotations: [], ownerUids: [] });
});
