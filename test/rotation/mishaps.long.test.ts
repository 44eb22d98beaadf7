import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { certificateKind, rotationKind, type RotationSpec } from '#model/resources';
import { swap } from '../../src/edge/agent/drivers/haproxy/runtime-socket.ts';
import { testAbilities } from '../../src/edge/agent/drivers/haproxy/test-abilities.ts';
import { nginxServer } from '../agent/servers.ts';
import { findPeer } from '../peers/peer.ts';
import { ecdsa, intermediate, namespace, object, root, rsa } from './authorities.ts';
import { callers } from './estate-objects.ts';
import { realDrivers } from './drivers.ts';
import { Estate } from './estate.ts';
import { noteBefore, refusesOld } from './old-ones.ts';

const { nginx, haproxyReload, haproxySocket, nodeHTTP } = realDrivers;

async function begin(estate: Estate, name: string, spec: RotationSpec): Promise<void> {
  await estate.client.create(rotationKind, object('chancery.dev/v1', 'Rotation', name, { spec }), { namespace });
}

const stageReached = (estate: Estate, name: string, stage: string): Promise<true> =>
  estate.until(stage, async () => ((await estate.rotation(name))?.status?.stage === stage ? true : undefined));

async function isUnderNoFailure(estate: Estate): Promise<void> {
  await estate.load.stop();
  assert.deepEqual(estate.load.failures, []);
}

test(
  'what an engine refuses in the middle of a rotation blocks it, and a rollback brings all back',
  nginx.options,
  async () => {
    // At this level OpenSSL takes no chain with RSA of 2048 bits in it.
    const open = (folder: string) => nginxServer(folder, 'ssl_ciphers DEFAULT:@SECLEVEL=3;');
    const ofServers = intermediate('ca', 'intermediate');
    await using estate = await Estate.open({
      servers: [{ name: 'nginx', open }],
      ofServers,
      ofCallers: root('client-ca'),
    });
    await begin(estate, 'turn', { certificateRef: { name: 'ca' }, paused: true });
    await estate.client.patch(certificateKind, 'ca', 'merge', { spec: { privateKey: rsa } }, { namespace });
    const file = join(estate.folder, 'nginx', 'site.crt');
    const before = readFileSync(file, 'utf8');
    await estate.chancery('rotate', 'resume', 'ca');
    const obstacle = await estate.until('refusal', async () => {
      const { status } = (await estate.rotation('turn'))!;
      return status?.blocking?.find(({ message }) => /too small/.test(message));
    });
    assert.deepEqual([obstacle.workload, obstacle.material], ['default/nginx', 'own']);
    assert.match(obstacle.hint ?? '', /./);
    assert.equal(readFileSync(file, 'utf8'), before, 'the certificate of before lies there again');
    const report = (await estate.reportOf('nginx')).materials!.find(({ name }) => name === 'own')!;
    assert.equal(report.code, 'refused-by-engine');
    assert.notEqual(report.proven?.fingerprint, report.desired?.fingerprint);
    const { code } = await estate.chancery('rotate', 'rollback', 'ca');
    assert.equal(code, 0);
    assert.equal((await estate.ended('turn')).result, 'rolledBack');
    await estate.reached('proven');
    await isUnderNoFailure(estate);
  },
);

test('two CAs are rotated at once, one for each side, and the same one only once', nginx.options, async () => {
  const servers = [nginx, haproxySocket, nodeHTTP].filter(({ options }) => options.skip === false);
  const [ofServers, ofCallers] = [root('server-ca'), root('client-ca')];
  await using estate = await Estate.open({ servers, ofServers, ofCallers });
  const before = await noteBefore(estate, estate.clientNow());
  const both = Promise.all(['server-ca', 'client-ca'].map((name) => estate.chancery('rotate', name, '--wait')));
  await Promise.all(['server-ca-1', 'client-ca-1'].map((name) => stageReached(estate, name, 'TrustBoth')));
  const again = await estate.chancery('rotate', 'client-ca');
  assert.equal(again.code, 1);
  assert.match(again.out, /client-ca-1/);
  await begin(estate, 'second', { certificateRef: { name: 'client-ca' } });
  const blocked = await estate.until('refusal', async () => (await estate.rotation('second'))?.status?.blocking?.[0]);
  assert.equal(blocked.message, 'Rotation default/client-ca-1 of the same CA is under way.');
  assert.match(blocked.hint ?? '', /Wait until default\/client-ca-1 has ended/);
  await estate.client.delete(rotationKind, 'second', { namespace });
  for (const { code, out } of await both) assert.equal(code, 0, out);
  await refusesOld(estate, before);
  await isUnderNoFailure(estate);
});

test(
  'a HAProxy that answers Success and changes nothing is found out in a rotation',
  haproxySocket.options,
  async () => {
    await using estate = await Estate.open({ servers: [haproxySocket], ofServers: root('ca') });
    const before = await noteBefore(estate, estate.clientNow());
    await begin(estate, 'turn', { certificateRef: { name: 'ca' }, spreadSeconds: 6 });
    await stageReached(estate, 'turn', 'Issue');
    // In this process of HAProxy 2.6 every later swap of the certificate is a lie.
    const folder = join(estate.folder, haproxySocket.name);
    const trust = readFileSync(join(folder, 'clients.pem'));
    assert.ok(await swap(join(folder, 'admin'), 'ca-file', join(folder, 'clients.pem'), trust));
    await estate.succeeded('turn');
    const { clientTrust } = await testAbilities(findPeer('haproxy')!, new Date());
    const wasCaught = estate.warnings.some((warning) => warning.includes('does not use it'));
    assert.equal(wasCaught, !clientTrust, 'the lie is caught exactly where there is one');
    await refusesOld(estate, before);
    await isUnderNoFailure(estate);
  },
);

test('a CA whose time of renewal has come goes through a Rotation by itself', haproxyReload.options, async () => {
  const ofServers = root('ca', ecdsa, { duration: '1h', renewBefore: '59m20s' });
  await using estate = await Estate.open({ servers: [haproxyReload], ofServers });
  const before = await noteBefore(estate, estate.clientNow());
  await estate.succeeded('ca-scheduled-2');
  const { status } = (await estate.rotation('ca-scheduled-2'))!;
  assert.equal(status?.history?.map(({ stage }) => stage).join(' '), 'TrustBoth Issue Drain Distrust Flush Stable');
  await refusesOld(estate, before);
  await isUnderNoFailure(estate);
});

test('a renewed leaf is delivered and proven on either side', nginx.options, async () => {
  const servers = [nginx, haproxySocket, nodeHTTP].filter(({ options }) => options.skip === false);
  await using estate = await Estate.open({ servers, ofServers: root('ca') });
  for (const name of [...servers.map((server) => server.name), callers]) {
    const [before] = await estate.certificatesIn(name);
    assert.equal((await estate.chancery('renew', name)).code, 0);
    await estate.until(`${name} renewed and proven`, async () => {
      const [after] = await estate.certificatesIn(name);
      const own = (await estate.reportOf(name)).materials?.find((one) => one.name === 'own');
      const isNew = after!.fingerprint !== before!.fingerprint;
      return isNew && own?.proven?.fingerprint === after!.fingerprint ? true : undefined;
    });
  }
  await isUnderNoFailure(estate);
});
