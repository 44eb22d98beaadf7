import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { inspect as print } from 'node:util';
import fc from 'fast-check';
import { CodedError } from '#errors';
import { writeJKS, writePKCS12 } from '#pki/keystore';
import type { Keystore } from '#pki/keystore';
import * as x509 from '#pki/x509';
import { inspect, inspectBytes } from './index.ts';
import type { ChainNode, Inspection } from './index.ts';
import { daysFromNow, make, makeCA, now } from './test-certificates.ts';

const root = makeCA();
const intermediate = makeCA({ name: 'intermediate', issuer: root });
const leaf = make({ issuer: intermediate });
const random = (size: number): Uint8Array => new Uint8Array(size).fill(7);

function look(...texts: (string | Uint8Array)[]): Inspection {
  return inspect(
    texts.map((text, i) => ({ name: `part ${i}`, bytes: Buffer.from(text) })),
    { now },
  );
}

/** `0(1(2))`: item 0 signed 1, which signed 2. */
function drawn(nodes: readonly ChainNode[]): string {
  return nodes
    .map(({ item, signed, missingIssuer }) => {
      const below = signed.length === 0 ? '' : `(${drawn(signed)})`;
      return `${missingIssuer === undefined ? '' : `[${missingIssuer}] `}${item}${below}`;
    })
    .join(' ');
}

test('inspectBytes() shows what a person wants to know of a certificate', () => {
  const [item] = inspectBytes(Buffer.from(leaf.pem), { now }).items;
  assert(item?.type === 'certificate');
  const { fingerprints, subjectKeyId, authorityKeyId, ...rest } = item.certificate;
  assert.equal(fingerprints.sha256.length, 64);
  assert.equal(fingerprints.sha1.length, 40);
  assert.equal(subjectKeyId, Buffer.from(leaf.keyId).toString('hex'));
  assert.equal(authorityKeyId, Buffer.from(intermediate.keyId).toString('hex'));
  assert.deepEqual(rest, {
    subject: 'CN=leaf,O=Test',
    issuer: 'CN=intermediate,O=Test',
    version: 3,
    serialNumber: '07',
    notBefore: daysFromNow(-100),
    notAfter: daysFromNow(265),
    validity: 'valid',
    daysLeft: 265,
    key: 'ECDSA P-256',
    signatureAlgorithm: 'ECDSAWithSHA256',
    isCA: false,
    isSelfSigned: false,
    keyUsages: undefined,
    extendedKeyUsages: ['server auth'],
    altNames: ['DNS:example.com'],
  });
});

const forests = [
  { why: 'a chain file with its root', parts: [leaf.pem + intermediate.pem + root.pem], drawn: '2(1(0))' },
  { why: 'a chain file without root', parts: [leaf.pem + intermediate.pem], drawn: '[CN=root,O=Test] 1(0)' },
  { why: 'a leaf alone', parts: [leaf.pem], drawn: '[CN=intermediate,O=Test] 0' },
  { why: 'two leaves of one CA, across sources', parts: [leaf.pem, intermediate.pem], drawn: '[CN=root,O=Test] 1(0)' },
  { why: 'a root by itself', parts: [root.der], drawn: '0' },
  { why: 'a certificate twice', parts: [root.pem + root.pem], drawn: '0' },
  { why: 'nothing in common', parts: [root.pem + makeCA({ name: 'other' }).pem], drawn: '0 1' },
];

for (const { why, parts, drawn: expected } of forests) {
  test(`the chains of ${why} are drawn as ${expected}`, () => {
    assert.equal(drawn(look(...parts).chains), expected);
  });
}

test('a cross-signed intermediate names both signers, and its leaf is drawn once', () => {
  const other = makeCA({ name: 'root', key: x509.generateKey(x509.p256) });
  const crossed = makeCA({ name: 'intermediate', key: intermediate.key, issuer: other });
  const { chains } = look(leaf.pem + intermediate.pem + crossed.pem + root.pem + other.pem);
  assert.equal(drawn(chains), '3(1(0)) 4(2)');
  assert.deepEqual(chains[0]!.signed[0]!.signed[0]!.alsoSignedBy, [2]);
});

