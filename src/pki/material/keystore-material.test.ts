import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatPEM, privateKeyFromKeyObject } from '#pki/x509';
import { makeCA, makeCertificate } from '../x509/certificates/certificate.fixture.ts';
import type { Fixture } from '../x509/certificates/certificate.fixture.ts';
import { readKeystoreMaterial } from './index.ts';
import type { KeystoreMaterial, KeystoreOptions, MaterialFile } from './index.ts';
import * as up from './test-uploads.ts';

const { leaf, lower, upper, root, other } = up;

type Upload = string | Uint8Array | MaterialFile;

function read(files: Upload | readonly Upload[], options: Partial<KeystoreOptions> = {}): KeystoreMaterial {
  const all = Array.isArray(files) ? (files as readonly Upload[]) : [files as Upload];
  return readKeystoreMaterial(
    all.map((file) => (typeof file === 'string' ? up.bytes(file) : file)),
    { now: up.now, ...options },
  );
}

function chainNames({ entries }: KeystoreMaterial): string[] {
  return entries.map(({ chain, root: top }) => `${up.names(chain).join(' ')} | ${up.names([top]).join('')}`);
}

function codes({ findings }: KeystoreMaterial): string[] {
  return findings.map(({ severity, code }) => `${severity} ${code}`);
}

const whole = up.pem(leaf, lower, upper, root) + up.keyPEM(leaf);

test('a chain is put in order whatever the order in the file', () => {
  const blocks = [...up.family.map((one) => up.pem(one)), up.keyPEM(leaf)];
  fc.assert(
    fc.property(fc.shuffledSubarray(blocks, { minLength: blocks.length }), (shuffled) => {
      const material = read(shuffled.join('text around it\r\n'));
      assert.deepEqual(chainNames(material), ['leaf Lower Upper | Root']);
      const ordered = shuffled.filter((block) => block.includes('CERTIFICATE')).join() === blocks.slice(0, 4).join();
      assert.deepEqual(codes(material), ordered ? [] : ['info chain-not-ordered']);
    }),
    { numRuns: 30 },
  );
});

const bom = '\uFEFF';
const utf16 = Buffer.from(bom + whole, 'utf16le');

const accepted: { why: string; file: Upload | readonly Upload[]; format?: string }[] = [
  { why: 'CRLF line ends', file: whole.replaceAll('\n', '\r\n') },
  { why: 'a byte order mark', file: bom + whole },
  { why: 'UTF-16 by Windows', file: Uint8Array.from(utf16) },
  { why: 'UTF-16, big end first', file: Uint8Array.from(Buffer.from(utf16).swap16()) },
  { why: 'text around, as openssl prints it', file: `Bag Attributes\n    friendlyName: x\n${whole}\nBye` },
  { why: 'base64 around PEM, as in the YAML of a Secret', file: Buffer.from(whole).toString('base64') },
  { why: 'base64 with a byte order mark', file: bom + Buffer.from(whole).toString('base64') },
  { why: 'certificates and key in two files', file: [up.pem(...up.family), up.keyPEM(leaf)] },
  {
    why: 'DER, a file for each',
    file: [...up.family.map(up.der), leaf.key.toDER('PKCS8')],
    format: 'DER',
  },
  { why: 'a DER key in SEC1', file: [...up.family.map(up.der), leaf.key.toDER('PKCS1')], format: 'DER' },
  { why: 'JKS', file: up.jks(up.keyEntry('one', leaf, up.family)), format: 'JKS' },
  { why: 'JCEKS', file: up.jceks(up.keyEntry('one', leaf, up.family)), format: 'JCEKS' },
  { why: 'PKCS#12', file: up.pkcs12(up.keyEntry('one', leaf, up.family)), format: 'PKCS12' },
  {
    why: 'base64 of JKS',
    file: Buffer.from(up.jks(up.keyEntry('one', leaf, up.family))).toString('base64'),
    format: 'JKS',
  },
];

for (const { why, file, format = 'PEM' } of accepted) {
  test(`readKeystoreMaterial() reads ${why}`, () => {
    const material = read(file, { password: up.password });
    assert.deepEqual(chainNames(material), ['leaf Lower Upper | Root']);
    assert.equal(material.format, format);
    assert.deepEqual(material.findings, []);
    const entry = material.entries[0]!;
    assert(entry.key.matches(leaf.certificate.spki));
    assert.equal(entry.certificate, entry.chain[0]);
  });
}

test('several keys in one file are each given their own certificate', () => {
  const material = read(up.keyPEM(other) + up.pem(leaf, root, other, upper, lower) + up.keyPEM(leaf));
  assert.deepEqual(chainNames(material), ['other Lower Upper | Root', 'leaf Lower Upper | Root']);
  assert.deepEqual(
    material.entries.map(({ alias }) => alias),
    ['key-1', 'key-2'],
  );
  assert.deepEqual(codes(material), []);
});

