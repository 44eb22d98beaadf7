import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ed25519, encodeName, formatKeySpec, generateKey, keySpec, p256, parseNameText, rsa2048 } from '#pki/x509';
import type { KeySpec } from '#pki/x509';
import { peer } from '../../../test/peers/peer.ts';
import { altNamesOf, constraints, leafOrder, makeAuthority, now, subjectOf, year } from './issuance.fixture.ts';
import type { TestAuthority } from './issuance.fixture.ts';
import { issueCertificate } from './issue.ts';
import type { IssueOrder } from './issue.ts';

const folder = mkdtempSync(join(tmpdir(), 'issuance-'));
after(() => rmSync(folder, { recursive: true }));

const specs: readonly KeySpec[] = [
  p256,
  keySpec('ECDSA', 384),
  keySpec('ECDSA', 521),
  ed25519,
  rsa2048,
  keySpec('RSA', 3072),
];
const keys = new Map(specs.map((spec) => [spec, generateKey(spec)]));
const rich = altNamesOf({
  dnsNames: ['leaf.example', '*.wild.example'],
  emailAddresses: ['alice@example.com'],
  ipAddresses: ['10.0.0.1', '2001:db8::1'],
  uris: ['spiffe://cluster.local/ns/sandbox/sa/foo'],
  otherNames: [{ oid: '1.3.6.1.4.1.311.20.2.3', utf8Value: 'üser@example.com' }],
});

interface Shape {
  readonly name: string;
  readonly order: IssueOrder;
  /** What openssl must show of it. */
  readonly shows: RegExp;
}

const shapes: readonly Shape[] = [
  { name: 'plain', order: leafOrder, shows: /DNS:leaf\.example/ },
  {
    name: 'all kinds of names',
    order: { ...leafOrder, altNames: rich },
    shows: /IP Address:2001:DB8:0:0:0:0:0:1, URI:spiffe:\/\/cluster/,
  },
  { name: 'no subject', order: { ...leafOrder, subject: encodeName([]) }, shows: /Subject Alternative Name: critical/ },
  {
    name: 'a subject with every kind of attribute',
    order: {
      ...leafOrder,
      subject: encodeName(parseNameText('CN=Jörg *,SERIALNUMBER=7,STREET=a\\,b,DC=example,UID=u+OU=x,C=DE')),
    },
    shows: /DC ?= ?example/,
  },
  {
    name: 'CRL, OCSP and issuer locations',
    order: {
      ...leafOrder,
      crlDistributionPoints: ['http://a/crl'],
      ocspServers: ['http://a/ocsp'],
      issuingCertificateURLs: ['http://a/ca'],
    },
    shows: /OCSP - URI:http:\/\/a\/ocsp[^]*http:\/\/a\/crl/,
  },
  {
    name: 'an end after 2050',
    order: { ...leafOrder, durationSeconds: 30 * year, mayOutliveIssuer: true },
    shows: /Not After : .* 2059 GMT/,
  },
];

for (const spec of specs) {
  test(`openssl accepts all that a ${formatKeySpec(spec)} CA issues`, peer('openssl'), () => {
    const root = makeAuthority({ key: keys.get(spec)! });
    const middle = makeAuthority({ subject: subjectOf('Intermediate'), key: keys.get(spec)! }, root);
    for (const leafSpec of specs) verifyLeaf(root, middle, { ...leafOrder, key: keys.get(leafSpec)! });
  });
}

for (const { name, order, shows } of shapes) {
  test(`openssl shows a certificate with ${name}`, peer('openssl'), () => {
    const root = makeAuthority({ durationSeconds: 10 * year });
    const { issued } = issueCertificate(order, root, now);
    assert.match(run('openssl', ['x509', '-noout', '-text', '-in', write('leaf.pem', issued.toPEM())]), shows);
    verifyLeaf(root, root, order);
  });
}

test('openssl accepts a CA with name constraints, and what it may sign', peer('openssl'), () => {
  const root = makeAuthority({ nameConstraints: constraints });
  verifyLeaf(root, root, {
    ...leafOrder,
    subject: subjectOf('www.good.example'),
    altNames: altNamesOf({ dnsNames: ['www.good.example'] }),
  });
});

test("Java's keytool reads all of them", peer('keytool'), () => {
  const root = makeAuthority();
  const all = [
    ...specs.map((spec) => issueCertificate({ ...leafOrder, key: keys.get(spec)! }, root, now)),
    ...shapes.map(({ order }) => issueCertificate(order, root, now)),
    root.result,
  ].map(({ issued }) => issued);
  const text = run('keytool', ['-printcert', '-file', write('all.pem', all.map((issued) => issued.toPEM()).join(''))]);
  const serials = [...text.matchAll(/Serial number: ([0-9a-f]+)/g)].map(([, serial]) => serial);
  assert.deepEqual(
    serials,
    all.map(({ certificate }) => certificate.serialNumber.replace(/^0+/, '')),
  );
});

/** Strictly, at the tests' own instant, through the intermediate to the root. */
function verifyLeaf(root: TestAuthority, issuer: TestAuthority, order: IssueOrder): void {
  const { issued } = issueCertificate(order, issuer, now);
  const anchor = ['-CAfile', write('root.pem', root.certificate.toPEM())];
  const middle = ['-untrusted', write('middle.pem', issuer.chainPEM || root.certificate.toPEM())];
  const strict = ['verify', '-x509_strict', '-attime', `${now.getTime() / 1000}`];
  assert.match(run('openssl', [...strict, ...anchor, ...middle, write('leaf.pem', issued.toPEM())]), /: OK/);
}

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function run(program: string, command: string[]): string {
  return execFileSync(program, command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
