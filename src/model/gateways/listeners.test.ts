import assert from 'node:assert/strict';
import test from 'node:test';
import type { ProblemReason } from '#model/stores';
import { makeCA } from '../../pki/x509/certificates/certificate.fixture.ts';
import { certify, intermediate, leaf, now, otherRoot, pair, pem, root } from '../stores/test-world.ts';
import { compileListener } from './index.ts';
import type { ListenerPlan } from './index.ts';
import { GatewayWorld } from './test-gateway-world.ts';

/** A gateway with one host, whose profile asks for client certificates of one CA. */
function mutual(): GatewayWorld {
  const world = new GatewayWorld();
  world.secret('team/file', { ...pair(leaf, intermediate), 'ca.crt': pem(root) }, 'kubernetes.io/tls');
  world.keystore('team/own', { secretRef: { name: 'file' } });
  world.truststore('team/clients', { certificates: pem(root) });
  world.serverProfile('team/in', {
    keystoreRef: { name: 'own' },
    truststoreRef: { name: 'clients' },
    mutualAuthentication: 'require',
    title: 'In',
  });
  world.gateway('team/edge');
  return world;
}

function compile(world: GatewayWorld, host = '*', when = now) {
  const gateway = world.objects.get('Gateway team/edge') as ReturnType<GatewayWorld['gateway']>;
  return compileListener(world, gateway, { host, tlsServerProfileRef: { name: 'in' } }, when);
}

function planOf(world: GatewayWorld, host = '*', when = now): ListenerPlan {
  const compiled = compile(world, host, when);
  return compiled.ok ? compiled.plan : assert.fail(compiled.problem.message);
}

test('compileListener() presents the chain of the profile’s keystore and trusts its truststore', () => {
  const { host, profile, settings, identity, clientAnchors } = planOf(mutual(), '*.Example.com');
  assert.equal(host, '*.example.com');
  assert.equal(profile, 'team/in');
  assert.deepEqual(settings, { mutualAuthentication: 'require' });
  assert.equal(identity.certificatePEM, pem(leaf, intermediate), 'without the root, which ca.crt has');
  assert.equal(identity.privateKeyPEM, leaf.key.toPEM('PKCS8'));
  assert.equal(identity.fingerprint, leaf.certificate.fingerprint);
  assert.equal(identity.notAfter, '2036-01-01T00:00:00Z');
  assert.deepEqual(clientAnchors, [
    { pem: pem(root), fingerprint: root.certificate.fingerprint, from: 'Truststore team/clients' },
  ]);
});

test('compileListener() trusts nobody, and looks at no truststore, when clients need no certificate', () => {
  const world = mutual();
  world.serverProfile('team/in', { keystoreRef: { name: 'own' }, truststoreRef: { name: 'missing' } });
  assert.deepEqual(planOf(world).clientAnchors, []);
});

const problems: readonly { why: string; change: (world: GatewayWorld) => unknown; reason: ProblemReason }[] = [
  {
    why: 'the profile is missing',
    change: (world) => world.remove('TLSServerProfile', 'team/in'),
    reason: 'ProfileNotFound',
  },
  {
    why: 'its keystore is missing',
    change: (world) => world.remove('Keystore', 'team/own'),
    reason: 'KeystoreNotFound',
  },
  {
    why: 'its truststore is missing',
    change: (world) => world.remove('Truststore', 'team/clients'),
    reason: 'TruststoreNotFound',
  },
  {
    why: 'the key is of another certificate',
    change: (world) => world.secret('team/file', { ...pair(leaf), 'tls.key': root.key.toPEM('PKCS8') }),
    reason: 'MaterialUnreadable',
  },
  {
    why: 'client certificates are asked for, and nobody is trusted',
    change: (world) =>
      world.serverProfile('team/in', { keystoreRef: { name: 'own' }, mutualAuthentication: 'request' }),
    reason: 'SettingsUnfit',
  },
  {
    why: 'no engine has the suite',
    change: (world) => world.serverProfile('team/in', { keystoreRef: { name: 'own' }, ciphers: ['MADE_UP'] }),
    reason: 'SettingsUnfit',
  },
  {
    why: 'the profile lies in a third namespace',
    change: (world) => {
      world.remove('TLSServerProfile', 'team/in');
      world.serverProfile('apic/in', { keystoreRef: { name: 'own' } });
      world.gateway('team/edge', { sni: [] });
    },
    reason: 'ProfileNotFound',
  },
];

for (const { why, change, reason } of problems) {
  test(`compileListener() answers ${reason}, and no plan, when ${why}`, () => {
    const world = mutual();
    change(world);
    const compiled = compile(world);
    assert.ok(!compiled.ok);
    assert.equal(compiled.problem.reason, reason, compiled.problem.message);
    assert.equal(compiled.fallback, undefined);
  });
}

