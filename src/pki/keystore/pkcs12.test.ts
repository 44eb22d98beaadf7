import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSecureContext } from 'node:tls';
import fc from 'fast-check';
import { isCoded } from '#errors';
import { explicit, integer, octetString, oid, sequence } from '#pki/x509';
import { describePKCS12, pkcs12Keystore, pkcs12Profiles, pkcs12Truststore, readPKCS12, writePKCS12 } from './index.ts';
import type { PKCS12ProfileName } from './index.ts';
import { comparable, everything, fixture, formerRoot, keyKinds, material, predictable, root } from './test-material.ts';
import { WorkBudget } from './work-budget.ts';

const profiles = Object.keys(pkcs12Profiles) as PKCS12ProfileName[];
const random = predictable();
const modern = 'PBES2 AES-256-CBC PBKDF2-HMAC-SHA256 2048';

for (const profile of profiles) {
  test(`readPKCS12() returns the entries that writePKCS12() wrote with ${profile}`, () => {
    const bytes = writePKCS12(everything, { password: 'changeit', profile, random });
    assert.deepEqual(comparable(readPKCS12(bytes, { password: 'changeit' })), comparable(everything));
  });

  test(`readPKCS12() refuses another password for ${profile}`, () => {
    const bytes = writePKCS12(everything, { password: 'changeit', profile, random });
    for (const password of ['changeIt', '', 'changeit ']) {
      assert.throws(() => readPKCS12(bytes, { password }), { code: 'keystore-password-wrong' });
    }
  });

  test(`writePKCS12() gives the same bytes for the same randomness with ${profile}`, () => {
    const [first, second, other] = ['a', 'a', 'b'].map((seed) =>
      writePKCS12(everything, { password: 'x', profile, random: predictable(seed) }),
    );
    assert.deepEqual(first, second);
    assert.notDeepEqual(first, other);
  });
}

for (const profile of profiles.filter((name) => name !== 'LegacyRC2')) {
  for (const kind of keyKinds) {
    test(`Node's OpenSSL takes an ${kind} keystore of ${profile} as a TLS identity`, () => {
      const pfx = writePKCS12(pkcs12Keystore(material(kind)), { password: 'päss', profile, random });
      createSecureContext({ pfx: Buffer.from(pfx), passphrase: 'päss' });
      assert.throws(() => createSecureContext({ pfx: Buffer.from(pfx), passphrase: 'pass' }), /mac verify failure/);
    });
  }
}

test('readPKCS12() reads the example A.1 of RFC 9579', () => {
  const bytes = Buffer.from(fixture('rfc9579-a1.p12.b64'), 'base64');
  const { entries } = readPKCS12(bytes, { password: '1234' });
  assert.deepEqual(
    entries.map((entry) => entry.type),
    ['key'],
  );
  assert.throws(() => readPKCS12(bytes, { password: '12345' }), { code: 'keystore-password-wrong' });
});

const brokenPBMAC1 = [
  {
    why: 'A.4: another iteration count',
    find: '0202080002012030',
    replace: '0202080102012030',
    code: 'password-wrong',
  },
  { why: 'A.5: another salt', find: '6f473c38b02e3173', replace: '6f473c38b02e3174', code: 'password-wrong' },
  { why: 'a key of one byte, which anybody can guess', find: '02012030', replace: '02010130', code: 'unsupported' },
];

for (const { why, find, replace, code } of brokenPBMAC1) {
  test(`readPKCS12() refuses a PBMAC1 as in RFC 9579 ${why}`, () => {
    const hex = Buffer.from(fixture('rfc9579-a1.p12.b64'), 'base64').toString('hex');
    assert.equal(hex.split(find).length, 2);
    const bytes = Buffer.from(hex.replace(find, replace), 'hex');
    assert.throws(() => readPKCS12(bytes, { password: '1234' }), { code: `keystore-${code}` });
  });
}

test('every password that UTF-16 can hold opens what was written with it', () => {
  const passwords = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', 'ä', '𝄞 clef', ' ', '\0'));
  fc.assert(
    fc.property(passwords, fc.constantFrom(...profiles), (password, profile) => {
      const bytes = writePKCS12({ entries: [] }, { password, profile, random });
      assert.deepEqual(readPKCS12(bytes, { password }), { entries: [] });
    }),
    { numRuns: 60 },
  );
});

test('readPKCS12() keeps two generations of a CA with one name apart', () => {
  const truststore = pkcs12Truststore([root, formerRoot])!;
  const bytes = writePKCS12(truststore, { password: 'x', profile: 'Modern2023', random });
  assert.deepEqual(comparable(readPKCS12(bytes, { password: 'x' })), comparable(truststore));
});

test('readPKCS12() tells an anchor in a chain from one beside it, in whichever order they were written', () => {
  const { key, chain } = material('ec');
  const anchor = { type: 'trusted', alias: 'ca', certificate: root } as const;
  for (const presented of [chain, [...chain, root]]) {
    const entry = { type: 'key', alias: 'a', key, chain: presented } as const;
    for (const entries of [
      [entry, anchor],
      [anchor, entry],
    ]) {
      const bytes = writePKCS12({ entries }, { password: 'x', profile: 'Modern2023', random });
      assert.deepEqual(comparable(readPKCS12(bytes, { password: 'x' })), comparable({ entries }));
    }
  }
});

