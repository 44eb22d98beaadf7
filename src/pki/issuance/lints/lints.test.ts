import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { isCoded } from '#errors';
import { encodeName, generateKey, keySpec, parseNameText } from '#pki/x509';
import type { Certificate } from '#pki/x509';
import { altNamesOf, constraints, goodTemplate, makeAuthority, now, subjectOf } from '../issuance.fixture.ts';
import type { CertificateTemplate } from '../template.ts';
import { lintTemplate, lints } from './index.ts';

const root = makeAuthority();
const constrained = makeAuthority({ nameConstraints: constraints }).certificate;
const short = makeAuthority({ durationSeconds: 3600 }).certificate;
const unnamed = makeAuthority({
  subject: encodeName([]),
  altNames: altNamesOf({ dnsNames: ['ca.example'] }),
}).certificate;
const notCA = makeAuthority({}, root).result && leafCertificate();

function leafCertificate(): Certificate {
  const token = root.issuer.prepare(goodTemplate);
  return root.issuer.sign(token).certificate;
}

/** A CA with a path length, which orders do not ask for. */
function withPathLength(pathLength: number): Certificate {
  const template = { ...goodTemplate, isCA: true, keyUsages: ['cert sign'], pathLength } as const;
  return root.issuer.sign(root.issuer.prepare(template)).certificate;
}

const asCA = { isCA: true, keyUsages: ['cert sign'] } as const;
const weakRSA = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'der', type: 'spki' });
const koblitz = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey.export({
  format: 'der',
  type: 'spki',
});
const octets = (size: number, first = 1): Uint8Array =>
  Uint8Array.from({ length: size }, (_, at) => (at === 0 ? first : 7));
const names = (...dnsNames: string[]): Partial<CertificateTemplate> => ({ altNames: altNamesOf({ dnsNames }) });

