import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodedError } from '#errors';
import { pkcs12Profiles } from '#pki/keystore';
import { formatPEM, integer, octetString, oid, sequence } from '#pki/x509';
import { makeCA, makeCertificate } from '../x509/certificates/certificate.fixture.ts';
import { readCertificateText, readKeystoreMaterial, readTruststoreMaterial, sizeLimits } from './index.ts';
import * as up from './test-uploads.ts';

const { leaf, root } = up;
const options = { now: up.now, password: up.password };

/** Milliseconds that `run` takes; what it fails with is the caller's to look at. */
function elapsed(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

const megabytes50 = 50 * 1024 * 1024;

test('a file of 50 MB is refused by its size, before anything is decoded', () => {
  const refused = { code: 'material-too-large' };
  const file = new Uint8Array(megabytes50);
  const spent = elapsed(() => {
    assert.throws(() => readKeystoreMaterial([file], options), refused);
    assert.throws(() => readTruststoreMaterial([{ name: 'trust.jks', bytes: file }], options), {
      ...refused,
      field: 'trust.jks',
    });
    assert.throws(() => readCertificateText('A'.repeat(megabytes50), options), refused);
  });
  assert(spent < 2_000, `${spent} ms`);
});

test('base64 of a file over the limit is refused by the length of the text', () => {
  const encoded = 'A'.repeat(Math.ceil((sizeLimits.fileBytes * 4) / 3) + 1024 * 1024);
  assert.throws(() => readCertificateText(encoded, options), { code: 'material-too-large' });
});

test('much white space takes no more time than other text', () => {
  const spent = elapsed(() => {
    for (const text of ['\n'.repeat(8_000_000), `${'\n'.repeat(8_000_000)}!`, `${'A '.repeat(4_000_000)}!`]) {
      assert.throws(() => readCertificateText(text, options), { code: 'unrecognized' });
    }
  });
  assert(spent < 2_000, `${spent} ms`);
});

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A JKS with `count` times the same entry; its digest is right. */
function bomb(count: number, claimed = count): Uint8Array {
  const one = Buffer.from(up.jks(up.trustedEntry('a', root))).subarray(12, -20);
  const content = Buffer.concat([u32(0xfeedfeed), u32(2), u32(claimed), ...Array<Buffer>(count).fill(one)]);
  const secret = Buffer.from(up.password, 'utf16le').swap16();
  const digest = hash('sha1', Buffer.concat([secret, Buffer.from('Mighty Aphrodite'), content]), 'buffer');
  return Uint8Array.from(Buffer.concat([content, digest]));
}

const bombs: { why: string; file: Uint8Array; code: string }[] = [
  { why: 'a JKS that claims a million entries', file: bomb(1, 1_000_000), code: 'keystore-unsupported' },
  { why: 'a JKS that claims four thousand million', file: bomb(1, 0xffffffff), code: 'keystore-unsupported' },
  { why: 'a JKS with 9,999 entries', file: bomb(9_999), code: 'material-too-large' },
  { why: 'a PEM text with 2,001 certificates', file: up.bytes(up.pem(root).repeat(2_001)), code: 'material-too-large' },
  { why: 'a PEM text with 101 keys', file: up.bytes(up.keyPEM(leaf).repeat(101)), code: 'material-too-large' },
];

for (const { why, file, code } of bombs) {
  test(`${why} is refused before it is parsed`, () => {
    const spent = elapsed(() => assert.throws(() => readKeystoreMaterial([file], options), { code }));
    assert(spent < 2_000, `${spent} ms`);
  });
}

test('as many certificates as are allowed are read in bearable time', () => {
  const text = up.pem(root).repeat(sizeLimits.certificates);
  const { certificates, findings } = readTruststoreMaterial([up.bytes(text)], options);
  assert.equal(certificates.length, 1);
  assert.equal(findings.length, 100);
});

test('a thousand generations of one CA do not make a thousand times a thousand signature checks', () => {
  const { key } = root;
  const generations = Array.from({ length: 600 }, () => up.pem(makeCA('Root', makeCA('Top'), { key })));
  const file = up.bytes(up.pem(leaf, up.lower, up.upper) + generations.join('') + up.keyPEM(leaf));
  assert.throws(() => readKeystoreMaterial([file], options), { code: 'material-too-large', message: /signatures/ });
});

test('a PKCS#12 file whose certificates all have one name is given up before every pair is compared', () => {
  const namesakes = Array.from({ length: 64 }, () => makeCA('Same'));
  const issuer = makeCA('Same');
  const leaves = Array.from({ length: 90 }, () =>
    makeCertificate({ subject: 'x', key: leaf.key, issuer, isCA: false }),
  );
  const entries = leaves.map((one, i) => up.keyEntry(`key ${i}`, one, [one, ...(i === 0 ? namesakes : [])]));
  assert.throws(() => readKeystoreMaterial([up.pkcs12(...entries)], options), {
    code: 'keystore-unsupported',
    message: /signatures/,
  });
});

/** EncryptedPrivateKeyInfo whose PBKDF2 asks for `iterations`. */
function slowKey(iterations: number): Uint8Array {
  const pbkdf2 = sequence(oid('1.2.840.113549.1.5.12'), sequence(octetString(new Uint8Array(8)), integer(iterations)));
  const cipher = sequence(oid('2.16.840.1.101.3.4.1.42'), octetString(new Uint8Array(16)));
  const algorithm = sequence(oid('1.2.840.113549.1.5.13'), sequence(pbkdf2, cipher));
  return sequence(algorithm, octetString(new Uint8Array(64)));
}

const slow: { why: string; file: string; workLimit?: number; field?: string }[] = [
  { why: 'two thousand million iterations', file: formatPEM('ENCRYPTED PRIVATE KEY', slowKey(2 ** 31 - 1)) },
  {
    why: 'a hundred keys of 40,000',
    file: formatPEM('ENCRYPTED PRIVATE KEY', slowKey(40_000)).repeat(100),
    workLimit: 1_000_000,
  },
  {
    why: 'more than a caller may wait for',
    file: formatPEM('ENCRYPTED PRIVATE KEY', slowKey(600_000)),
    workLimit: 1_000_000,
  },
];

for (const { why, file, workLimit } of slow) {
  test(`key derivation with ${why} is not begun`, () => {
    const spent = elapsed(() => {
      assert.throws(() => readKeystoreMaterial([up.bytes(up.pem(leaf) + file)], { ...options, workLimit }), {
        code: 'keystore-unsupported',
        message: /iterations/,
        field: 'entry 2 (private key)',
      });
    });
    assert(spent < 2_000, `${spent} ms`);
  });
}

test('a PKCS#12 file is opened within the work limit, and not beyond', () => {
  const file = up.pkcs12(up.keyEntry('one', leaf, up.family));
  const { encryptionIterations, macIterations } = pkcs12Profiles.Modern2023;
  const enough = 10 * (encryptionIterations + macIterations);
  assert.equal(readKeystoreMaterial([file], { ...options, workLimit: enough }).entries.length, 1);
  assert.throws(() => readKeystoreMaterial([file], { ...options, workLimit: macIterations }), {
    code: 'keystore-unsupported',
  });
});

const secrets = [up.password, Buffer.from(leaf.key.toDER('PKCS8')).toString('base64').slice(60, 100)];

/** All that an error shows to anybody. */
function shown(error: CodedError): string {
  return [error.message, error.field, error.hint, JSON.stringify(error.causes)].join(' ');
}

/** A coded failure without a secret in it, or material that holds together. */
function assertSafe(file: Uint8Array): void {
  try {
    for (const { key, certificate } of readKeystoreMaterial([file], options).entries)
      assert(key.matches(certificate.spki));
  } catch (error) {
    assert(error instanceof CodedError, String(error));
    assert(!secrets.some((secret) => shown(error).includes(secret)));
  }
}

/** Without a password JKS files are read unchecked, so the damage reaches the parsers. */
function assertSafelyTrusted(file: Uint8Array): void {
  try {
    assert(readTruststoreMaterial([file], { now: up.now }).certificates.length > 0);
  } catch (error) {
    assert(error instanceof CodedError, String(error));
  }
}

const single = [up.keyEntry('one', leaf, up.family), up.trustedEntry('ca', root)];
const targets = [
  { name: 'JKS', file: up.jks(...single) },
  { name: 'PKCS#12', file: up.pkcs12(...single) },
  { name: 'PEM', file: up.bytes(up.pem(...up.family) + up.keyPEM(leaf)) },
  { name: 'DER', file: leaf.certificate.der },
  { name: 'JKS truststore', file: up.jks(up.trustedEntry('ca', root), up.trustedEntry('upper', up.upper)) },
];

for (const { name, file } of targets) {
  test(`a mutated ${name} file fails with a coded error or is whole, and shows no secret`, () => {
    const place = fc.nat(file.length - 1);
    const change = fc.record({ at: place, bits: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const mutated = Uint8Array.from(file);
        for (const { at, bits } of changes) mutated[at]! ^= bits;
        assertSafe(mutated);
        assertSafelyTrusted(mutated);
      }),
      { numRuns: 150 },
    );
  });

  test(`a truncated ${name} file fails with a coded error`, () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), (length) => {
        const cut = file.slice(0, length);
        // A PEM text that is cut in the line end of its last block is whole.
        if (name === 'PEM' && length >= file.length - 1) return;
        assert.throws(() => readKeystoreMaterial([cut], options), CodedError);
      }),
      { numRuns: 60 },
    );
  });
}

test('any text in a certificate field fails with a coded error', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.base64String({ maxLength: 400 }), fc.constant('-----BEGIN '));
  fc.assert(
    fc.property(text, (given) => {
      assert.throws(() => readCertificateText(given, options), CodedError);
    }),
  );
});

test('a certificate of a kind of key that is not used here is shown, and its key refused', () => {
  assert.throws(() => readKeystoreMaterial([up.bytes(up.pem(makeCertificate({ subject: 'x' })) + x25519)], options), {
    code: 'key-unsupported',
    field: 'entry 2 (private key)',
  });
});

/** RFC 8410, section 7, with the identifier of X25519. */
const x25519 = formatPEM(
  'PRIVATE KEY',
  sequence(integer(0), sequence(oid('1.3.101.110')), octetString(octetString(new Uint8Array(32)))),
);
