import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import { findPeer, peer } from '../../../../test/peers/peer.ts';
import { noSubtrees } from '../extensions/index.ts';
import {
  authorityKeyIdExtension,
  buildCertificateRequest,
  emptyName,
  encodeName,
  extendedKeyUsageExtension,
  formatCertificateRequestPEM,
  formatKeySpec,
  generalNames,
  generateKey,
  isRequestSigned,
  keyIdentifier,
  keySpec,
  keyUsageExtension,
  nameConstraintsExtension,
  nameFromSubject,
  p256,
  ed25519,
  rsa2048,
  parseCertificate,
  parseCertificateRequest,
  parseCertificateRequestPEM,
  parseCertificatesPEM,
  requestedIdentity,
  subjectAltNameExtension,
  subjectKeyIdExtension,
} from '../index.ts';
import type { RequestedIdentity } from '../index.ts';
import { fixtureEnd, fixtureStart, makeCA, makeCertificate } from './certificate.fixture.ts';

const names = generalNames({
  dnsNames: ['a.example', '*.b.example'],
  ipAddresses: ['10.0.0.1'],
  emailAddresses: ['x@y'],
});
const ca = makeCA('Test CA', undefined, { pathLength: 2 });
const full = makeCertificate({
  subject: 'leaf',
  issuer: ca,
  isCA: false,
  keyUsages: ['digital signature', 'key encipherment'],
  serial: 0xff00n,
  extensions: [
    extendedKeyUsageExtension(['server auth', 'client auth']),
    subjectKeyIdExtension(keyIdentifier(ca.key.spki)),
    authorityKeyIdExtension(keyIdentifier(ca.certificate.spki)),
    subjectAltNameExtension(names, false),
  ],
}).certificate;

test('a certificate says what node:crypto reads in it', () => {
  const other = new X509Certificate(full.der);
  assert.equal(full.serialNumber.toUpperCase(), other.serialNumber);
  assert.equal(full.fingerprint, other.fingerprint256.replaceAll(':', '').toLowerCase());
  assert.equal(full.fingerprintSHA1, other.fingerprint.replaceAll(':', '').toLowerCase());
  assert.deepEqual(full.notAfter, other.validToDate);
  assert.equal(other.subjectAltName, 'DNS:a.example, DNS:*.b.example, email:x@y, IP Address:10.0.0.1');
  assert.equal(full.toPEM(), other.toString());
});

test('every field of a certificate is at hand', () => {
  assert.equal(full.subjectText, 'CN=leaf');
  assert.equal(full.issuerText, 'CN=Test CA');
  assert.equal(full.commonName, 'leaf');
  assert.equal(full.isCA, false);
  assert.deepEqual(full.keyUsages, ['digital signature', 'key encipherment']);
  assert.deepEqual(full.extendedKeyUsages, ['server auth', 'client auth']);
  assert.deepEqual(full.subjectAltNames.dnsNames, ['a.example', '*.b.example']);
  assert.deepEqual(full.authorityKeyId, keyIdentifier(ca.key.spki));
  assert.deepEqual(full.keySpec, p256);
  assert.equal(full.signatureAlgorithm, 'ECDSAWithSHA256');
  assert.deepEqual([ca.certificate.isCA, ca.certificate.pathLength], [true, 2]);
});

function valid(ms: number): boolean {
  return full.isValidAt(new Date(ms));
}

test('a certificate is valid at both of its ends, and not a second outside', () => {
  assert.deepEqual([valid(fixtureStart.getTime() - 1), valid(fixtureStart.getTime())], [false, true]);
  assert.deepEqual([valid(fixtureEnd.getTime() + 999), valid(fixtureEnd.getTime() + 1000)], [true, false]);
});

test('a signature is checked by the key, not by the name', () => {
  const impostor = makeCA('Test CA');
  assert.equal(full.isSignedBy(ca.certificate), true);
  assert.equal(full.isSignedBy(impostor.certificate), false);
});

