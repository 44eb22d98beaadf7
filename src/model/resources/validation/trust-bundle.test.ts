import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldErrorText } from '#model/objects';
import { context } from '../test-objects.ts';
import { trustBundle } from '../test-tls-objects.ts';
import { daysAgo, make } from '../test-uploads.ts';
import { trustBundleKind } from '../trust-bundle.ts';
import type { TrustBundle } from '../trust-bundle.ts';
import { validateTrustBundle, warnOfTrustBundle } from './trust-bundle.ts';

const a = { name: 'a' };
const root = make({ name: 'root', isCA: true });
const old = make({ name: 'old', at: daysAgo(200) });
const digits = 'ab'.repeat(32);

interface Case {
  readonly why: string;
  readonly spec: Partial<TrustBundle['spec']>;
  readonly wanted: readonly RegExp[];
}

const cases: readonly Case[] = [
  {
    why: 'every kind of source, every format, and something forgotten',
    spec: {
      sources: [
        { certificates: root.pem },
        { secretRef: { name: 'a', key: 'ca.p12' }, passwordRef: a },
        { certificateRef: a },
        { truststoreRef: a },
        { trustBundleRef: a },
      ],
      target: {
        secretName: 'out',
        formats: [
          { format: 'pem', key: 'ca.crt' },
          { format: 'pkcs12', key: 'ca.p12', passwordRef: a },
          { format: 'jks', key: 'ca.jks', passwordRef: a },
        ],
      },
      forget: [digits],
    },
    wanted: [],
  },
  { why: 'no source', spec: { sources: [] }, wanted: [/^spec\.sources: Required value/] },
  {
    why: 'too many sources',
    spec: { sources: Array.from({ length: 101 }, () => ({ certificateRef: a })) },
    wanted: [/at most 100/],
  },
  {
    why: 'a source without origin',
    spec: { sources: [{}] },
    wanted: [
      /^spec\.sources\[0\]: Required value: one of certificates, secretRef, certificateRef, truststoreRef, trust/,
    ],
  },
  {
    why: 'a source with two',
    spec: { sources: [{ certificateRef: a, trustBundleRef: a }] },
    wanted: [/^spec\.sources\[0\]\.trustBundleRef: Forbidden/],
  },
  {
    why: 'itself',
    spec: { sources: [{ trustBundleRef: { name: 'internal', namespace: 'team' } }] },
    wanted: [/cannot be made from itself$/],
  },
  {
    why: 'what is elsewhere',
    spec: { sources: [{ truststoreRef: { name: 'a', namespace: 'b' } }] },
    wanted: [/^spec\.sources\[0\]\.truststoreRef\.namespace: Forbidden/],
  },
  {
    why: 'a password without a file',
    spec: { sources: [{ certificateRef: a, passwordRef: a }] },
    wanted: [/^spec\.sources\[0\]\.passwordRef: Forbidden/],
  },
  {
    why: 'a private key, of which nothing is shown',
    spec: { sources: [{ certificates: root.pem + root.key.toPEM('PKCS8') }] },
    wanted: [/^spec\.sources\[0\]\.certificates: Invalid value: "\(not shown\)".*private key/],
  },
  {
    why: 'only expired ones',
    spec: { sources: [{ certificates: old.pem }] },
    wanted: [/^spec\.sources\[0\]\.certificates: .*expired/],
  },
  {
    why: 'two targets',
    spec: { target: { secretName: 'a', configMapName: 'b' } },
    wanted: [/^spec\.target\.configMapName: Forbidden/],
  },
  {
    why: 'a target without name',
    spec: { target: { secretName: '' } },
    wanted: [/^spec\.target\.secretName: Invalid/],
  },
  {
    why: 'a target that is a source',
    spec: { sources: [{ secretRef: a }], target: { secretName: 'a' } },
    wanted: [/^spec\.target\.secretName: .*it is a source \(spec\.sources\[0\]\)/],
  },
  { why: 'no file', spec: { target: { formats: [] } }, wanted: [/^spec\.target\.formats: Required/] },
  {
    why: 'a file without password, one with a useless one, one twice',
    spec: {
      target: {
        formats: [
          { format: 'jks', key: 'x' },
          { format: 'pem', key: 'x', passwordRef: a },
          { format: 'pem', key: '../x' },
        ],
      },
    },
    wanted: [
      /^spec\.target\.formats\[0\]\.passwordRef: Required/,
      /^spec\.target\.formats\[1\]\.key: Duplicate/,
      /^spec\.target\.formats\[1\]\.passwordRef: Forbidden/,
      /^spec\.target\.formats\[2\]\.key: Invalid/,
      /^spec\.target\.formats\[2\]\.key: Invalid/,
    ],
  },
  {
    why: 'a fingerprint with colons, and one twice',
    spec: { forget: ['AB:CD', digits, digits] },
    wanted: [/^spec\.forget\[0\]: Invalid.*64 lower-case/, /^spec\.forget\[2\]: Duplicate/],
  },
];

