import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { isCoded } from '#errors';
import { findPeer, peer } from '../../../../test/peers/peer.ts';
import { formatPEM } from '../pem.ts';
import {
  ed25519,
  formatKeySpec,
  generateKey,
  generateKeyAsync,
  generateBareKey,
  keySpec,
  keySpecMismatches,
  p256,
  parsePrivateKeyDER,
  parsePrivateKeyPEM,
  publicKeySpec,
  rsa2048,
} from './index.ts';
import type { KeyEncoding, KeySpec, PrivateKey } from './index.ts';
import { encodeSEC1 } from './ec-encoding.ts';

const specs: readonly KeySpec[] = [p256, keySpec('ECDSA', 384), keySpec('ECDSA', 521), ed25519, rsa2048];
const encodings: readonly KeyEncoding[] = ['PKCS1', 'PKCS8'];
const makers: readonly { name: string; make: (spec: KeySpec) => PrivateKey | Promise<PrivateKey> }[] = [
  { name: 'generateKey', make: generateKey },
  { name: 'generateBareKey', make: generateBareKey },
  { name: 'generateKeyAsync', make: generateKeyAsync },
];

for (const { name, make } of makers) {
  for (const spec of specs) {
    test(`${name}() makes a ${formatKeySpec(spec)} key that node:crypto reads the same in every encoding`, async () => {
      const key = await make(spec);
      assert.deepEqual(publicKeySpec(key.spki), spec);
      for (const encoding of encodings) {
        const imported = createPrivateKey(key.toPEM(encoding));
        assert.deepEqual(createPublicKey(imported).export({ format: 'der', type: 'spki' }), Buffer.from(key.spki));
        assert.ok(imported.equals(key.keyObject));
      }
    });
  }
}

const labels: readonly { spec: KeySpec; encoding: KeyEncoding; label: string }[] = [
  { spec: rsa2048, encoding: 'PKCS1', label: 'RSA PRIVATE KEY' },
  { spec: rsa2048, encoding: 'PKCS8', label: 'PRIVATE KEY' },
  { spec: p256, encoding: 'PKCS1', label: 'EC PRIVATE KEY' },
  { spec: p256, encoding: 'PKCS8', label: 'PRIVATE KEY' },
  { spec: ed25519, encoding: 'PKCS1', label: 'PRIVATE KEY' },
];

for (const { spec, encoding, label } of labels) {
  test(`${formatKeySpec(spec)} in ${encoding} stands in a "${label}" block and is read back`, () => {
    const key = generateKey(spec);
    const pem = key.toPEM(encoding);
    assert.ok(pem.startsWith(`-----BEGIN ${label}-----\n`));
    for (const back of [parsePrivateKeyPEM(pem), parsePrivateKeyDER(key.toDER(encoding))]) {
      assert.deepEqual(back.spec, spec);
      assert.ok(back.matches(key.spki));
      assert.equal(back.toPEM(encoding), pem);
    }
  });
}

test('a scalar that begins with zeros is written in full length', () => {
  for (let tries = 0; tries < 2000; tries++) {
    const key = generateBareKey(p256);
    const der = key.toDER('PKCS1');
    assert.equal(der.length, 121);
    if (der[7] === 0) return assert.ok(parsePrivateKeyDER(der).matches(key.spki));
  }
  return assert.fail('no scalar with a leading zero in 2000 keys');
});

test('encodeSEC1() pads a short scalar', () => {
  const der = encodeSEC1(256, Uint8Array.of(5), new Uint8Array(65));
  assert.deepEqual([der[5], der[6], der[38]], [4, 32, 5]);
});

test('a key signs, and its public half verifies', () => {
  const key = generateKey(keySpec('ECDSA', 384));
  const signature = sign('sha384', Buffer.from('x'), key.keyObject);
  assert.ok(verify('sha384', Buffer.from('x'), createPublicKey(key.keyObject), signature));
});

test('printing, logging and serializing a key shows its kind only', () => {
  const key = generateKey(p256);
  const shown = [inspect(key, { depth: 9, showHidden: true }), JSON.stringify({ key }), String(key)];
  for (const text of shown) {
    assert.match(text, /\[private key ECDSA P-256\]/);
    assert.ok(text.length < 60);
  }
});