test('compileListener() refuses a profile of another namespace, but not one of the system’s', () => {
  const world = mutual();
  world.secret('chancery-system/file', pair(leaf, intermediate));
  world.keystore('chancery-system/own', { secretRef: { name: 'file' } });
  for (const namespace of ['chancery-system', 'apic']) {
    world.serverProfile(`${namespace}/in`, { keystoreRef: { name: 'own' } });
  }
  const reach = (namespace: string) =>
    compileListener(
      world,
      world.gateway('team/edge'),
      { host: '*', tlsServerProfileRef: { name: 'in', namespace } },
      now,
    );
  assert.ok(reach('chancery-system').ok);
  const foreign = reach('apic');
  assert.ok(!foreign.ok && foreign.problem.reason === 'ForeignNamespace');
});

test('compileListener() keeps a certificate out of date as what is better than nothing only', () => {
  const world = mutual();
  world.secret('team/file', pair(certify('old', { notAfter: new Date('2029-01-01T00:00:00Z') })));
  const compiled = compile(world);
  assert.ok(!compiled.ok && compiled.problem.reason === 'Expired');
  assert.match(
    compiled.problem.message,
    /^Keystore team\/own: the certificate "CN=old" expired at 2029-01-01T00:00:00Z$/,
  );
  assert.equal(compiled.fallback?.identity.notAfter, '2029-01-01T00:00:00Z');
});

test('compileListener() keeps a chain that breaks a rule as what is better than nothing only', () => {
  const world = mutual();
  const limited = makeCA('limited', root, { pathLength: 0 });
  const below = makeCA('below', limited);
  world.secret('team/file', pair(certify('own', { issuer: below }), below, limited));
  const compiled = compile(world);
  assert.ok(!compiled.ok && compiled.problem.reason === 'ChainInvalid' && compiled.fallback !== undefined);
});

test('compileListener() warns of a default profile on a production gateway, and only there', () => {
  const world = mutual();
  world.serverProfile('team/in', { keystoreRef: { name: 'own' } }, { 'chancery.dev/default': 'true' });
  const reasons = () => {
    const compiled = compile(world);
    return compiled.ok ? compiled.warnings.map(({ reason }) => reason) : assert.fail();
  };
  assert.deepEqual(reasons(), []);
  world.gateway('team/edge', { production: true });
  assert.deepEqual(reasons(), ['DefaultProfileInProduction']);
});

const changes: readonly { why: string; change: (world: GatewayWorld) => unknown; isSeen: boolean }[] = [
  { why: 'another certificate', change: (world) => world.secret('team/file', pair(certify('new'))), isSeen: true },
  { why: 'another chain', change: (world) => world.secret('team/file', pair(leaf)), isSeen: true },
  {
    why: 'one more client CA',
    change: (world) => world.truststore('team/clients', { certificates: pem(root, otherRoot) }),
    isSeen: true,
  },
  {
    why: 'another client CA',
    change: (world) => world.truststore('team/clients', { certificates: pem(otherRoot) }),
    isSeen: true,
  },
  {
    why: 'a setting',
    change: (world) => {
      const { spec } = world.get('TLSServerProfile', 'team', 'in')!;
      world.serverProfile('team/in', { ...spec, alpnProtocols: ['h2'] });
    },
    isSeen: true,
  },
  {
    why: 'the same Secret written again',
    change: (world) => world.secret('team/file', pair(leaf, intermediate)),
    isSeen: false,
  },
  {
    why: 'the same chain in another order',
    change: (world) => world.secret('team/file', { ...pair(intermediate, leaf), 'tls.key': leaf.key.toPEM('PKCS8') }),
    isSeen: false,
  },
  {
    why: 'the key in another encoding',
    change: (world) => world.secret('team/file', { ...pair(leaf, intermediate), 'tls.key': leaf.key.toPEM('PKCS1') }),
    isSeen: false,
  },
  {
    why: 'the client CA twice',
    change: (world) => world.truststore('team/clients', { certificates: pem(root, root) }),
    isSeen: false,
  },
  {
    why: 'the same trust from another store, and another title',
    change: (world) => {
      world.truststore('team/moved', { certificates: pem(root) });
      const { spec } = world.get('TLSServerProfile', 'team', 'in')!;
      world.serverProfile('team/in', { ...spec, title: 'New', truststoreRef: { name: 'moved' } });
    },
    isSeen: false,
  },
  { why: 'another object', change: (world) => world.secret('team/other', { a: 'b' }), isSeen: false },
];

for (const { why, change, isSeen } of changes) {
  test(`the digest of a listener ${isSeen ? 'changes' : 'stays'} with ${why}`, () => {
    const world = mutual();
    const before = planOf(world).digest;
    change(world);
    assert.equal(planOf(world).digest !== before, isSeen);
  });
}

test('a digest tells nothing of the key', () => {
  const { digest, identity } = planOf(mutual());
  assert.match(digest, /^[0-9a-f]{64}$/);
  assert.ok(!identity.privateKeyPEM.includes(digest));
});
