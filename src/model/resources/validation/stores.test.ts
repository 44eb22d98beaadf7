import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldErrorText } from '#model/objects';
import type { Keystore } from '../keystore.ts';
import { context } from '../test-objects.ts';
import { keystore, truststore } from '../test-tls-objects.ts';
import { daysAgo, make } from '../test-uploads.ts';
import type { TruststoreSource } from '../truststore.ts';
import { validateKeystore } from './keystore.ts';
import { validateTruststore, warnOfTruststore } from './truststore.ts';

const compare = (found: readonly string[], wanted: readonly (string | RegExp)[]): void => {
  assert.equal(found.length, wanted.length, found.join('\n'));
  wanted.forEach((one, index) => {
    if (typeof one === 'string') assert.equal(found[index], one);
    else assert.match(found[index]!, one);
  });
};

const a = { name: 'a' };

const keystores: readonly { why: string; spec: Keystore['spec']; wanted: readonly (string | RegExp)[] }[] = [
  {
    why: 'a file with its passwords',
    spec: { secretRef: a, passwordRef: a, keyPasswordRef: a, alias: 'x' },
    wanted: [],
  },
  { why: 'a Certificate', spec: { certificateRef: a }, wanted: [] },
  { why: 'another Keystore', spec: { keystoreRef: a }, wanted: [] },
  {
    why: 'nothing',
    spec: {},
    wanted: ['spec: Required value: one of secretRef, certificateRef, keystoreRef must be set'],
  },
  {
    why: 'two origins',
    spec: { secretRef: a, certificateRef: a },
    wanted: ['spec.certificateRef: Forbidden: cannot be set together with secretRef'],
  },
  {
    why: 'itself',
    spec: { keystoreRef: { name: 'own', namespace: 'team' } },
    wanted: ['spec.keystoreRef.name: Invalid value: "own": a Keystore cannot be made from itself'],
  },
  {
    why: 'a password of what has none',
    spec: { certificateRef: a, passwordRef: a },
    wanted: ['spec.passwordRef: Forbidden: only a file in secretRef has a password; leave it out'],
  },
  { why: 'an empty alias', spec: { secretRef: a, alias: '' }, wanted: [/^spec\.alias: Invalid value: ""/] },
  {
    why: 'what is elsewhere',
    spec: { secretRef: { name: 'a', namespace: 'b' } },
    wanted: [/^spec\.secretRef\.namespace: Forbidden/],
  },
];

for (const { why, spec, wanted } of keystores) {
  test(`a Keystore from ${why}`, () => compare(validateKeystore(keystore(spec)).map(fieldErrorText), wanted));
}

const root = make({ name: 'root', isCA: true });
const own = make({ name: 'own' });
const old = make({ name: 'old', at: daysAgo(200) });

const truststores: readonly { why: string; sources: TruststoreSource[]; wanted: readonly (string | RegExp)[] }[] = [
  { why: 'an authority', sources: [{ certificates: root.pem }], wanted: [] },
  { why: 'a single certificate', sources: [{ certificates: own.pem }], wanted: [] },
  {
    why: 'every kind of source',
    sources: [{ secretRef: a, passwordRef: a }, { certificateRef: a }, { truststoreRef: a }, { keystoreRef: a }],
    wanted: [],
  },
  { why: 'an expired one among good ones', sources: [{ certificates: old.pem + root.pem }], wanted: [] },
  {
    why: 'only expired ones',
    sources: [{ certificates: old.pem }],
    wanted: [/^spec\.sources\[0\]\.certificates: .*expired/],
  },
  { why: 'no source', sources: [], wanted: [/^spec\.sources: Required value/] },
  {
    why: 'an empty source',
    sources: [{ certificateRef: a }, {}],
    wanted: [/^spec\.sources\[1\]: Required value: one of/],
  },
  {
    why: 'a source of two kinds',
    sources: [{ certificateRef: a, truststoreRef: a }],
    wanted: ['spec.sources[0].truststoreRef: Forbidden: cannot be set together with certificateRef'],
  },
  { why: 'itself', sources: [{ truststoreRef: { name: 'trusted' } }], wanted: [/cannot be made from itself$/] },
  {
    why: 'a password without a file',
    sources: [{ truststoreRef: a, passwordRef: a }],
    wanted: [/^spec\.sources\[0\]\.passwordRef: Forbidden/],
  },
  {
    why: 'too many sources',
    sources: Array.from({ length: 101 }, () => ({ truststoreRef: a })),
    wanted: [/at most 100/],
  },
  {
    why: 'garbage',
    sources: [{ certificates: '????' }],
    wanted: [/^spec\.sources\[0\]\.certificates: Invalid value: "\(not/],
  },
  {
    why: 'a private key',
    sources: [{ certificates: own.pem + own.key.toPEM('PKCS8') }],
    wanted: [/entry 2.*private key/],
  },
];

for (const { why, sources, wanted } of truststores) {
  test(`a Truststore from ${why}`, () => {
    compare(validateTruststore(truststore(...sources), undefined, context).map(fieldErrorText), wanted);
  });
}

test('a text that was there before is not judged again', () => {
  const before = truststore({ certificates: old.pem });
  const after = truststore({ certificates: old.pem }, { certificates: root.pem });
  assert.deepEqual(validateTruststore(after, before, context), []);
});

test('warnOfTruststore() tells of the expired one among good ones', () => {
  const sources = [{ truststoreRef: a }, { certificates: old.pem + root.pem }];
  compare(warnOfTruststore(truststore(...sources), context.now), [
    /^spec\.sources\[1\]\.certificates: entry 1.*expired/,
  ]);
});
