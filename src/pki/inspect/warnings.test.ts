import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { writeJKS, writePKCS12 } from '#pki/keystore';
import type { Keystore } from '#pki/keystore';
import * as x509 from '#pki/x509';
import { inspect } from './index.ts';
import { daysFromNow, leafExtensions, make, makeCA, now } from './test-certificates.ts';
import type { Made, Wanted } from './test-certificates.ts';

const root = makeCA();
const intermediate = makeCA({ name: 'intermediate', issuer: root });

function codesOf(sources: readonly (string | Uint8Array)[], password?: string): string[] {
  const parts = sources.map((bytes, i) => ({ name: `part ${i}`, bytes: Buffer.from(bytes) }));
  const { warnings } = inspect(parts, { now, ...(password === undefined ? {} : { password }) });
  return warnings.map(({ code, item }) => (item === undefined ? code : `${code} ${item}`));
}

/** A leaf of `root`, and `root` after it. */
function underRoot(wanted: Wanted): string {
  return make({ issuer: root, ...wanted }).pem + root.pem;
}

function without(...oids: string[]): Wanted {
  const key = x509.generateKey(x509.p256);
  return { key, extensions: leafExtensions(key, root.keyId).filter(({ oid }) => !oids.includes(oid)) };
}

function withUsages(...usages: string[]): Wanted {
  const { key, extensions = [] } = without(x509.extensionOIDs.extendedKeyUsage);
  return { key: key!, extensions: [...extensions, x509.extendedKeyUsageExtension(usages)] };
}

function weakRSA(): x509.PrivateKey {
  return x509.privateKeyFromKeyObject(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey);
}

const { extendedKeyUsage, subjectAltName, authorityKeyId } = x509.extensionOIDs;
const sameNameAsRoot = makeCA();
const notCA = make({ name: 'not a CA', issuer: root });
const pathless = makeCA({ name: 'pathless', pathLength: 0 });
const below = makeCA({ name: 'below', issuer: pathless });

const cases: { why: string; sources: readonly string[]; expected: readonly string[] }[] = [
  { why: 'a good chain', sources: [underRoot({})], expected: [] },
  {
    why: 'a good chain without root',
    sources: [make({ issuer: intermediate }).pem + intermediate.pem],
    expected: ['missing-issuer 1'],
  },
  { why: 'an expired leaf', sources: [underRoot({ notAfter: daysFromNow(-1) })], expected: ['expired 0'] },
  { why: 'a leaf of tomorrow', sources: [underRoot({ notBefore: daysFromNow(1) })], expected: ['not-yet-valid 0'] },
  {
    why: 'a leaf with 29 of 129 days left',
    sources: [underRoot({ notAfter: daysFromNow(29) })],
    expected: ['expires-soon 0'],
  },
  { why: 'a leaf with 31 days left', sources: [underRoot({ notAfter: daysFromNow(31) })], expected: [] },
  {
    why: 'a leaf with 12 hours of a day left',
    sources: [underRoot({ notBefore: daysFromNow(-0.5), notAfter: daysFromNow(0.5) })],
    expected: [],
  },
  { why: 'RSA with 1024 bits', sources: [underRoot({ key: weakRSA() })], expected: ['weak-key 0'] },
  { why: 'SHA-1', sources: [underRoot({ digest: 'sha1' })], expected: ['weak-signature 0'] },
  { why: 'SHA-1 on a root only', sources: [makeCA({ digest: 'sha1' }).pem], expected: [] },
  { why: 'no names', sources: [underRoot(without(subjectAltName))], expected: ['no-alt-name 0'] },
  { why: 'no names, for clients only', sources: [underRoot({ ...withUsages('client auth') })], expected: [] },
  { why: 'no extended usages', sources: [underRoot(without(extendedKeyUsage))], expected: ['no-extended-usage 0'] },
  { why: 'code signing', sources: [underRoot(withUsages('code signing'))], expected: ['no-tls-usage 0'] },
  { why: 'any usage', sources: [underRoot(withUsages('any'))], expected: [] },
  {
    why: 'no authority key identifier',
    sources: [underRoot(without(authorityKeyId))],
    expected: ['no-authority-key-id 0'],
  },
  {
    why: "another key's identifier as the issuer's",
    sources: [underRoot({ key: root.key, extensions: leafExtensions(root.key, intermediate.keyId) })],
    expected: ['key-id-mismatch 0'],
  },
  {
    why: 'a leaf that outlives its CA',
    sources: [underRoot({ notAfter: daysFromNow(4000) })],
    expected: ['outlives-issuer 0'],
  },
  { why: 'a leaf alone', sources: [make({ issuer: intermediate }).pem], expected: ['missing-issuer 0'] },
  {
    why: 'the former generation of the CA',
    sources: [make({ issuer: root }).pem + sameNameAsRoot.pem],
    expected: ['signature-mismatch 0'],
  },
  {
    why: 'a chain with its issuer first',
    sources: [root.pem + make({ issuer: root }).pem],
    expected: ['wrong-order 1'],
  },
  { why: 'tls.crt after ca.crt', sources: [root.pem, make({ issuer: root }).pem], expected: [] },
  { why: 'a certificate twice in a file', sources: [root.pem + root.pem], expected: ['duplicate 1'] },
  { why: 'tls.crt and ca.crt alike, as a self-signed Secret has them', sources: [root.pem, root.pem], expected: [] },
  { why: 'a leaf signed by itself', sources: [make().pem], expected: ['self-signed-leaf 0'] },
  {
    why: 'a signer that is no CA',
    sources: [make({ issuer: notCA }).pem + notCA.pem + root.pem],
    expected: ['path-invalid 1'],
  },
  {
    why: 'a path that is longer than allowed',
    sources: [make({ issuer: below }).pem + below.pem + pathless.pem],
    expected: ['path-invalid 2'],
  },
  {
    why: 'a CA without key identifiers',
    sources: [make({ name: 'ca', extensions: [x509.basicConstraintsExtension({ isCA: true })] }).pem],
    expected: ['no-subject-key-id 0'],
  },
  { why: 'a root of version 1', sources: [make({ name: 'ca', version: 1 }).pem], expected: ['no-subject-key-id 0'] },
  {
    why: "somebody else's key",
    sources: [underRoot({}), root.key.toPEM('PKCS8'), notCA.key.toPEM('PKCS8')],
    expected: ['key-without-certificate 3'],
  },
  { why: 'a key by itself', sources: [root.key.toPEM('PKCS8')], expected: [] },
];