for (const { why, spec, wanted } of cases) {
  test(`a TrustBundle with ${why}`, () => {
    const found = validateTrustBundle(trustBundle(spec), undefined, context).map(fieldErrorText);
    assert.equal(found.length, wanted.length, found.join('\n'));
    wanted.forEach((one, index) => assert.match(found[index]!, one));
  });
}

test('a text that was there before is not judged again, and a status is not held up by its spec', () => {
  const before = trustBundle({ sources: [{ certificates: old.pem }] });
  assert.deepEqual(validateTrustBundle({ ...before }, before, context), []);
  const broken = trustBundle({ sources: [] });
  assert.deepEqual(validateTrustBundle(broken, broken, { ...context, subresource: 'status' }), []);
});

const anchor = (fingerprint: string, state: 'current' | 'withdrawn') => ({
  subject: `CN=${fingerprint}`,
  issuer: 'CN=root',
  serialNumber: '1',
  fingerprint,
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2036-01-01T00:00:00Z',
  key: 'ECDSA P-256',
  isCA: true,
  selfSigned: true,
  from: 'Certificate team/ca',
  addedTime: '2026-01-01T00:00:00Z',
  state,
  certificate: '',
});

test('warnOfTrustBundle() tells of what expired among good ones, and of what is forgotten although it is given', () => {
  const bundle = trustBundle({ sources: [{ certificates: old.pem + root.pem }], forget: [digits] });
  const warnings = warnOfTrustBundle({ ...bundle, status: { anchors: [anchor(digits, 'current')] } }, context.now);
  assert.equal(warnings.length, 2);
  assert.match(warnings[0]!, /^spec\.sources\[0\]\.certificates: entry 1.*expired/);
  assert.match(warnings[1]!, /^spec\.forget: CN=ab.*a source still gives it/);
});

test('a TrustBundle is found by what it reads and by what it trusts', () => {
  const sources = [{ secretRef: a, passwordRef: { name: 'b' } }, { certificateRef: a }, { trustBundleRef: a }];
  const target = { formats: [{ format: 'jks' as const, key: 'x', passwordRef: { name: 'c' } }] };
  const bundle = {
    ...trustBundle({ sources, target }),
    status: { anchors: [anchor('aa', 'current'), anchor('bb', 'withdrawn')] },
  };
  const terms = (index: string) => trustBundleKind.indexes[index]!(bundle);
  assert.deepEqual(terms('secret'), ['team/a', 'team/b', 'team/c']);
  assert.deepEqual([terms('certificate'), terms('truststore'), terms('trustBundle')], [['team/a'], [], ['team/a']]);
  assert.deepEqual(terms('fingerprint'), ['aa'], 'what is withdrawn is not trusted');
  assert.equal(terms('expiry').length, 1);
});
