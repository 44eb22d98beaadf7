import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { writeJKS } from '#pki/keystore';
import type { ProblemReason } from './index.ts';
import { createStoreMemo, resolveTruststore } from './index.ts';
import { at, intermediate, leaf, now, otherRoot, pair, pem, root, World } from './test-world.ts';

const jks = writeJKS(
  { entries: [{ type: 'trusted', alias: 'root', certificate: root.certificate.der }] },
  { password: 'secret', random: (size) => Buffer.alloc(size, 7), now },
);

interface Case {
  readonly why: string;
  readonly given: (world: World) => unknown;
  readonly place?: string;
  readonly subjects?: readonly string[];
  readonly reason?: ProblemReason;
  readonly message?: RegExp;
}

const cases: readonly Case[] = [
  {
    why: 'certificates as text, an end-entity certificate among them',
    given: (world) => world.truststore('team/trusted', { certificates: pem(root, leaf) }),
    subjects: ['CN=root', 'CN=leaf'],
  },
  {
    why: 'base64 of a DER file',
    given: (world) =>
      world.truststore('team/trusted', { certificates: Buffer.from(root.certificate.der).toString('base64') }),
    subjects: ['CN=root'],
  },
  {
    why: 'a JKS file with its password in the Secret',
    given: (world) => {
      world.secret('team/file', { truststore: jks, password: 'secret' }, 'chancery.dev/truststore');
      world.truststore('team/trusted', { secretRef: { name: 'file' } });
    },
    subjects: ['CN=root'],
  },
  {
    why: 'ca.crt of a TLS Secret, and not its key',
    given: (world) => {
      world.secret('team/file', { ...pair(leaf, intermediate), 'ca.crt': pem(root) }, 'kubernetes.io/tls');
      world.truststore('team/trusted', { secretRef: { name: 'file' } });
    },
    subjects: ['CN=root'],
  },
  {
    why: 'the authority that signed a Certificate',
    given: (world) => {
      world.certificate('team/web');
      world.secret('team/web-tls', { ...pair(leaf, intermediate), 'ca.crt': pem(root) });
      world.truststore('team/trusted', { certificateRef: { name: 'web' } });
    },
    subjects: ['CN=root'],
  },
  {
    why: 'a Certificate that is an authority, itself and not those above it',
    given: (world) => {
      world.certificate('team/ingress-ca', { isCA: true });
      world.secret('team/ingress-ca-tls', { ...pair(intermediate, root), 'ca.crt': pem(root) });
      world.truststore('team/trusted', { certificateRef: { name: 'ingress-ca' } });
    },
    subjects: ['CN=intermediate'],
  },
  {
    why: 'the own certificate of a Keystore, as Java trusts it',
    given: (world) => {
      world.secret('team/file', pair(leaf, intermediate));
      world.keystore('team/own', { secretRef: { name: 'file' } });
      world.truststore('team/trusted', { keystoreRef: { name: 'own' } });
    },
    subjects: ['CN=leaf'],
  },
  {
    why: 'several sources, and what two of them hold only once',
    given: (world) => {
      world.truststore('team/others', { certificates: pem(otherRoot, root) });
      world.truststore('team/trusted', { certificates: pem(root) }, { truststoreRef: { name: 'others' } });
    },
    subjects: ['CN=root', 'CN=other root'],
  },
  {
    why: 'the system namespace may name Certificates anywhere',
    given: (world) => {
      world.certificate('apic/root-ca', { isCA: true });
      world.secret('apic/root-ca-tls', pair(root));
      world.truststore('chancery-system/portal', { certificateRef: { name: 'root-ca', namespace: 'apic' } });
    },
    place: 'chancery-system/portal',
    subjects: ['CN=root'],
  },
  {
    why: 'other namespaces may not',
    given: (world) =>
      world.truststore('team/trusted', { certificateRef: { name: 'root-ca', namespace: 'chancery-system' } }),
    reason: 'ForeignNamespace',
  },
  { why: 'there is no such Truststore', given: () => undefined, reason: 'TruststoreNotFound' },
  {
    why: 'one source that waits holds up the whole: half of the trust would break handshakes',
    given: (world) =>
      world.truststore('team/trusted', { certificates: pem(root) }, { certificateRef: { name: 'root-ca' } }),
    reason: 'CertificateNotFound',
    message: /^Certificate team\/root-ca does not exist$/,
  },
  {
    why: 'the issuer gave no CA certificate',
    given: (world) => {
      world.certificate('team/web');
      world.secret('team/web-tls', pair(leaf, intermediate));
      world.truststore('team/trusted', { certificateRef: { name: 'web' } });
    },
    reason: 'NoCertificate',
  },
  {
    why: 'a private key among the certificates',
    given: (world) => world.truststore('team/trusted', { certificates: pem(root) + root.key.toPEM('PKCS8') }),
    reason: 'MaterialUnreadable',
    message: /^Truststore team\/trusted sources\[0\]: /,
  },
  {
    why: 'the second source is garbage, and is named',
    given: (world) => world.truststore('team/trusted', { certificates: pem(root) }, { certificates: 'garbage' }),
    reason: 'MaterialUnreadable',
    message: /^Truststore team\/trusted sources\[1\]: /,
  },
  {
    why: 'the password is wrong',
    given: (world) => {
      world.secret('team/file', { truststore: jks, password: 'wrong' });
      world.truststore('team/trusted', { secretRef: { name: 'file' } });
    },
    reason: 'PasswordWrong',
    message: /sources\[0\]: Secret team\/file/,
  },
  {
    why: 'stores that are made from each other',
    given: (world) => {
      world.truststore('team/trusted', { truststoreRef: { name: 'other' } });
      world.truststore('team/other', { truststoreRef: { name: 'trusted' } });
    },
    reason: 'ReferenceCycle',
  },
];

