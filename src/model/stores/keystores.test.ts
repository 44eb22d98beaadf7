import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { writeJKS, writePKCS12 } from '#pki/keystore';
import type { Keystore } from '#model/resources';
import type { ProblemReason } from './index.ts';
import { createStoreMemo, resolveKeystore } from './index.ts';
import { at, certify, intermediate, leaf, now, otherRoot, pair, pem, root, World } from './test-world.ts';

const random = (size: number) => Buffer.alloc(size, 7);
const entryOf = (alias: string, { key, certificate } = leaf) => ({
  type: 'key' as const,
  alias,
  key: key.toDER('PKCS8'),
  chain: [certificate.der, intermediate.certificate.der],
});
const p12 = writePKCS12({ entries: [entryOf('web')] }, { password: 'secret', profile: 'Modern2023', random });
const jks = writeJKS(
  { entries: [entryOf('one'), entryOf('two', certify('second', { issuer: intermediate }))] },
  { password: 'secret', random, now },
);

interface Case {
  readonly why: string;
  readonly given: (world: World) => unknown;
  /** Of the Keystore that is asked for; team/own when left out. */
  readonly place?: string;
  /** Subject of the certificate that comes out, or the reason why none does. */
  readonly subject?: string;
  readonly reason?: ProblemReason;
  readonly message?: RegExp;
}