const malformedAt = (error: unknown): boolean => isCoded(error, 'certificate-malformed');

test('mutated certificates are refused or read, never anything else', () => {
  const der = Buffer.from(full.der);
  fc.assert(
    fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(40), (at, change, cut) => {
      const mutated = Buffer.from(der.subarray(0, cut === 0 ? at : der.length));
      if (mutated.length > at) mutated[at]! ^= change;
      try {
        const read = parseCertificate(mutated);
        assert.equal(typeof read.subjectText + typeof read.isSignedBy(ca.certificate), 'stringboolean');
      } catch (error) {
        if (!malformedAt(error)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
});

test('a certificate with any octet of its signed part changed is no longer signed', () => {
  const start = full.fields.tbs.byteOffset - full.der.byteOffset;
  fc.assert(
    fc.property(fc.nat(full.fields.tbs.length - 1), fc.integer({ min: 0, max: 7 }), (at, bit) => {
      const mutated = Buffer.from(full.der);
      mutated[start + at]! ^= 1 << bit;
      try {
        assert.equal(parseCertificate(mutated).isSignedBy(ca.certificate), false);
      } catch (error) {
        if (!malformedAt(error)) throw error;
      }
    }),
    { numRuns: 300 },
  );
});

test('two different signature algorithms in one certificate are refused', () => {
  const der = Buffer.from(full.der);
  const at = der.lastIndexOf(Buffer.from('06082a8648ce3d040302', 'hex'));
  der[at + 9] = 3;
  assert.throws(() => parseCertificate(der), /signature algorithms differ/);
});

test('a text without a certificate, and one with a bad one, are refused by line', () => {
  assert.throws(
    () => parseCertificatesPEM('x'),
    (error) => isCoded(error, 'pem-malformed'),
  );
  const bad = `${full.toPEM()}-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n`;
  assert.throws(
    () => parseCertificatesPEM(bad),
    (error) => malformedAt(error) && String(error).includes('certificate at line'),
  );
  assert.equal(parseCertificatesPEM(full.toPEM() + ca.certificate.toPEM()).length, 2);
});

test('a certificate above 256 KiB is refused', () => {
  assert.throws(() => parseCertificate(Buffer.alloc(262_145)), malformedAt);
});

const subject = encodeName(nameFromSubject({ commonName: 'leaf', organizations: ['o'] }));
const constraints = { critical: true, permitted: { ...noSubtrees, dnsDomains: ['example'] }, excluded: noSubtrees };
const extensions = [
  subjectAltNameExtension(names, false),
  keyUsageExtension(['digital signature', 'cert sign']),
  extendedKeyUsageExtension(['server auth']),
  nameConstraintsExtension(constraints),
];

for (const spec of [p256, keySpec('ECDSA', 384), keySpec('ECDSA', 521), ed25519, rsa2048]) {
  test(`a request with a ${formatKeySpec(spec)} key comes back, signed`, () => {
    const key = generateKey(spec);
    const request = parseCertificateRequest(buildCertificateRequest(key, { subject, extensions }));
    assert.equal(isRequestSigned(request), true);
    assert.deepEqual([request.keySpec, Buffer.from(request.rawSubject)], [spec, Buffer.from(subject)]);
    assert.deepEqual(request.altNames, names);
    assert.deepEqual(request.keyUsages, ['digital signature', 'cert sign']);
    assert.deepEqual(request.extendedKeyUsages, ['server auth']);
    assert.deepEqual(request.nameConstraints, constraints);
  });
}

test('the signature algorithm of a request can be chosen among those of its key', () => {
  const key = generateKey(p256);
  const request = buildCertificateRequest(key, { subject, signatureAlgorithm: 'ECDSAWithSHA512' });
  assert.equal(parseCertificateRequest(request).signatureAlgorithm, 'ECDSAWithSHA512');
  assert.equal(isRequestSigned(parseCertificateRequest(request)), true);
  const wrong = { subject, signatureAlgorithm: 'SHA256WithRSA' } as const;
  assert.throws(
    () => buildCertificateRequest(key, wrong),
    (error) => isCoded(error, 'key-unsupported'),
  );
});

for (const content of [{}, { subject }, { extensions }, { subject, extensions }]) {
  test(`requestedIdentity() says what reading the request says (${Object.keys(content).join(' and ') || 'empty'})`, () => {
    const key = generateKey(p256);
    const { rawSubject, spki, altNames, nameConstraints } = parseCertificateRequest(
      buildCertificateRequest(key, content),
    );
    assert.deepEqual(
      bytesAsHex(requestedIdentity(key, content)),
      bytesAsHex({ rawSubject, spki, altNames, nameConstraints }),
    );
  });
}

/** Views and arrays of the same octets compare alike. */
function bytesAsHex({ rawSubject, spki, ...rest }: RequestedIdentity): object {
  return { ...rest, rawSubject: Buffer.from(rawSubject).toString('hex'), spki: Buffer.from(spki).toString('hex') };
}

test('a request without extensions, or without a subject, is read', () => {
  const bare = parseCertificateRequest(buildCertificateRequest(generateKey(p256), {}));
  assert.deepEqual([bare.extensions, bare.subject, bare.keyUsages], [[], [], undefined]);
  assert.equal(bare.rawSubject.length, emptyName.length);
});

test('mutated requests are refused or read, and those that are read are not signed', () => {
  const der = Buffer.from(buildCertificateRequest(generateKey(p256), { subject, extensions }));
  fc.assert(
    fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const mutated = Buffer.from(der);
      mutated[at]! ^= change;
      try {
        assert.equal(isRequestSigned(parseCertificateRequest(mutated)), false);
      } catch (error) {
        if (!isCoded(error, 'request-malformed')) throw error;
      }
    }),
    { numRuns: 500 },
  );
});

test('openssl verifies our requests and we read its', peer('openssl'), () => {
  const ours = formatCertificateRequestPEM(buildCertificateRequest(generateKey(p256), { subject, extensions }));
  const text = execFileSync(findPeer('openssl')!, ['req', '-noout', '-text', '-verify'], {
    input: ours,
    encoding: 'utf8',
    stdio: 'pipe',
  });
  assert.match(text, /DNS:a\.example, DNS:\*\.b\.example, email:x@y, IP Address:10\.0\.0\.1/);
  const command = [
    'req',
    '-new',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    '/dev/null',
    '-subj',
    '/O=x/CN=y',
    '-addext',
    'subjectAltName=DNS:z',
  ];
  const theirs = execFileSync(findPeer('openssl')!, command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const request = parseCertificateRequestPEM(theirs);
  assert.deepEqual(
    [isRequestSigned(request), request.subjectAltNames.dnsNames, request.keySpec],
    [true, ['z'], rsa2048],
  );
});

function selfSignedByOpenSSL(...more: string[]): string {
  const command = ['req', '-x509', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=x', ...more];
  return execFileSync(findPeer('openssl')!, command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

test('certificates that openssl makes are read: RSA-PSS, SHA-1, other curves', peer('openssl'), () => {
  const pss = ['-newkey', 'rsa:2048', '-sigopt', 'rsa_padding_mode:pss', '-sha256'];
  const cases = [
    [selfSignedByOpenSSL(...pss), 'RSAPSS', rsa2048],
    [selfSignedByOpenSSL('-newkey', 'rsa:2048', '-sha1'), 'SHA1WithRSA', rsa2048],
    [selfSignedByOpenSSL('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1'), 'ECDSAWithSHA256', undefined],
    [selfSignedByOpenSSL('-newkey', 'ed25519'), 'PureEd25519', ed25519],
  ] as const;
  for (const [pem, algorithm, spec] of cases) {
    const [certificate] = parseCertificatesPEM(pem);
    assert.deepEqual([certificate!.signatureAlgorithm, certificate!.keySpec], [algorithm, spec]);
    assert.equal(certificate!.isSignedBy(certificate!), true, algorithm);
  }
});