const two = up.jks(up.keyEntry('one', leaf, up.family), up.keyEntry('Two', other, [other, lower, upper, root]));

test('an alias picks one entry out, upper and lower case being alike', () => {
  const material = read(two, { password: up.password, alias: 'TWO' });
  assert.deepEqual(chainNames(material), ['other Lower Upper | Root']);
  assert.throws(() => read(two, { password: up.password, alias: 'three' }), {
    code: 'material-unfit',
    field: 'alias',
    hint: 'Choose one of "one", "two".',
  });
});

test('entries without a name, or with one that occurred, can be asked for all the same', () => {
  const file = read([up.pkcs12(up.keyEntry('', leaf, up.family)), up.pkcs12(up.keyEntry('key-1', leaf, up.family))], {
    password: up.password,
  });
  assert.deepEqual(
    file.entries.map(({ alias }) => alias),
    ['key-1', 'key-1-2'],
  );
});

test('keys may have a password of their own, in PEM too', () => {
  const encrypted = leaf.key.keyObject.export({
    format: 'pem',
    type: 'pkcs8',
    cipher: 'aes-256-cbc',
    passphrase: 'own',
  });
  const file = up.pem(...up.family) + encrypted.toString();
  assert.equal(read(file, { password: 'store', keyPassword: 'own' }).entries.length, 1);
  assert.equal(read(file, { password: 'own' }).entries.length, 1);
});

// After a renewal with the same key the file may hold both certificates.
const renewed = makeCertificate({ subject: 'leaf', issuer: lower, key: leaf.key, notAfter: new Date('2038-01-01') });
const future = makeCertificate({
  subject: 'leaf',
  issuer: lower,
  key: leaf.key,
  notBefore: new Date('2037-01-01'),
  notAfter: new Date('2040-01-01'),
});

test('of several certificates of one key the valid one that lasts longest is taken', () => {
  const material = read(up.pem(leaf, future, renewed, lower, upper, root) + up.keyPEM(leaf));
  assert(material.entries[0]!.certificate.equals(renewed.certificate));
  assert.deepEqual(codes(material), ['info unused-certificate', 'info unused-certificate']);
});

const expiredCA = makeCA('Expired CA', root, { notAfter: new Date('2029-01-01') });
const noCA = makeCertificate({ subject: 'no CA', issuer: root, isCA: false });
const small = privateKeyFromKeyObject(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey);
const selfSigned = makeCertificate({ subject: 'self', isCA: false });
const under = (subject: string, issuer: Fixture, more = {}): Fixture =>
  makeCertificate({ subject, issuer, isCA: false, ...more });
const pathless = makeCA('Pathless', root, { pathLength: 0 });
const belowPathless = makeCA('Below', pathless);

const judged: {
  why: string;
  chain: Fixture[];
  expected: string[];
  entry?: string;
  options?: Partial<KeystoreOptions>;
}[] = [
  {
    why: 'a chain without its root',
    chain: [leaf, lower, upper],
    expected: ['info missing-intermediate'],
    entry: 'entry 3 (certificate)',
  },
  {
    why: 'an intermediate left out',
    chain: [leaf, upper, root],
    expected: ['warning missing-intermediate', 'info unused-certificate', 'info unused-certificate'],
  },
  { why: 'a certificate alone', chain: [leaf], expected: ['warning missing-intermediate'] },
  {
    why: 'a certificate twice',
    chain: [leaf, lower, upper, leaf, root],
    expected: ['warning duplicate'],
    entry: 'entry 4 (certificate)',
  },
  {
    why: 'an expired certificate',
    chain: [under('late', root, { notAfter: new Date('2029-01-01') }), root],
    expected: ['error expired'],
  },
  {
    why: 'an expired intermediate',
    chain: [under('x', expiredCA), expiredCA, root],
    expected: ['error expired'],
    entry: 'entry 2 (certificate)',
  },
  {
    why: 'one of tomorrow',
    chain: [under('early', root, { notBefore: new Date('2031-01-01') }), root],
    expected: ['error not-yet-valid'],
  },
  {
    why: 'an issuer that is no CA',
    chain: [under('x', noCA), noCA, root],
    expected: ['error not-a-ca'],
    entry: 'entry 2 (certificate)',
  },
  {
    why: 'more CAs below than a path length allows',
    chain: [under('x', belowPathless), belowPathless, pathless, root],
    expected: ['error path-invalid'],
  },
  { why: 'a key of 1024 bits', chain: [under('weak', root, { key: small }), root], expected: ['warning weak-key'] },
  {
    why: 'a curve below the minimum',
    chain: [leaf, lower, upper, root],
    expected: Array<string>(4).fill('warning weak-key'),
    options: { minimumKeyStrength: { ecBits: 384 } },
  },
  { why: 'a leaf that signed itself', chain: [selfSigned], expected: ['info self-signed-leaf'] },
  { why: 'a CA certificate as its own', chain: [root], expected: [] },
];

