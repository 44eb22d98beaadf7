import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import {
  bitString,
  explicit,
  formatPEM,
  integer,
  nameConstraintsExtension,
  noSubtrees,
  oid,
  sequence,
  subjectAltNameExtension,
} from '#pki/x509';
import { makeCA, makeCertificate } from '../x509/certificates/certificate.fixture.ts';
import {
  arrangeChain,
  describeCertificate,
  forbiddenHost,
  readCertificateText,
  readTruststoreMaterial,
} from './index.ts';
import type { MaterialOptions, TruststoreMaterial } from './index.ts';
import * as up from './test-uploads.ts';

const { leaf, lower, upper, root, other } = up;

function read(file: string | Uint8Array, options: Partial<MaterialOptions> = {}): TruststoreMaterial {
  return readTruststoreMaterial([typeof file === 'string' ? up.bytes(file) : file], { now: up.now, ...options });
}

function found({ certificates }: TruststoreMaterial): string[] {
  return up.names(certificates.map(({ certificate }) => certificate));
}

function findings({ findings: all }: TruststoreMaterial): string[] {
  return all.map(({ severity, code, entry }) => `${severity} ${code} ${entry}`);
}

/** PKCS#7 SignedData that signs nothing (RFC 5652, section 5.1), as `openssl crl2pkcs7 -nocrl` writes it. */
const pkcs7 = sequence(
  oid('1.2.840.113549.1.7.2'),
  explicit(
    0,
    sequence(
      integer(1),
      Uint8Array.of(0x31, 0),
      sequence(oid('1.2.840.113549.1.7.1')),
      explicit(0, Buffer.concat([root, upper].map(up.der))),
      Uint8Array.of(0x31, 0),
    ),
  ),
);

const trusted = [up.trustedEntry('root', root), up.trustedEntry('upper', upper)];

const accepted: {
  why: string;
  file: string | Uint8Array;
  format: string;
  options?: Partial<MaterialOptions>;
  said?: string[];
}[] = [
  { why: 'PEM', file: up.pem(root, upper), format: 'PEM' },
  { why: 'base64 of PKCS#7', file: Buffer.from(pkcs7).toString('base64'), format: 'PKCS7' },
  { why: 'PKCS#7', file: pkcs7, format: 'PKCS7' },
  { why: 'PKCS#7 in PEM', file: formatPEM('PKCS7', pkcs7), format: 'PEM' },
  { why: 'JKS', file: up.jks(...trusted), format: 'JKS', options: { password: up.password } },
  { why: 'JCEKS', file: up.jceks(...trusted), format: 'JCEKS', options: { password: up.password } },
  { why: 'PKCS#12', file: up.pkcs12(...trusted), format: 'PKCS12', options: { password: up.password } },
  {
    why: 'JKS without its password',
    file: up.jks(...trusted),
    format: 'JKS',
    said: ['info password-not-checked the JKS file'],
  },
];

for (const { why, file, format, options, said = [] } of accepted) {
  test(`readTruststoreMaterial() reads ${why}`, () => {
    const material = read(file, options);
    assert.equal(material.format, format);
    assert.deepEqual(found(material), ['Root', 'Upper']);
    assert.deepEqual(findings(material), said);
  });
}

test('aliases and the CA bit come with the certificates', () => {
  const { certificates } = read(up.jks(up.trustedEntry('backend', leaf), up.trustedEntry('root', root)));
  assert.deepEqual(
    certificates.map(({ alias, isCA }) => [alias, isCA]),
    [
      ['backend', false],
      ['root', true],
    ],
  );
  assert.equal(read(up.pem(root)).certificates[0]!.alias, undefined);
});

const late = makeCA('Late', undefined, { notAfter: new Date('2029-01-01') });
const selfSigned = makeCertificate({ subject: 'self', isCA: false });

