import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import { parsePrivateKeyPEM } from '#pki/x509';
import {
  certificateMaterial,
  jksKeystore,
  jksTruststore,
  keystoreFormat,
  listJKS,
  readJKS,
  readKeystore,
  writeJCEKS,
  writeJKS,
} from './index.ts';
import type { Keystore } from './index.ts';
import { containerDigest } from './jks-layout.ts';
import { comparable, everything, fixture, formerRoot, material, predictable, root } from './test-material.ts';

const now = new Date('2026-01-02T03:04:05.678Z');
const options = { password: 'changeit', random: predictable(), now };

test('readJKS() returns the entries that writeJKS() wrote', () => {
  const bytes = writeJKS(everything, options);
  assert.deepEqual(comparable(readJKS(bytes, { password: 'changeit' })), comparable(everything));
});

test('readJKS() returns the entries that writeJCEKS() wrote, and refuses another password', () => {
  const bytes = writeJCEKS(everything, { ...options, keyPassword: 'sésame' });
  assert.equal(keystoreFormat(bytes), 'JCEKS');
  const passwords = { password: 'changeit', keyPassword: 'sésame' };
  assert.deepEqual(comparable(readJKS(bytes, passwords)), comparable(everything));
  assert.throws(() => readJKS(bytes, { password: 'changeit' }), {
    code: 'keystore-password-wrong',
    field: 'key "rsa"',
  });
});

test('readJKS() does no more work than its caller allows', () => {
  const bytes = writeJCEKS(everything, options);
  assert.throws(() => readJKS(bytes, { password: 'changeit', workLimit: 50_000 }), { code: 'keystore-unsupported' });
});

test('readJKS() opens keys with a password of their own', () => {
  const bytes = writeJKS(everything, { ...options, keyPassword: 'sésame' });
  const passwords = { password: 'changeit', keyPassword: 'sésame' };
  assert.deepEqual(comparable(readJKS(bytes, passwords)), comparable(everything));
  assert.throws(() => readJKS(bytes, { password: 'changeit' }), {
    code: 'keystore-password-wrong',
    field: 'key "rsa"',
  });
});

test('readJKS() refuses another password, and a changed byte', () => {
  const bytes = writeJKS(everything, options);
  assert.throws(() => readJKS(bytes, { password: 'changeIt' }), { code: 'keystore-password-wrong' });
  const changed = Uint8Array.from(bytes);
  changed[bytes.length - 30]! ^= 1;
  assert.throws(() => readJKS(changed, { password: 'changeit' }), { code: 'keystore-password-wrong' });
});

test('listJKS() shows names, dates and certificates without the password', () => {
  const { format, entries } = listJKS(writeJKS(everything, options));
  assert.equal(format, 'JKS');
  assert.deepEqual(
    entries.map(({ alias, created }) => [alias, created]),
    ['rsa', 'ec', 'ed25519', 'ca', 'ca-1'].map((alias) => [alias, now]),
  );
  assert.deepEqual(Object.keys(entries[0]!), ['type', 'alias', 'created', 'chain']);
});

function named(...aliases: string[]): Keystore {
  return { entries: aliases.map((alias) => ({ type: 'trusted', alias, certificate: root })) };
}

test('writeJKS() lower-cases names, and refuses two that are then one', () => {
  const { entries } = readJKS(writeJKS(named('Root CA'), options), options);
  assert.equal(entries[0]!.alias, 'root ca');
  assert.throws(() => writeJKS(named('Root', 'root'), options), {
    code: 'keystore-unsupported',
    field: 'entries[1].alias',
  });
  assert.throws(() => writeJKS(named('ä'.repeat(32_768)), options), { code: 'keystore-unsupported' });
});

test('names and passwords of any characters survive', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '\0', 'ÿ', '\u07ff\u0800\uffff', '𝄞'));
  fc.assert(
    fc.property(text, text, (alias, password) => {
      const keystore: Keystore = { entries: [{ type: 'trusted', alias, certificate: root }] };
      const { entries } = readJKS(writeJKS(keystore, { ...options, password }), { password });
      assert.equal(entries[0]!.alias, alias.toLowerCase());
    }),
  );
});