for (const { why, chain, expected, entry, options } of judged) {
  test(`readKeystoreMaterial() says of ${why}: ${expected.join(', ') || 'nothing'}`, () => {
    const material = read(up.pem(...chain) + up.keyPEM(chain[0]!), options);
    assert.deepEqual(codes(material), expected);
    if (entry !== undefined) assert.equal(material.findings[0]!.entry, entry);
  });
}

test('a missing issuer is named', () => {
  const material = read(up.pem(leaf) + up.keyPEM(leaf));
  assert.equal(material.entries[0]!.missingIssuer, 'CN=Lower');
  assert.equal(material.findings[0]!.message, 'The issuer "CN=Lower" of "CN=leaf" is not in the file.');
});

test('what is neither certificate nor key is named and left out', () => {
  const material = read(
    `${whole}${formatPEM('X509 CRL', Uint8Array.of(0x30, 0))}${formatPEM('NOTE', Uint8Array.of(1, 2, 3))}`,
  );
  assert.deepEqual(
    material.findings.map(({ code, entry }) => `${code} ${entry}`),
    ['ignored entry 6 (x509 crl)', 'ignored entry 7 (note)'],
  );
});

// Old and new root, each with a certificate for the other: a rotation in progress.
const newRoot = makeCA('New Root');
const newByOld = makeCertificate({
  subject: 'New Root',
  key: newRoot.key,
  issuer: root,
  isCA: true,
  keyUsages: ['cert sign'],
});
const oldByNew = makeCertificate({
  subject: 'Root',
  key: root.key,
  issuer: newRoot,
  isCA: true,
  keyUsages: ['cert sign'],
});
const rotated = makeCertificate({ subject: 'rotated', issuer: newRoot, isCA: false });

test('among cross-signed certificates the way to a root is taken', () => {
  const toNew = read(up.pem(rotated, newByOld, oldByNew, newRoot) + up.keyPEM(rotated));
  assert.deepEqual(chainNames(toNew), ['rotated | New Root']);
  const toOld = read(up.pem(rotated, newByOld, oldByNew, root) + up.keyPEM(rotated));
  assert.deepEqual(chainNames(toOld), ['rotated New Root | Root']);
});

test('ten intermediates are read, eleven are not', () => {
  const ten = up.longChain(10);
  assert.equal(read(up.pem(...ten) + up.keyPEM(ten[0]!)).entries[0]!.chain.length, 11);
  const eleven = up.longChain(11);
  const refused = { code: 'material-too-large', field: 'entry 14 (private key)', message: /more than 10 intermediate/ };
  assert.throws(() => read(up.pem(...eleven) + up.keyPEM(eleven[0]!)), refused);
  assert.throws(() => read(up.pem(...eleven.slice(0, -1)) + up.keyPEM(eleven[0]!)), { code: 'material-too-large' });
});