const judged: { why: string; file: string; expected: string[]; kept?: number }[] = [
  {
    why: 'a certificate twice',
    file: up.pem(root, upper, root),
    expected: ['warning duplicate entry 3 (certificate)'],
    kept: 2,
  },
  {
    why: 'an expired CA among good ones',
    file: up.pem(root, late),
    expected: ['warning expired entry 2 (certificate)'],
  },
  { why: 'nothing but expired ones', file: up.pem(late), expected: ['error expired entry 1 (certificate)'] },
  { why: 'an end-entity certificate', file: up.pem(leaf), expected: ['info not-a-ca entry 1 (certificate)'] },
  {
    why: 'an end-entity certificate that signed itself',
    file: up.pem(selfSigned),
    expected: ['info self-signed-leaf entry 1 (certificate)'],
  },
];

for (const { why, file, expected, kept } of judged) {
  test(`readTruststoreMaterial() says of ${why}: ${expected.join(', ')}`, () => {
    const material = read(file);
    assert.deepEqual(findings(material), expected);
    if (kept !== undefined) assert.equal(material.certificates.length, kept);
  });
}

const refused: { why: string; file: string | Uint8Array; code?: string; field: string }[] = [
  { why: 'PEM', file: up.pem(root) + up.keyPEM(leaf), field: 'entry 2 (private key)' },
  { why: 'DER', file: leaf.key.toDER('PKCS8'), field: 'entry 1 (private key)' },
  { why: 'JKS', file: up.jks(up.keyEntry('mine', leaf, [leaf])), field: 'entry "mine" (private key)' },
  { why: 'PKCS#12', file: up.pkcs12(up.keyEntry('mine', leaf, [leaf])), field: 'entry "mine" (private key)' },
];

for (const { why, file, field } of refused) {
  test(`a private key in a truststore of ${why} is refused with the mend`, () => {
    assert.throws(() => read(file, { password: up.password }), {
      code: 'material-unfit',
      field,
      hint: /keytool -exportcert/,
    });
  });
}

test('an encrypted key in a truststore is refused without asking for its password', () => {
  const encrypted = leaf.key.keyObject.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' });
  assert.throws(() => read(up.pem(root) + encrypted.toString()), { code: 'material-unfit' });
});

test('a file without a certificate is refused', () => {
  assert.throws(() => read(formatPEM('X509 CRL', Uint8Array.of(0x30, 0))), { code: 'material-unfit' });
  assert.throws(() => read(up.pkcs12()), { code: 'keystore-password-missing' });
});

test('readCertificateText() takes PEM, and base64 of a DER file', () => {
  const options = { now: up.now };
  assert.deepEqual(found(readCertificateText(`\uFEFF${up.pem(root)}`, options)), ['Root']);
  const base64 = Buffer.from(root.certificate.der).toString('base64');
  assert.equal(readCertificateText(`${base64.replaceAll(/.{76}/g, '$&\r\n')}\n`, options).format, 'DER');
});

test('arrangeChain() orders what belongs together and says what does not', () => {
  const stranger = makeCA('Stranger');
  const arranged = arrangeChain(
    [upper, stranger, leaf, lower, root].map(({ certificate }) => certificate),
    up.now,
  )!;
  assert.deepEqual(up.names([...arranged.chain, arranged.root]), ['Stranger', 'Stranger']);
  const family = arrangeChain(
    [root, leaf, upper, lower, stranger].map(({ certificate }) => certificate),
    up.now,
  )!;
  assert.deepEqual(up.names(family.chain), ['leaf', 'Lower', 'Upper']);
  assert.equal(family.root, root.certificate);
  assert.deepEqual(up.names(family.leftover), ['Stranger']);
  assert.equal(arrangeChain([], up.now), undefined);
});

test('arrangeChain() names what is missing, and refuses a circle and eleven intermediates', () => {
  assert.equal(arrangeChain([leaf.certificate], up.now)!.missingIssuer, 'CN=Lower');
  const one = makeCA('One');
  const two = makeCA('Two', one);
  const again = makeCA('One', two, { key: one.key });
  assert.throws(() => arrangeChain([two.certificate, again.certificate], up.now), { code: 'chain-malformed' });
  const eleven = up.longChain(11).map(({ certificate }) => certificate);
  assert.throws(() => arrangeChain(eleven, up.now), { code: 'material-too-large', field: 'entry 1 (certificate)' });
});