test('readPKCS12() follows signatures and not names, and hands back the other CA by itself', () => {
  const { key, chain } = material('ec');
  const bytes = writePKCS12(
    { entries: [{ type: 'key', alias: 'a', key, chain: [...chain, formerRoot, root] }] },
    { password: 'x', profile: 'Modern2023', random },
  );
  assert.deepEqual(comparable(readPKCS12(bytes, { password: 'x' })), [
    ...comparable({ entries: [{ type: 'key', alias: 'a', key, chain: [...chain, root] }] }),
    ...comparable({ entries: [{ type: 'trusted', alias: '', certificate: formerRoot }] }),
  ]);
});

test('writePKCS12() refuses two names that are one to Java', () => {
  const entries = ['CA', 'ca'].map((alias) => ({ type: 'trusted', alias, certificate: root }) as const);
  assert.throws(() => writePKCS12({ entries }, { password: 'x', profile: 'Modern2023', random }), {
    code: 'keystore-unsupported',
    field: 'entries[1].alias',
  });
});

test('pkcs12Truststore() is undefined without a CA', () => {
  assert.equal(pkcs12Truststore([]), undefined);
});

for (const profile of ['LegacyRC2', 'Modern2023'] as const) {
  test(`readPKCS12() fails only with keystore codes, and soon, whatever was changed in a file of ${profile}`, () => {
    const { entries } = pkcs12Keystore(material('ed25519'));
    const bytes = writePKCS12({ entries }, { password: 'x', profile, random });
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(bytes.length), (changes, cut) => {
        const changed = Uint8Array.from(bytes);
        for (const [at, value] of changes) changed[at] = value;
        for (const candidate of [changed, changed.subarray(0, cut)]) assertReadsOrFailsCoded(candidate);
      }),
      { numRuns: 300, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true },
    );
  });
}

test('readPKCS12() fails only with keystore codes for bytes of any kind', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), assertReadsOrFailsCoded), { numRuns: 1000 });
});

function assertReadsOrFailsCoded(bytes: Uint8Array): void {
  try {
    readPKCS12(bytes, { password: 'x' });
  } catch (error) {
    assert(isCoded(error, 'keystore-malformed', 'keystore-password-wrong', 'keystore-unsupported'), String(error));
  }
}

test('readPKCS12() reads a file without password check and encryption, as openssl writes it on request', () => {
  const { entries } = readPKCS12(Buffer.from(fixture('plain.p12.b64'), 'base64'), { password: '' });
  const { key, chain } = material('ed25519');
  assert.deepEqual(
    comparable({ entries }),
    comparable({ entries: [{ type: 'key', alias: 'gateway', key, chain: chain.slice(0, 2) }] }),
  );
});

test('readPKCS12() fails only with keystore codes, and soon, whatever was changed behind the encryption', () => {
  const bytes = Buffer.from(fixture('plain.p12.b64'), 'base64');
  const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const changed = Uint8Array.from(bytes);
      for (const [at, value] of changes) changed[at] = value;
      assertReadsOrFailsCoded(changed);
    }),
    { numRuns: 3000, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true },
  );
});

const excessive = [
  { why: 'one count over the limit', iterations: 2_000_001, code: 'keystore-unsupported' },
  { why: 'a count that overflows', iterations: 2 ** 40, code: 'keystore-malformed' },
  { why: 'a count of none', iterations: 0, code: 'keystore-malformed' },
];

for (const { why, iterations, code } of excessive) {
  test(`readPKCS12() refuses, before it derives anything, ${why}`, () => {
    const sha1 = sequence(sequence(oid('1.3.14.3.2.26')), octetString(new Uint8Array(20)));
    const mac = sequence(sha1, octetString(new Uint8Array(8)), integer(iterations));
    const content = sequence(oid('1.2.840.113549.1.7.1'), explicit(0, octetString(sequence())));
    const bytes = sequence(integer(3), content, mac);
    const started = process.cpuUsage();
    assert.throws(() => readPKCS12(bytes, { password: 'x' }), { code });
    assert(process.cpuUsage(started).user < 500_000);
  });
}

test('readPKCS12() adds up what many small requests for work come to', () => {
  const budget = new WorkBudget();
  for (let i = 0; i < 4; i++) budget.spend(2_000_000, 1, 'key');
  assert.throws(() => budget.spend(1, 1, 'key'), { code: 'keystore-unsupported', field: 'key' });
});

const protections = [
  {
    profile: 'LegacyRC2',
    check: 'HMAC-SHA1 1',
    encryptions: ['PBE-SHA1-RC2-40 2048', 'PBE-SHA1-3DES 2048'],
    weak: true,
  },
  { profile: 'LegacyDES', check: 'HMAC-SHA1 1', encryptions: ['PBE-SHA1-3DES 2048'], weak: true },
  { profile: 'Modern2023', check: 'HMAC-SHA256 2048', encryptions: [modern], weak: false },
  { profile: 'Modern2026', check: 'PBMAC1 HMAC-SHA256 2048', encryptions: [modern], weak: false },
] as const;

for (const { profile, check, encryptions, weak } of protections) {
  test(`describePKCS12() says without a password how a file of ${profile} is protected`, () => {
    const described = describePKCS12(writePKCS12(everything, { password: 'x', profile, random }));
    assert.equal(`${described.check?.name} ${described.check?.iterations}`, check);
    assert.deepEqual(
      described.encryptions.map(({ name, iterations }) => `${name} ${iterations}`),
      encryptions,
    );
    assert(described.encryptions.every((encryption) => encryption.weak === weak));
  });
}

test('describePKCS12() shows that a file has no protection at all', () => {
  const described = describePKCS12(Buffer.from(fixture('plain.p12.b64'), 'base64'));
  assert.deepEqual(described, { check: undefined, encryptions: [] });
});