for (const { why, sources, expected } of cases) {
  test(`the warnings for ${why} are: ${expected.join(', ') || 'none'}`, () => {
    assert.deepEqual(codesOf(sources), expected);
  });
}

test('a root that is not at hand is a note below an intermediate and a warning below a leaf', () => {
  const severities = [intermediate, make({ issuer: root })].map(({ pem }) => {
    const { warnings } = inspect([{ name: '', bytes: Buffer.from(pem) }], { now });
    return warnings.map(({ severity }) => severity);
  });
  assert.deepEqual(severities, [['note'], ['warning']]);
});

test('the worst warnings come first', () => {
  const chain = make({ issuer: root, notAfter: daysFromNow(-1), ...without(authorityKeyId, subjectAltName) }).pem;
  const { warnings } = inspect([{ name: '', bytes: Buffer.from(chain) }], { now });
  const ranks = warnings.map(({ severity }) => ['error', 'warning', 'note'].indexOf(severity));
  assert.deepEqual(
    ranks,
    ranks.toSorted((a, b) => a - b),
  );
  assert.equal(new Set(ranks).size, 3);
});

test('a request that another key signed is found out', () => {
  const request = Uint8Array.from(x509.buildCertificateRequest(root.key, {}));
  assert.deepEqual(codesOf([request]), []);
  request[request.length - 1]! ^= 1;
  assert.deepEqual(codesOf([request]), ['request-not-signed 0']);
});

function pkcs12(entries: Keystore['entries'], profile: 'LegacyRC2' | 'Modern2023'): Uint8Array {
  return writePKCS12({ entries }, { password: 'x', profile, random: zeros });
}

function keyEntry(
  alias: string,
  key: Made,
  chain: readonly Made[],
  localKeyId: Uint8Array,
): Keystore['entries'][number] {
  return { type: 'key', alias, key: key.key.toDER('PKCS8'), chain: chain.map(({ der }) => der), localKeyId };
}

test("a keystore entry whose key is not its certificate's is an error", () => {
  const leaf = make({ issuer: root });
  const bytes = pkcs12([keyEntry('a', root, [leaf, root], Uint8Array.of(1))], 'Modern2023');
  assert.deepEqual(codesOf([bytes], 'x'), ['key-mismatch 0']);
});

function zeros(size: number): Uint8Array {
  return new Uint8Array(size);
}

function jks(entries: Keystore['entries']): Uint8Array {
  return writeJKS({ entries }, { password: 'x', random: zeros, now });
}

test('a JKS is weak where it has keys to protect', () => {
  const trusted = { type: 'trusted', alias: 'ca', certificate: root.der } as const;
  assert.deepEqual(codesOf([jks([trusted])], 'x'), []);
  assert.deepEqual(codesOf([jks([keyEntry('a', root, [root], Uint8Array.of(1))])], 'x'), ['weak-encryption']);
});

test('a weak keystore and one that Java does not see are pointed out', () => {
  const trusted = { type: 'trusted', alias: 'ca', certificate: root.der } as const;
  assert.deepEqual(codesOf([pkcs12([trusted], 'LegacyRC2')], 'x'), ['weak-encryption']);
  assert.deepEqual(codesOf([pkcs12([{ ...trusted, seenByJava: false }], 'Modern2023')], 'x'), ['not-seen-by-java 0']);
});

test('a file of thousands of certificates is inspected in bounded time, and said to be cut', () => {
  const pems = Array.from({ length: 2100 }, (_, i) => make({ name: `ca ${i}`, extensions: [] }).pem).join('');
  const codes = codesOf([pems]);
  assert(codes.includes('too-many-certificates'));
});