const damaged = up.pem(lower).replace(/MII.{8}/, 'AAAAAAAAAAA');
const former = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n`;
const mismatched = up.jks(up.keyEntry('swapped', leaf, [other, lower]));
const mismatchedP12 = up.pkcs12({
  ...up.keyEntry('swapped', leaf, [other, lower]),
  localKeyId: Uint8Array.of(1),
} as never);
const bare = up.jks(up.keyEntry('bare', leaf, []));

const refused: {
  why: string;
  file: Upload | readonly Upload[];
  code: string;
  field?: string;
  message?: RegExp;
  options?: Partial<KeystoreOptions>;
}[] = [
  { why: 'an empty file', file: '', code: 'unrecognized' },
  { why: 'prose', file: 'This is no keystore, whatever its name says.', code: 'unrecognized' },
  { why: 'zeros', file: new Uint8Array(4096), code: 'unrecognized' },
  { why: 'a zip file', file: Uint8Array.from(Buffer.from('504b0304140000000800', 'hex')), code: 'unrecognized' },
  { why: 'no file', file: [], code: 'material-unfit' },
  {
    why: 'certificates without a key',
    file: up.pem(leaf, lower),
    code: 'material-unfit',
    message: /only certificates/,
  },
  {
    why: 'a key alone',
    file: up.keyPEM(leaf),
    code: 'key-mismatch',
    field: 'entry 1 (private key)',
    message: /no certificate with it/,
  },
  {
    why: 'the key of another certificate',
    file: up.pem(leaf) + up.keyPEM(other),
    code: 'key-mismatch',
    field: 'entry 2 (private key)',
    message: /no certificate in the file belongs to it.*"CN=leaf" has another key/,
  },
  { why: 'one key too many', file: whole + up.keyPEM(other), code: 'key-mismatch', field: 'entry 6 (private key)' },
  {
    why: 'the key of another certificate in files with names',
    file: [
      { name: 'tls.crt', bytes: up.bytes(up.pem(leaf)) },
      { name: 'tls.key', bytes: up.bytes(up.keyPEM(other)) },
    ],
    code: 'key-mismatch',
    field: 'tls.key entry 1 (private key)',
  },
  {
    why: 'a JKS entry with the key of another',
    file: mismatched,
    code: 'key-mismatch',
    field: 'entry "swapped" (private key)',
  },
  {
    why: 'a PKCS#12 entry with the key of another',
    file: mismatchedP12,
    code: 'key-mismatch',
    field: 'entry "swapped" (private key)',
  },
  { why: 'a JKS key without certificates', file: bare, code: 'key-mismatch', field: 'entry "bare" (private key)' },
  {
    why: 'a circle of certificates',
    file: up.pem(rotated, newByOld, oldByNew) + up.keyPEM(rotated),
    code: 'chain-malformed',
    field: 'entry 4 (private key)',
    message: /runs in a circle/,
  },
  {
    why: 'a damaged certificate',
    file: up.pem(leaf) + damaged + up.keyPEM(leaf),
    code: 'certificate-malformed',
    field: 'entry 2 (certificate)',
  },
  {
    why: 'a block without its end',
    file: whole.slice(0, -20),
    code: 'pem-malformed',
    message: /block has no -----END PRIVATE KEY-----/,
  },
  {
    why: 'a damaged key',
    file: up.pem(leaf) + formatPEM('PRIVATE KEY', Uint8Array.of(0x30, 3, 2, 1, 0)),
    code: 'key-malformed',
    field: 'entry 2 (private key)',
  },
  {
    why: "a key in OpenSSL's former encryption",
    file: up.pem(leaf) + former,
    code: 'key-unsupported',
    field: 'entry 2 (private key)',
  },
  { why: 'a wrong JKS password', file: two, code: 'keystore-password-wrong', options: { password: 'wrong' } },
  {
    why: 'a wrong JCEKS password',
    file: up.jceks(up.keyEntry('one', leaf, [leaf])),
    code: 'keystore-password-wrong',
    options: { password: 'wrong' },
  },
  {
    why: 'a wrong PKCS#12 password',
    file: up.pkcs12(up.keyEntry('one', leaf, [leaf])),
    code: 'keystore-password-wrong',
    options: { password: 'wrong' },
  },
  {
    why: 'a wrong key password',
    file: two,
    code: 'keystore-password-wrong',
    field: 'key "one"',
    options: { keyPassword: 'wrong' },
  },
  { why: 'JKS without a password', file: two, code: 'keystore-password-missing', options: { password: undefined } },
  {
    why: 'PKCS#12 without a password',
    file: up.pkcs12(up.keyEntry('one', leaf, [leaf])),
    code: 'keystore-password-missing',
    options: { password: undefined },
  },
];

for (const { why, file, code, field, message, options } of refused) {
  test(`readKeystoreMaterial() refuses ${why} with ${code}`, () => {
    const wanted = { code, ...(field === undefined ? {} : { field }), ...(message === undefined ? {} : { message }) };
    assert.throws(() => read(file, { password: up.password, ...options }), wanted);
  });
}

test('an encrypted PEM key without a password is refused by name', () => {
  const encrypted = leaf.key.keyObject.export({
    format: 'pem',
    type: 'pkcs8',
    cipher: 'aes-256-cbc',
    passphrase: 'own',
  });
  assert.throws(() => read(up.pem(leaf) + encrypted.toString()), {
    code: 'keystore-password-missing',
    field: 'entry 2 (private key)',
  });
  assert.throws(() => read(up.pem(leaf) + encrypted.toString(), { password: 'other' }), {
    code: 'keystore-password-wrong',
    field: 'entry 2 (private key)',
  });
});

test('an alias of a hostile file is shown on one line, and cut', () => {
  const hostile = up.jks(up.keyEntry(`a\n\u001B[31m${'b'.repeat(500)}`, leaf, [other]));
  assert.throws(() => read(hostile, { password: up.password }), {
    field: new RegExp(String.raw`^entry "a\?\?\[31mb{57}…" \(private key\)$`),
  });
});