const cases: readonly {
  change: Partial<CertificateTemplate>;
  issuer?: Certificate;
  lint: string | undefined;
  why: string;
}[] = [
  { change: {}, issuer: root.certificate, lint: undefined, why: 'a usual end-entity certificate' },
  { change: {}, lint: undefined, why: 'one that signs itself' },
  { change: { serialNumber: new Uint8Array(20) }, lint: 'serial-159-bit', why: 'serial number 0' },
  { change: { serialNumber: octets(7) }, lint: 'serial-159-bit', why: 'a serial number of 56 bits' },
  { change: { serialNumber: octets(8) }, lint: undefined, why: 'a serial number of 57 bits and more' },
  {
    change: { serialNumber: octets(20, 0x80) },
    lint: 'serial-159-bit',
    why: 'a serial number that needs a 21st octet',
  },
  { change: { serialNumber: octets(21) }, lint: 'serial-159-bit', why: 'a serial number of 21 octets' },
  { change: { notAfter: now }, lint: 'validity-order', why: 'an end at the start' },
  { change: { notAfter: new Date(Number.NaN) }, lint: 'validity-order', why: 'no date' },
  { change: { notAfter: new Date('+010000-01-01T00:00:00Z') }, lint: 'validity-order', why: 'the year 10000' },
  { change: { subject: encodeName([]), altNames: [] }, lint: 'subject-or-san', why: 'no identity' },
  { change: { subject: encodeName([]) }, lint: undefined, why: 'an alternative name only' },
  { change: { altNames: [] }, lint: undefined, why: 'a subject only' },
  { change: { subject: subjectOf('a'.repeat(64)) }, lint: undefined, why: 'a common name of 64' },
  { change: { subject: subjectOf('a'.repeat(65)) }, lint: 'common-name-length', why: 'a common name of 65' },
  {
    change: names('*.example', 'a_b.example', `${'a'.repeat(63)}.example`, 'localhost'),
    lint: undefined,
    why: 'wildcards, underscores, long labels and single ones',
  },
  { change: names(''), lint: 'san-well-formed', why: 'an empty DNS name' },
  { change: names('a..b'), lint: 'san-well-formed', why: 'an empty label' },
  { change: names('a.b.'), lint: 'san-well-formed', why: 'a dot at the end' },
  { change: names('*'), lint: 'san-well-formed', why: 'a wildcard for everything' },
  { change: names('a.*.b'), lint: 'san-well-formed', why: 'a wildcard in the middle' },
  { change: names('w*.b'), lint: 'san-well-formed', why: 'part of a label as a wildcard' },
  { change: names('-a.b'), lint: 'san-well-formed', why: 'a hyphen first' },
  { change: names(`${'a'.repeat(64)}.b`), lint: 'san-well-formed', why: 'a label of 64' },
  { change: names(Array(64).fill('abc').join('.')), lint: 'san-well-formed', why: 'more than 253 characters' },
  { change: names('10.0.0.1 '), lint: 'san-well-formed', why: 'a space' },
  {
    change: { altNames: altNamesOf({ emailAddresses: ['nobody'] }) },
    lint: 'san-well-formed',
    why: 'an email address without a host',
  },
  { change: { altNames: altNamesOf({ uris: ['/path'] }) }, lint: 'san-well-formed', why: 'a relative URI' },
  {
    change: { altNames: altNamesOf({ uris: ['spiffe://cluster.local/ns/x'] }) },
    lint: undefined,
    why: 'a SPIFFE identity',
  },
  {
    change: { altNames: altNamesOf({ otherNames: [{ oid: '1.2', utf8Value: '' }] }) },
    lint: 'san-well-formed',
    why: 'an empty other name',
  },
  { change: { spki: weakRSA }, lint: 'spki-strength', why: 'RSA with 1024 bits' },
  { change: { spki: koblitz }, lint: 'spki-strength', why: 'a curve nobody accepts' },
  { change: { spki: generateKey(keySpec('ECDSA', 521)).spki }, lint: undefined, why: 'P-521' },
  { change: { spki: Uint8Array.of(5, 0) }, lint: 'spki-strength', why: 'no key' },
  { change: { isCA: true }, lint: 'ca-key-usage', why: 'a CA without cert sign' },
  { change: { keyUsages: ['cert sign'] }, lint: 'ca-key-usage', why: 'cert sign without the CA bit' },
  { change: { pathLength: 0 }, lint: 'ca-key-usage', why: 'a path length without the CA bit' },
  { change: { nameConstraints: constraints }, lint: 'ca-key-usage', why: 'name constraints without the CA bit' },
  { change: { ocspServers: ['ocsp.example'] }, lint: 'distribution-urls', why: 'an OCSP server that is no URI' },
  { change: { crlDistributionPoints: ['http://crl.example/a'] }, lint: undefined, why: 'a CRL by its URI' },
  { change: {}, issuer: notCA, lint: 'issuer-can-sign', why: 'an issuer that is no CA' },
  { change: {}, issuer: unnamed, lint: 'issuer-can-sign', why: 'an issuer without a name' },
  { change: asCA, issuer: withPathLength(0), lint: 'issuer-can-sign', why: 'a CA below path length 0' },
  { change: {}, issuer: withPathLength(0), lint: undefined, why: 'an end-entity certificate below path length 0' },
  { change: asCA, issuer: withPathLength(1), lint: undefined, why: 'a CA below path length 1' },
  {
    change: { ...asCA, pathLength: 1 },
    issuer: withPathLength(1),
    lint: 'issuer-can-sign',
    why: 'the same path length again',
  },
  { change: {}, issuer: short, lint: 'issuer-outlives', why: 'an end after the issuer' },
  { change: { notAfter: short.notAfter }, issuer: short, lint: undefined, why: 'an end with the issuer' },
  {
    change: { mayOutliveIssuer: true },
    issuer: short,
    lint: undefined,
    why: 'an end after the issuer that is wanted so',
  },
  { change: names('www.good.example'), issuer: constrained, lint: undefined, why: 'a name the issuer may vouch for' },
  {
    change: names('www.evil.example'),
    issuer: constrained,
    lint: 'name-constraints-permit',
    why: 'a name outside the constraints',
  },
];

for (const { change, issuer, lint, why } of cases) {
  test(`${lint === undefined ? 'no lint minds' : `${lint} refuses`} ${why}`, () => {
    const found = lintTemplate({ ...goodTemplate, ...change }, issuer).map((finding) => finding.lint);
    assert.deepEqual(found, lint === undefined ? [] : [lint]);
  });
}

test('every lint is refused by some case above, and has a source', () => {
  assert.deepEqual(
    new Set(cases.map(({ lint }) => lint).filter((lint) => lint !== undefined)),
    new Set(lints.map(({ name }) => name)),
  );
  for (const { source } of lints) assert.match(source, /RFC \d+|CA\/Browser Forum/);
});

test('a failure names all lints, the first as its field', () => {
  const bad = { ...goodTemplate, notAfter: now, altNames: altNamesOf({ dnsNames: ['a..b'] }) };
  assert.throws(
    () => root.issuer.prepare(bad),
    (error) =>
      isCoded(error, 'lint-failed') &&
      error.field === 'validity-order' &&
      error.message.includes('san-well-formed: dns name "a..b"'),
  );
});

test('a subject under a directory constraint must lie below it', () => {
  const inside = { ...constraints.permitted, dnsDomains: [], directoryNames: [parseNameText('O=good')] };
  const issuer = makeAuthority({ nameConstraints: { ...constraints, permitted: inside } }).certificate;
  const found = (text: string): string[] =>
    lintTemplate({ ...goodTemplate, subject: encodeName(parseNameText(text)) }, issuer).map(({ lint }) => lint);
  assert.deepEqual(found('CN=a,O=good'), []);
  assert.deepEqual(found('CN=a,O=evil'), ['name-constraints-permit']);
});