test('two CAs that signed each other, and no root at hand, are drawn once each', () => {
  const a = makeCA({ name: 'a' });
  const b = makeCA({ name: 'b' });
  const parts = [makeCA({ name: 'a', key: a.key, issuer: b }).pem, makeCA({ name: 'b', key: b.key, issuer: a }).pem];
  assert.equal(drawn(look(parts.join('')).chains), '0(1)');
});

test('a key points to its certificate and request, and nothing shows a byte of it', () => {
  const request = x509.formatPEM('CERTIFICATE REQUEST', x509.buildCertificateRequest(leaf.key, {}));
  const inspection = look(leaf.key.toPEM('PKCS8'), leaf.pem, request, intermediate.key.toPEM('PKCS1'));
  const keys = inspection.items.filter((item) => item.type === 'key');
  assert.deepEqual(
    keys.map(({ algorithm, matches, locked }) => ({ algorithm, matches, locked })),
    [
      { algorithm: 'ECDSA P-256', matches: [1, 2], locked: false },
      { algorithm: 'ECDSA P-256', matches: [], locked: false },
    ],
  );
  const shown = JSON.stringify(inspection) + print(inspection, { depth: 20, showHidden: true });
  for (const key of [leaf.key, intermediate.key]) {
    const { d } = key.keyObject.export({ format: 'jwk' });
    const secret = Buffer.from(d!, 'base64url');
    for (const form of [secret.toString('hex'), d!, secret.toString('base64')]) assert(!shown.includes(form));
  }
});

const formats = [
  { why: 'PEM with text around it', bytes: Buffer.from(`subject=x\n${leaf.pem}\ntrailer`), format: 'PEM' },
  {
    why: 'PEM with a byte order mark and CRLF',
    bytes: Buffer.from(`\uFEFF${leaf.pem.replaceAll('\n', '\r\n')}`),
    format: 'PEM',
  },
  { why: 'DER', bytes: leaf.der, format: 'DER' },
  { why: 'base64 of PEM, as in a Secret', bytes: Buffer.from(Buffer.from(leaf.pem).toString('base64')), format: 'PEM' },
  {
    why: 'base64 of DER, in lines',
    bytes: Buffer.from(`${leaf.pem.split('\n').slice(1, -2).join('\n')}\n`),
    format: 'DER',
  },
  { why: 'PKCS#7', bytes: pkcs7(leaf.der, intermediate.der), format: 'PKCS7' },
];

function pkcs7(...certificates: Uint8Array[]): Uint8Array {
  const { sequence, explicit, integer, oid, encode, Tag } = x509;
  const fields = [integer(1), encode(Tag.set), sequence(oid('1.2.840.113549.1.7.1'))];
  const signed = sequence(...fields, explicit(0, ...certificates), encode(Tag.set));
  return sequence(oid('1.2.840.113549.1.7.2'), explicit(0, signed));
}

for (const { why, bytes, format } of formats) {
  test(`inspectBytes() recognizes ${why}`, () => {
    const { sources, items } = inspectBytes(bytes, { now });
    assert.equal(sources[0]!.format, format);
    assert(items[0]?.type === 'certificate');
    assert.equal(items[0].certificate.subject, 'CN=leaf,O=Test');
  });
}

const keystore: Keystore = {
  entries: [
    {
      type: 'key',
      alias: 'gateway',
      key: leaf.key.toDER('PKCS8'),
      chain: [leaf.der, intermediate.der],
    },
    { type: 'trusted', alias: 'ca', certificate: root.der },
  ],
};
const keystores = {
  PKCS12: writePKCS12(keystore, { password: 'changeit', profile: 'Modern2023', random }),
  JKS: writeJKS(keystore, { password: 'changeit', random, now }),
};