for (const { why, given, place = 'team/trusted', subjects, reason, message } of cases) {
  test(`resolveTruststore() answers ${subjects?.join(' and ') ?? reason}: ${why}`, () => {
    const world = new World();
    given(world);
    const resolved = resolveTruststore(world, at(place), now);
    if (resolved.ok) {
      assert.deepEqual(
        resolved.value.certificates.map(({ certificate }) => certificate.subjectText),
        subjects,
      );
      return;
    }
    assert.equal(resolved.problem.reason, reason, resolved.problem.message);
    if (message !== undefined) assert.match(resolved.problem.message, message);
  });
}

test('resolveTruststore() answers the same list while nothing changed, so that all who trust it share it', () => {
  const world = new World();
  world.truststore('team/trusted', { certificates: pem(root) });
  const memo = createStoreMemo(4);
  const certificates = () => {
    const resolved = resolveTruststore(world, at('team/trusted'), now, memo);
    return resolved.ok ? resolved.value.certificates : assert.fail(resolved.problem.message);
  };
  const first = certificates();
  assert.equal(certificates(), first);
  world.truststore('team/trusted', { certificates: pem(otherRoot) });
  assert.equal(certificates()[0]!.certificate.subjectText, 'CN=other root');
});

test('resolveTruststore() names the right one of two truststores that read the same garbage', () => {
  const world = new World();
  world.secret('team/file', { truststore: 'garbage' });
  world.truststore('team/one', { secretRef: { name: 'file' } });
  world.truststore('team/two', { secretRef: { name: 'file' } });
  const memo = createStoreMemo(4);
  for (const place of ['team/one', 'team/two']) {
    const resolved = resolveTruststore(world, at(place), now, memo);
    assert.ok(!resolved.ok && resolved.problem.message.startsWith(`Truststore ${place} sources[0]`));
  }
});

test('resolveTruststore() asks for each store once, however often others name it', () => {
  const names = Array.from({ length: 8 }, (_, n) => `s${n}`);
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 40 }), (times) => {
      const world = new World();
      for (const [n, name] of names.entries()) {
        const ref = { truststoreRef: { name: `s${n + 1}` } };
        const sources = n === names.length - 1 ? [] : Array.from({ length: times }, () => ref);
        world.truststore(`team/${name}`, ...sources);
      }
      let asked = 0;
      const counting = { get: ((...of) => (asked++, world.get(...of))) as World['get'] };
      assert.ok(resolveTruststore(counting, at('team/s0'), now).ok);
      assert.equal(asked, names.length);
    }),
    { numRuns: 10, seed: 3 },
  );
});
