import assert from 'node:assert/strict';
import test from 'node:test';
import type { Keystore, Truststore } from '#model/resources';
import {
  describeKeystore,
  describeTruststore,
  keystoreStatus,
  locateKeystore,
  locateTruststore,
  truststoreStatus,
} from './index.ts';
import { makeCA } from '../../pki/x509/certificates/certificate.fixture.ts';
import { at, certify, intermediate, leaf, now, otherRoot, pair, pem, root, World } from './test-world.ts';

function statusOfKeystore(world: World, users: readonly string[] = [], when = now): NonNullable<Keystore['status']> {
  const source = locateKeystore(world, at('team/own'));
  const facts = source.ok ? describeKeystore(source.value, when) : source;
  return keystoreStatus(world.get('Keystore', 'team', 'own')!, facts, users, when);
}

function statusOfTruststore(world: World, when = now): NonNullable<Truststore['status']> {
  const source = locateTruststore(world, at('team/trusted'));
  const facts = source.ok ? describeTruststore(source.value, when) : source;
  return truststoreStatus(world.get('Truststore', 'team', 'trusted')!, facts, [], when);
}

const readyOf = ({
  conditions = [],
}: {
  conditions?: readonly { type: string; status: string; reason?: string }[];
}) => {
  const ready = conditions.find(({ type }) => type === 'Ready');
  return `${ready?.status} ${ready?.reason}`;
};

test('keystoreStatus() tells of the key’s certificate, its chain, and the earliest end of both', () => {
  const world = new World();
  const early = new Date('2031-01-01T00:00:00Z');
  const own = certify('own', { issuer: intermediate, notAfter: early });
  world.secret('team/file', { ...pair(own, intermediate), 'ca.crt': pem(root) });
  world.keystore('team/own', { secretRef: { name: 'file' } });
  const status = statusOfKeystore(world, ['TLSServerProfile team/in']);
  assert.equal(readyOf(status), 'True Verified');
  assert.equal(status.format, 'PEM');
  assert.equal(status.secretName, 'team/file');
  assert.equal(status.notAfter, '2031-01-01T00:00:00Z');
  assert.equal(status.observedGeneration, 1);
  assert.deepEqual([status.usedBy, status.usedByCount], [['TLSServerProfile team/in'], 1]);
  assert.equal(status.entries?.[0]?.fingerprint, own.certificate.fingerprint);
  assert.deepEqual(
    status.entries?.[0]?.chain?.map(({ subject }) => subject),
    ['CN=intermediate'],
  );
});

test('keystoreStatus() says that an intermediate is missing, and that ca.crt beside the chain is none', () => {
  const message = (values: Record<string, string>) => {
    const world = new World();
    world.secret('team/file', values);
    world.keystore('team/own', { secretRef: { name: 'file' } });
    return statusOfKeystore(world).conditions?.[0]?.message ?? '';
  };
  assert.match(message(pair(leaf)), /intermediate/);
  assert.doesNotMatch(message({ ...pair(leaf, intermediate), 'ca.crt': pem(root) }), /intermediate/);
});

test('keystoreStatus() turns not ready by the clock alone', () => {
  const world = new World();
  world.secret('team/file', pair(certify('own', { notAfter: new Date('2031-01-01T00:00:00Z') })));
  world.keystore('team/own', { secretRef: { name: 'file' } });
  assert.equal(readyOf(statusOfKeystore(world, [], new Date('2031-01-01T00:00:00.999Z'))), 'True Verified');
  assert.equal(readyOf(statusOfKeystore(world, [], new Date('2031-01-01T00:00:01Z'))), 'False Expired');
  assert.equal(readyOf(statusOfKeystore(world, [], new Date('2025-01-01T00:00:00Z'))), 'False NotYetValid');
});

test('keystoreStatus() is not ready for a chain that breaks a rule', () => {
  const limited = makeCA('limited', root, { pathLength: 0 });
  const below = makeCA('below', limited);
  const world = new World();
  world.secret('team/file', pair(certify('own', { issuer: below }), below, limited));
  world.keystore('team/own', { secretRef: { name: 'file' } });
  assert.equal(readyOf(statusOfKeystore(world)), 'False ChainInvalid');
});

test('keystoreStatus() keeps what was read while nothing better was, and conditions of other types', () => {
  const world = new World();
  world.secret('team/file', pair(leaf, intermediate));
  const keystore = world.keystore('team/own', { secretRef: { name: 'file' } });
  const good = statusOfKeystore(world);
  const expiring = { type: 'Expiring', status: 'False', reason: 'Fine', message: '' } as const;
  world.objects.set('Keystore team/own', {
    ...keystore,
    status: { ...good, conditions: [...good.conditions!, expiring] },
  } as never);
  world.secret('team/file', { 'tls.crt': 'garbage', 'tls.key': 'garbage' });
  const bad = statusOfKeystore(world);
  assert.equal(readyOf(bad), 'False MaterialUnreadable');
  assert.deepEqual(bad.entries, good.entries);
  assert.ok(bad.conditions?.some(({ type }) => type === 'Expiring'));
});

test('keystoreStatus() is the same at a second look, so that nothing is written', () => {
  const world = new World();
  world.secret('team/file', pair(leaf, intermediate));
  const keystore = world.keystore('team/own', { secretRef: { name: 'file' } });
  const first = statusOfKeystore(world);
  world.objects.set('Keystore team/own', { ...keystore, status: first } as never);
  assert.deepEqual(statusOfKeystore(world, [], new Date(now.getTime() + 60_000)), first);
});

test('keystoreStatus() names at most 100 users and counts all', () => {
  const world = new World();
  world.keystore('team/own', {});
  const users = Array.from({ length: 150 }, (_, n) => `TLSServerProfile team/p${n}`);
  const status = statusOfKeystore(world, users);
  assert.deepEqual([status.usedBy?.length, status.usedByCount], [100, 150]);
});

test('truststoreStatus() stays ready while one of its certificates is valid', () => {
  const world = new World();
  const short = certify('short', { notAfter: new Date('2031-01-01T00:00:00Z') });
  const when = new Date('2032-01-01T00:00:00Z');
  world.truststore('team/trusted', { certificates: pem(short, otherRoot) });
  assert.equal(readyOf(statusOfTruststore(world, when)), 'True Verified');
  world.truststore('team/trusted', { certificates: pem(short) });
  assert.equal(readyOf(statusOfTruststore(world, when)), 'False Expired');
});

test('truststoreStatus() lists what is trusted and the earliest end', () => {
  const world = new World();
  world.truststore('team/trusted', { certificates: pem(root, leaf) });
  const { entries = [], notAfter, format } = statusOfTruststore(world);
  assert.deepEqual(
    entries.map(({ subject, isCA }) => [subject, isCA]),
    [
      ['CN=root', true],
      ['CN=leaf', false],
    ],
  );
  assert.deepEqual([notAfter, format], ['2036-01-01T00:00:00Z', 'PEM']);
});

test('no status holds a byte of a key', () => {
  const world = new World();
  world.secret('team/file', { ...pair(leaf, intermediate), password: 'hunter2' });
  world.keystore('team/own', { secretRef: { name: 'file' } });
  const text = JSON.stringify(statusOfKeystore(world));
  const keyBytes = Buffer.from(leaf.key.toDER('PKCS8')).toString('base64').slice(40, 60);
  assert.ok(!text.includes('hunter2') && !text.includes('PRIVATE') && !text.includes(keyBytes));
});