function aliases(keystore: Keystore | undefined): string[] | undefined {
  return keystore?.entries.map(({ type, alias }) => `${type} ${alias}`);
}

test("jksKeystore() and jksTruststore() have cert-manager's layout", () => {
  const full = { ...material('ec'), ca: [root, formerRoot] };
  assert.deepEqual(aliases(jksKeystore(full)), ['key certificate', 'trusted ca', 'trusted ca-1']);
  assert.deepEqual(aliases(jksKeystore({ ...full, ca: [] }, 'gateway')), ['key gateway']);
  assert.deepEqual(aliases(jksTruststore(full.ca)), ['trusted ca', 'trusted ca-1']);
  assert.equal(jksTruststore([]), undefined);
});

test("certificateMaterial() takes a Secret's PEM, whatever the encoding of its key", () => {
  const key = parsePrivateKeyPEM(fixture('rsa.key.pem')).toPEM('PKCS1');
  const chain = Buffer.from(fixture('rsa.chain.pem'));
  const { ca: none, ...rest } = certificateMaterial({ key, chain });
  assert.deepEqual(none, []);
  const { ca } = certificateMaterial({ key, chain, ca: fixture('root.pem') });
  assert.deepEqual(comparable(jksKeystore({ ...rest, ca })), comparable(jksKeystore(material('rsa'))));
  assert.throws(() => certificateMaterial({ key, chain: 'none' }), { code: 'pem-malformed' });
});

test('keystoreFormat() goes by content', () => {
  assert.equal(keystoreFormat(writeJKS(everything, options)), 'JKS');
  assert.equal(keystoreFormat(Buffer.from('cececece00000002', 'hex')), 'JCEKS');
  assert.equal(keystoreFormat(Buffer.from(fixture('plain.p12.b64'), 'base64')), 'PKCS12');
  for (const other of [root, material('rsa').key, Buffer.from(fixture('root.pem')), new Uint8Array()]) {
    assert.equal(keystoreFormat(other), undefined);
  }
});

test('readJKS() takes the certificate type X509 for X.509, as cert-manager writes it', () => {
  const hex = Buffer.from(writeJKS(everything, options)).toString('hex').slice(0, -40);
  const content = Buffer.from(hex.replaceAll('0005582e353039', '000458353039'), 'hex');
  const bytes = Buffer.concat([content, containerDigest(content, 'changeit')]);
  assert.deepEqual(comparable(readJKS(bytes, options)), comparable(everything));
});

const refused = [
  { why: 'another version', hex: 'feedfeed00000003', code: 'keystore-unsupported' },
  { why: 'more entries than the limit', hex: 'feedfeed00000002ffffffff', code: 'keystore-unsupported' },
  { why: 'an entry that is not there', hex: 'feedfeed0000000200000001', code: 'keystore-malformed' },
  { why: 'a secret key', hex: 'cececece0000000200000001000000030001610000000000000000', code: 'keystore-unsupported' },
  {
    why: 'an unknown entry',
    hex: 'feedfeed0000000200000001000000090001610000000000000000',
    code: 'keystore-malformed',
  },
  { why: 'nothing', hex: '', code: 'keystore-malformed' },
];

for (const { why, hex, code } of refused) {
  test(`readJKS() refuses ${why}`, () => {
    assert.throws(() => readJKS(Buffer.from(hex, 'hex'), { password: 'x' }), { code });
  });
}

test('listJKS() and readKeystore() fail only with keystore codes, whatever was changed', () => {
  const bytes = writeJKS(jksKeystore(material('ed25519')), options);
  const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 4 }), fc.nat(bytes.length), (changes, cut) => {
      const changed = Uint8Array.from(bytes.subarray(0, cut));
      for (const [at, value] of changes) if (at < cut) changed[at] = value;
      assertReadsOrFailsCoded(() => listJKS(changed));
      assertReadsOrFailsCoded(() => readKeystore(changed, options));
    }),
    { numRuns: 1000 },
  );
});

function assertReadsOrFailsCoded(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    assert(isCoded(error, 'keystore-malformed', 'keystore-password-wrong', 'keystore-unsupported'), String(error));
  }
}