const cases: readonly Case[] = [
  {
    why: 'certificate and key side by side, as every TLS Secret has them',
    given: (world) => {
      world.secret('team/file', pair(leaf, intermediate), 'kubernetes.io/tls');
      world.keystore('team/own', { secretRef: { name: 'file' } });
    },
    subject: 'CN=leaf',
  },
  {
    why: 'a PKCS#12 file with the password in the same Secret',
    given: (world) => {
      world.secret('team/file', { keystore: p12, password: 'secret' }, 'chancery.dev/keystore');
      world.keystore('team/own', { secretRef: { name: 'file' } });
    },
    subject: 'CN=leaf',
  },
  {
    why: 'a PKCS#12 file under a key of its own, with the password in another Secret',
    given: (world) => {
      world.secret('team/file', { 'my.p12': p12, 'readme.txt': 'hello' });
      world.secret('team/words', { p12: 'secret' });
      world.keystore('team/own', {
        secretRef: { name: 'file', key: 'my.p12' },
        passwordRef: { name: 'words', key: 'p12' },
      });
    },
    subject: 'CN=leaf',
  },
  {
    why: 'the entry that the alias names',
    given: (world) => {
      world.secret('team/file', { keystore: jks, password: 'secret' });
      world.keystore('team/own', { secretRef: { name: 'file' }, alias: 'two' });
    },
    subject: 'CN=second',
  },
  {
    why: 'the alias of the outer store chooses in the inner one',
    given: (world) => {
      world.secret('team/file', { keystore: jks, password: 'secret' });
      world.keystore('team/inner', { secretRef: { name: 'file' } });
      world.keystore('team/own', { keystoreRef: { name: 'inner' }, alias: 'two' });
    },
    subject: 'CN=second',
  },
  {
    why: 'what was issued for a Certificate',
    given: (world) => {
      world.certificate('team/web');
      world.secret('team/web-tls', { ...pair(leaf, intermediate), 'ca.crt': pem(root) }, 'kubernetes.io/tls');
      world.keystore('team/own', { certificateRef: { name: 'web' } });
    },
    subject: 'CN=leaf',
  },
  {
    why: 'the system namespace may name a Secret anywhere',
    given: (world) => {
      world.secret('apic/file', pair(leaf, intermediate));
      world.keystore('chancery-system/own', { secretRef: { name: 'file', namespace: 'apic' } });
    },
    place: 'chancery-system/own',
    subject: 'CN=leaf',
  },
  {
    why: 'there is no such Keystore',
    given: () => undefined,
    reason: 'KeystoreNotFound',
    message: /team\/own does not exist/,
  },
  {
    why: 'the Secret is not there yet',
    given: (world) => world.keystore('team/own', { secretRef: { name: 'file' } }),
    reason: 'SecretNotFound',
    message: /^Secret team\/file does not exist$/,
  },
  {
    why: 'the Certificate is not there yet',
    given: (world) => world.keystore('team/own', { certificateRef: { name: 'web' } }),
    reason: 'CertificateNotFound',
    message: /^Certificate team\/web does not exist$/,
  },
  {
    why: 'the Certificate is still being issued',
    given: (world) => {
      world.certificate('team/web');
      world.keystore('team/own', { certificateRef: { name: 'web' } });
    },
    reason: 'CertificateNotIssued',
    message: /^Certificate team\/web is not issued yet$/,
  },
  {
    why: 'the Secret has no value of that name',
    given: (world) => {
      world.secret('team/file', { other: 'x' });
      world.keystore('team/own', { secretRef: { name: 'file', key: 'my.p12' } });
    },
    reason: 'SecretKeyNotFound',
    message: /no key "my\.p12"/,
  },
  {
    why: 'which of two values is meant is not said',
    given: (world) => {
      world.secret('team/file', { a: 'x', b: 'y' });
      world.keystore('team/own', { secretRef: { name: 'file' } });
    },
    reason: 'SecretKeyNotFound',
    message: /does not say which value/,
  },
  {
    why: 'the password is not where it is said to be',
    given: (world) => {
      world.secret('team/file', { keystore: p12 });
      world.secret('team/words', { other: 'x' });
      world.keystore('team/own', { secretRef: { name: 'file' }, passwordRef: { name: 'words' } });
    },
    reason: 'PasswordNotFound',
    message: /Secret team\/words has no key "password"/,
  },
  {
    why: 'the password is wrong',
    given: (world) => {
      world.secret('team/file', { keystore: p12, password: 'wrong' });
      world.keystore('team/own', { secretRef: { name: 'file' } });
    },
    reason: 'PasswordWrong',
    message: /Secret team\/file/,
  },
  {
    why: 'the key is of another certificate',
    given: (world) => {
      world.secret('team/file', { ...pair(leaf), 'tls.key': otherRoot.key.toPEM('PKCS8') });
      world.keystore('team/own', { secretRef: { name: 'file' } });
    },
    reason: 'MaterialUnreadable',
  },
  {
    why: 'the file is garbage',
    given: (world) => {
      world.secret('team/file', { keystore: 'garbage' });
      world.keystore('team/own', { secretRef: { name: 'file' } });
    },
    reason: 'MaterialUnreadable',
  },
  {
    why: 'several keys, and none is named',
    given: (world) => {
      world.secret('team/file', { keystore: jks, password: 'secret' });
      world.keystore('team/own', { secretRef: { name: 'file' } });
    },
    reason: 'EntryNotClear',
    message: /there are 2 keys/,
  },
  {
    why: 'no entry has that alias',
    given: (world) => {
      world.secret('team/file', { keystore: jks, password: 'secret' });
      world.keystore('team/own', { secretRef: { name: 'file' }, alias: 'three' });
    },
    reason: 'EntryNotClear',
    message: /"three"/,
  },
  {
    why: 'a Secret of another namespace is nobody else’s business',
    given: (world) => {
      world.secret('apic/file', pair(leaf));
      world.keystore('team/own', { secretRef: { name: 'file', namespace: 'apic' } });
    },
    reason: 'ForeignNamespace',
    message: /Secret apic\/file is in another namespace than team/,
  },
  {
    why: 'a password of another namespace neither',
    given: (world) => {
      world.secret('team/file', { keystore: p12 });
      world.secret('apic/words', { password: 'secret' });
      world.keystore('team/own', { secretRef: { name: 'file' }, passwordRef: { name: 'words', namespace: 'apic' } });
    },
    reason: 'ForeignNamespace',
  },
  {
    why: 'a store that is made from itself',
    given: (world) => world.keystore('team/own', { keystoreRef: { name: 'own' } }),
    reason: 'ReferenceCycle',
    message: /Keystore team\/own -> Keystore team\/own/,
  },
  {
    why: 'two stores that are made from each other',
    given: (world) => {
      world.keystore('team/own', { keystoreRef: { name: 'other' } });
      world.keystore('team/other', { keystoreRef: { name: 'own' } });
    },
    reason: 'ReferenceCycle',
    message: /own -> Keystore team\/other -> Keystore team\/own/,
  },
  {
    why: 'a row of nine stores',
    given: (world) => {
      world.keystore('team/own', { keystoreRef: { name: 's1' } });
      for (let n = 1; n < 9; n++) world.keystore(`team/s${n}`, { keystoreRef: { name: `s${n + 1}` } });
    },
    reason: 'ReferencesTooDeep',
  },
  {
    why: 'nothing says where the key comes from',
    given: (world) => world.keystore('team/own', {}),
    reason: 'SourceNotClear',
  },
];