test('unsupported kinds of keys are refused with a hint', () => {
  for (const spec of [keySpec('RSA', 1024), keySpec('RSA', 16_384), keySpec('ECDSA', 255), keySpec('RSA', 2048.5)]) {
    assert.throws(
      () => generateKey(spec),
      (error) => isCoded(error, 'key-unsupported') && error.hint !== undefined,
    );
  }
});

test("keySpec() has cert-manager's defaults", () => {
  assert.deepEqual(keySpec(), rsa2048);
  assert.deepEqual(keySpec('ECDSA'), p256);
  assert.deepEqual(keySpec('Ed25519', 4096), ed25519);
});

test('keySpecMismatches() names algorithm before size, and no size for Ed25519', () => {
  assert.deepEqual(keySpecMismatches(p256, rsa2048), ['spec.privateKey.algorithm']);
  assert.deepEqual(keySpecMismatches(rsa2048, keySpec('RSA', 4096)), ['spec.privateKey.size']);
  assert.deepEqual(keySpecMismatches(ed25519, { algorithm: 'Ed25519', size: 0 }), []);
  assert.deepEqual(keySpecMismatches(p256, p256), []);
});

const badKeys: readonly { pem: string; code: 'pem-malformed' | 'key-malformed' | 'key-unsupported'; why: string }[] = [
  { pem: 'nothing', code: 'pem-malformed', why: 'text without a block' },
  { pem: formatPEM('PRIVATE KEY', Buffer.from('3000', 'hex')), code: 'key-malformed', why: 'an empty sequence' },
  { pem: formatPEM('PRIVATE KEY', Buffer.from('ff', 'hex')), code: 'key-malformed', why: 'no DER' },
  { pem: formatPEM('EC PRIVATE KEY', Buffer.from('3003020101', 'hex')), code: 'key-malformed', why: 'half a SEC1 key' },
  {
    pem: formatPEM('ENCRYPTED PRIVATE KEY', Buffer.from('3000', 'hex')),
    code: 'key-unsupported',
    why: 'an encrypted key',
  },
];

for (const { pem, code, why } of badKeys) {
  test(`parsePrivateKeyPEM() answers ${code} for ${why}`, () => {
    assert.throws(
      () => parsePrivateKeyPEM(pem),
      (error) => isCoded(error, code),
    );
  });
}

test('a mutated key is refused or read, and no failure quotes it', () => {
  const der = Buffer.from(generateKey(p256).toDER('PKCS8'));
  const position = fc.nat(der.length - 1);
  fc.assert(
    fc.property(position, fc.integer({ min: 1, max: 255 }), (at, change) => {
      const mutated = Buffer.from(der);
      mutated[at]! ^= change;
      try {
        parsePrivateKeyDER(mutated);
      } catch (error) {
        if (!isCoded(error, 'key-malformed', 'key-unsupported', 'der-malformed')) throw error;
        assert.ok(!inspect(error).includes(der.toString('hex').slice(80, 96)));
      }
    }),
  );
});

test('openssl reads every key, and we read what openssl makes', peer('openssl'), () => {
  for (const spec of specs) {
    for (const encoding of encodings) {
      const out = openssl(['pkey', '-noout', '-check'], generateKey(spec).toPEM(encoding));
      assert.match(out, /Key is valid/, formatKeySpec(spec));
    }
  }
  const made: readonly [string[], KeySpec][] = [
    [['genrsa', '-traditional', '2048'], rsa2048],
    [['genrsa', '2048'], rsa2048],
    [['ecparam', '-name', 'secp384r1', '-genkey'], keySpec('ECDSA', 384)],
    [['genpkey', '-algorithm', 'ed25519'], ed25519],
  ];
  for (const [command, spec] of made) assert.deepEqual(parsePrivateKeyPEM(openssl(command, '')).spec, spec);
  const curve = openssl(['ecparam', '-name', 'secp256k1', '-genkey', '-noout'], '');
  assert.throws(
    () => parsePrivateKeyPEM(curve),
    (error) => isCoded(error, 'key-unsupported'),
  );
});

function openssl(command: string[], input: string): string {
  return execFileSync(findPeer('openssl')!, command, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
}