for (const [format, bytes] of Object.entries(keystores)) {
  test(`inspectBytes() shows the entries of a ${format} keystore with the password`, () => {
    const { sources, items, chains } = inspectBytes(bytes, { now, password: 'changeit' });
    assert.equal(sources[0]!.format, format);
    assert.equal(sources[0]!.locked, false);
    assert.deepEqual(
      items.map((item) => `${item.place} ${item.type} ${item.type === 'certificate' ? item.role : ''}`),
      [
        'entry "gateway" key ',
        'entry "gateway" certificate chain',
        'entry "gateway" certificate chain',
        'entry "ca" certificate trusted',
      ],
    );
    assert.equal(drawn(chains), '3(2(1))');
    assert.throws(() => inspectBytes(bytes, { now, password: 'other' }), { code: 'keystore-password-wrong' });
  });
}

test('inspectBytes() says of a PKCS#12 keystore without the password that it is locked, and how', () => {
  const { sources, items } = inspectBytes(keystores.PKCS12, { now });
  assert.equal(sources[0]!.locked, true);
  assert.deepEqual(sources[0]!.protection?.check, { name: 'HMAC-SHA256', iterations: 2048 });
  assert.deepEqual(items, []);
});

test('inspectBytes() shows the certificates of a JKS keystore without the password, and the key locked', () => {
  const { sources, items, warnings } = inspectBytes(keystores.JKS, { now });
  assert.equal(sources[0]!.locked, true);
  assert.deepEqual(items[0], {
    source: '',
    place: 'entry "gateway"',
    type: 'key',
    algorithm: undefined,
    locked: true,
    matches: [],
  });
  assert.equal(items.length, 4);
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['weak-encryption'],
  );
});

test('an encrypted PEM key is locked until its password is given', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const cipher = { cipher: 'aes-256-cbc', passphrase: 'sesame' } as const;
  const bytes = Buffer.from(privateKey.export({ format: 'pem', type: 'pkcs8', ...cipher }));
  assert.equal(inspectBytes(bytes, { now }).sources[0]!.locked, true);
  const [item] = inspectBytes(bytes, { now, password: 'sesame' }).items;
  assert(item?.type === 'key');
  assert.equal(item.algorithm, 'ECDSA P-256');
  assert.throws(() => inspectBytes(bytes, { now, password: 'other' }), { code: 'keystore-password-wrong' });
  const traditional = Buffer.from(privateKey.export({ format: 'pem', type: 'sec1', ...cipher }));
  assert.equal(inspectBytes(traditional, { now }).sources[0]!.locked, true);
});

test('a damaged certificate is an item beside the whole ones', () => {
  const damaged = x509.formatPEM('CERTIFICATE', leaf.der.subarray(0, 100));
  const { items, warnings } = look(damaged + intermediate.pem);
  assert.deepEqual(
    items.map(({ type }) => type),
    ['damaged', 'certificate'],
  );
  assert.equal(warnings[0]!.code, 'damaged');
});

const unknown = [
  { why: 'nothing', bytes: '' },
  { why: 'prose', bytes: 'Hello, this is not a certificate.' },
  { why: 'base64 of prose', bytes: Buffer.from('Hello, this is not a certificate.').toString('base64') },
  { why: 'DER of something else', bytes: x509.sequence(x509.sequence()) },
];

for (const { why, bytes } of unknown) {
  test(`inspectBytes() fails with "unrecognized" for ${why}`, () => {
    assert.throws(() => inspectBytes(Buffer.from(bytes), { now }), { code: 'unrecognized' });
  });
}

test('inspectBytes() inspects or fails with a code, whatever was changed', () => {
  const samples = [leaf.der, Buffer.from(leaf.pem + leaf.key.toPEM('PKCS8')), keystores.JKS, pkcs7(leaf.der)];
  const sample = fc.constantFrom(...samples);
  const changes = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { maxLength: 3 });
  fc.assert(
    fc.property(sample, changes, fc.integer({ min: 1, max: 2000 }), (bytes, changes, cut) => {
      const changed = Uint8Array.from(bytes.subarray(0, cut));
      for (const [where, value] of changes) changed[Math.floor(where * (changed.length - 1))] = value;
      try {
        inspectBytes(changed, { now });
      } catch (error) {
        assert(error instanceof CodedError, String(error));
      }
    }),
    { numRuns: 1500 },
  );
});