for (const { why, given, place = 'team/own', subject, reason, message } of cases) {
  test(`resolveKeystore() answers ${subject ?? reason}: ${why}`, () => {
    const world = new World();
    given(world);
    const resolved = resolveKeystore(world, at(place), now);
    if (resolved.ok) {
      assert.equal(resolved.value.entry.certificate.subjectText, subject);
      assert.ok(resolved.value.entry.key.matches(resolved.value.entry.certificate.spki));
      return;
    }
    assert.equal(resolved.problem.reason, reason);
    if (message !== undefined) assert.match(resolved.problem.message, message);
    assert.doesNotMatch(JSON.stringify(resolved.problem), /secret"|wrong"|PRIVATE KEY/);
  });
}

test('resolveKeystore() reads a file again only when an object that it came from has another version', () => {
  const world = new World();
  world.secret('team/file', { keystore: p12 });
  world.secret('team/words', { password: 'secret' });
  world.keystore('team/own', { secretRef: { name: 'file' }, passwordRef: { name: 'words' } });
  const memo = createStoreMemo(4);
  const entry = () => {
    const resolved = resolveKeystore(world, at('team/own'), now, memo);
    return resolved.ok ? resolved.value.entry : resolved.problem.reason;
  };
  const first = entry();
  assert.equal(entry(), first, 'the very same entry');
  world.secret('team/words', { password: 'other' });
  assert.equal(entry(), 'PasswordWrong', 'a changed password is seen');
  world.secret('team/words', { password: 'secret' });
  assert.notEqual(entry(), first, 'a new version is read anew');
});

test('resolveKeystore() asks for everything that could change its answer, and for what is missing too', () => {
  const world = new World();
  world.keystore('team/own', { keystoreRef: { name: 'inner' } });
  world.keystore('team/inner', { certificateRef: { name: 'web' } });
  world.certificate('team/web');
  resolveKeystore(world, at('team/own'), now);
  const expected = ['Keystore team/own', 'Keystore team/inner', 'Certificate team/web', 'Secret team/web-tls'];
  assert.deepEqual([...world.asked], expected);
});

test('resolveKeystore() ends for every web of references between stores', () => {
  const name = fc.integer({ min: 0, max: 6 });
  const origin = fc.oneof(
    name.map((target) => ({ keystoreRef: { name: `s${target}` } })),
    fc.constant({ secretRef: { name: 'file' } }),
    fc.constant({}),
  );
  fc.assert(
    fc.property(fc.array(origin, { minLength: 1, maxLength: 7 }), (origins) => {
      const world = new World();
      world.secret('team/file', pair(leaf, intermediate));
      for (const [n, spec] of origins.entries()) world.keystore(`team/s${n}`, spec);
      const resolved = resolveKeystore(world, at('team/s0'), now);
      const expected = follow(origins, 0, []);
      assert.equal(resolved.ok ? 'found' : resolved.problem.reason, expected);
    }),
    { numRuns: 60, seed: 3 },
  );
});

/** What a resolution must come to, by walking the references one after the other. */
function follow(origins: readonly Keystore['spec'][], n: number, seen: readonly number[]): string {
  if (seen.includes(n)) return 'ReferenceCycle';
  const origin = origins[n];
  if (origin === undefined) return 'KeystoreNotFound';
  if (origin.secretRef !== undefined) return 'found';
  if (origin.keystoreRef === undefined) return 'SourceNotClear';
  return follow(origins, Number(origin.keystoreRef.name.slice(1)), [...seen, n]);
}