const constrained = makeCA('Constrained', undefined, {
  extensions: [
    nameConstraintsExtension({
      critical: true,
      permitted: { ...noSubtrees, dnsDomains: ['example.com'], ipRanges: ['10.0.0.0/8'] },
      excluded: { ...noSubtrees, dnsDomains: ['bad.example.com'] },
    }),
  ],
});

const hosts: { host: string; why: string | undefined }[] = [
  { host: 'api.example.com', why: undefined },
  { host: 'api.example.org', why: 'dns name "api.example.org" is not permitted' },
  { host: 'x.bad.example.com', why: 'dns name "x.bad.example.com" is excluded' },
  { host: '10.1.2.3', why: undefined },
  { host: '192.168.1.1', why: 'ip name "192.168.1.1" is not permitted' },
];

for (const { host, why } of hosts) {
  test(`forbiddenHost() of a constrained CA says of ${host}: ${why ?? 'nothing'}`, () => {
    assert.equal(forbiddenHost(constrained.certificate, host), why);
    assert.equal(forbiddenHost(root.certificate, host), undefined);
  });
}

test('describeCertificate() gives the facts as plain JSON values', () => {
  const altNames = Array.from({ length: 25 }, (_, i) => ({ type: 'dns', value: `h${i}.example.com` }) as const);
  const { certificate } = makeCertificate({
    subject: 'gateway',
    issuer: root,
    isCA: false,
    serial: 0x1f2e,
    extensions: [subjectAltNameExtension(altNames, false)],
  });
  const facts = describeCertificate(certificate);
  assert.deepEqual(facts, {
    subject: 'CN=gateway',
    issuer: 'CN=Root',
    serialNumber: '1f2e',
    fingerprint: certificate.fingerprint,
    notBefore: '2026-01-01T00:00:00Z',
    notAfter: '2036-01-01T00:00:00Z',
    key: 'ECDSA P-256',
    dnsNames: altNames.slice(0, 20).map(({ value }) => value),
    isCA: false,
    selfSigned: false,
  });
  assert.equal(describeCertificate(root.certificate).selfSigned, true);
  const long = describeCertificate(makeCertificate({ subject: 'x'.repeat(5_000) }).certificate);
  assert.equal(long.subject.length, 512);
});

const kinds = [
  { type: 'ec', options: { namedCurve: 'secp224r1' }, key: 'ec secp224r1', weak: true },
  { type: 'ec', options: { namedCurve: 'secp256k1' }, key: 'ec secp256k1', weak: false },
] as const;

for (const { type, options, key, weak } of kinds) {
  test(`a key of ${key} is named, and ${weak ? '' : 'not '}weak`, () => {
    const { publicKey } = generateKeyPairSync(type, options);
    const file = withKey(publicKey.export({ format: 'der', type: 'spki' }));
    const { certificates, findings: said } = read(file);
    assert.equal(describeCertificate(certificates[0]!.certificate).key, key);
    assert.equal(
      said.some(({ code }) => code === 'weak-key'),
      weak,
    );
  });
}

/** `other` with another public key; its signature holds no longer, which nobody asks of an anchor. */
function withKey(spki: Uint8Array): Uint8Array {
  const { der, spki: own, fields } = other.certificate;
  const tbs = Buffer.from(fields.tbs);
  const at = tbs.indexOf(own);
  const content = Buffer.concat([tbs.subarray(contentStart(tbs), at), spki, tbs.subarray(at + own.length)]);
  assert(der.length > 0);
  const algorithm = sequence(oid(fields.signatureOID));
  return sequence(sequence(content), algorithm, bitString(fields.signature));
}

/** After tag and length octets. */
function contentStart(element: Uint8Array): number {
  return element[1]! < 0x80 ? 2 : 2 + (element[1]! & 0x7f);
}
