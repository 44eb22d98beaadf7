import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { MaterialReport } from '#model/resources';
import { throwawayAuthority } from '../../src/edge/agent/drivers/haproxy/throwaway-material.ts';
import { swap } from '../../src/edge/agent/drivers/haproxy/runtime-socket.ts';
import { formerContents } from '../../src/edge/agent/files/former.ts';
import { Journal } from '../../src/edge/agent/files/journal.ts';
import { testAbilities } from '../../src/edge/agent/drivers/haproxy/test-abilities.ts';
import { findPeer, peer } from '../peers/peer.ts';
import { AgentFixture } from './agent-fixture.ts';
import { attempt } from './load.ts';
import { specOf } from './server-spec.ts';
import { haproxyServer, nodeServer, restartedServer, type TestServerProcess } from './servers.ts';
import { weakPair } from './weak-pair.ts';

const authority = throwawayAuthority('authority', new Date());

async function declare(agent: AgentFixture, server: TestServerProcess): Promise<void> {
  await agent.identity('own', authority.issue('site.invalid'));
  await agent.trust('clients', authority.pem);
  await agent.workload(specOf(server));
}

async function running(agent: AgentFixture, server: TestServerProcess): Promise<void> {
  agent.atEnd(() => server.kill());
  await declare(agent, server);
  await agent.start();
  await agent.reached('own', 'persisted');
  await agent.reached('clients', 'persisted');
  await server.start();
  await agent.reached('own', 'proven');
  await agent.reached('clients', 'proven');
}

describe('the agent', () => {
  test(
    'an engine that answers Success and keeps the old certificate is seen, and reloaded',
    peer('haproxy'),
    async () => {
      await using agent = await AgentFixture.open();
      const server = await haproxyServer(agent.files, true);
      await running(agent, server);
      // In this process of HAProxy 2.6 every later swap of the certificate is a lie.
      const clients = join(agent.files, 'clients.pem');
      assert.ok(await swap(join(agent.files, 'admin'), 'ca-file', clients, readFileSync(clients)));
      const next = authority.issue('site.invalid');
      await agent.identity('own', next);
      await agent.reached('own', 'proven', next.fingerprint);
      await agent.reached('own', 'exclusive', next.fingerprint);
      const { clientTrust } = await testAbilities(findPeer('haproxy')!, new Date());
      const wasCaught = agent.warnings.some((warning) => warning.includes('does not use it'));
      assert.equal(wasCaught, !clientTrust, 'the lie is caught exactly where there is one');
    },
  );

  test('restarts a server when it is asked to, and takes back what it does not start with', async () => {
    await using agent = await AgentFixture.open();
    const server = await restartedServer(agent.files);
    agent.atEnd(() => server.kill());
    await declare(agent, server);
    await agent.start();
    await agent.reached('own', 'persisted');
    await agent.ask('restart', 1);
    await agent.reached('own', 'proven');
    const next = authority.issue('site.invalid');
    await agent.identity('own', next);
    const waiting = await agent.until('waiting', (report) =>
      report?.materials?.find(
        ({ persisted, code }) => persisted?.fingerprint === next.fingerprint && code === 'not-restarted',
      ),
    );
    assert.notEqual(waiting.proven?.fingerprint, next.fingerprint);
    await agent.ask('restart', 2);
    await agent.reached('own', 'exclusive', next.fingerprint);
    const before = readFileSync(join(agent.files, 'site.pem'), 'utf8');
    const weak = weakPair();
    await agent.identity('own', weak);
    await agent.until('delivery', (report) =>
      report?.materials?.find(({ persisted }) => persisted?.fingerprint === weak.fingerprint),
    );
    await agent.ask('restart', 3);
    await agent.until('refusal', (report) => report?.materials?.find(({ code }) => code === 'reload-failed'));
    assert.equal(readFileSync(join(agent.files, 'site.pem'), 'utf8'), before);
    const client = { ...authority.issue('client.invalid'), ca: authority.pem };
    assert.equal((await attempt(server.port, client)).isGood, true);
  });

  test('forgets sessions when a Rotation asks for it, and proves anew', async () => {
    await using agent = await AgentFixture.open();
    const server = await nodeServer(agent.files, 'http');
    await running(agent, server);
    const before = await agent.reached('own', 'exclusive');
    await delay(1100);
    await agent.ask('flush', 1);
    await agent.until('a new proof', (report) =>
      report?.materials?.find(
        ({ name, exclusive }) => name === 'own' && exclusive !== undefined && exclusive.at > before.exclusive!.at,
      ),
    );
  });

  test('goes on without the API: proves, sees the server go and come, and reports later', async () => {
    await using agent = await AgentFixture.open();
    const server = await nodeServer(agent.files, 'http');
    await running(agent, server);
    const before = await agent.reached('own', 'proven');
    const first = await agent.start();
    await first.stop();
    await agent.server.server.close();
    await delay(200);
    const state = (): MaterialReport[] =>
      (JSON.parse(readFileSync(join(agent.state, 'team.server.one.json'), 'utf8')) as { reports: MaterialReport[] })
        .reports;
    const own = (): MaterialReport => state().find(({ name }) => name === 'own')!;
    await server.kill();
    while (own().proven !== undefined) await delay(20);
    await server.start();
    while (own().proven === undefined) await delay(20);
    assert.equal(own().proven?.fingerprint, before.proven?.fingerprint);
  });

  test('started without the API it proves what an earlier run brought', async () => {
    await using agent = await AgentFixture.open();
    const server = await nodeServer(agent.files, 'http');
    await running(agent, server);
    await agent.stopAgents();
    await agent.server.server.close();
    const path = join(agent.state, 'team.server.one.json');
    const text = readFileSync(path, 'utf8').replaceAll('"proven"', '"forgotten"');
    writeFileSync(path, text);
    await agent.start();
    while (!/"proven"/.test(readFileSync(path, 'utf8'))) await delay(20);
    assert.doesNotMatch(readFileSync(path, 'utf8'), /PRIVATE KEY/);
  });

  test('finishes a change in whose middle it was killed, without the API', async () => {
    await using agent = await AgentFixture.open();
    const server = await nodeServer(agent.files, 'http');
    await running(agent, server);
    await agent.stopAgents();
    await agent.server.server.close();
    const next = authority.issue('site.invalid');
    const path = join(agent.files, 'site.pem');
    const after = [{ path, bytes: Buffer.from(next.cert + next.key), mode: 0o600, of: 'own' }];
    await new Journal(join(agent.state, 'team.server.one.change')).begin({
      before: await formerContents(after),
      after,
    });
    await agent.start();
    while (readFileSync(path, 'utf8') !== next.cert + next.key) await delay(20);
  });

  test('puts back what somebody else wrote over its files', async () => {
    await using agent = await AgentFixture.open();
    const server = await nodeServer(agent.files, 'http');
    await running(agent, server);
    const path = join(agent.files, 'site.pem');
    const before = readFileSync(path, 'utf8');
    writeFileSync(path, 'something else');
    while (readFileSync(path, 'utf8') !== before) await delay(20);
  });

  test('material that cannot be resolved keeps what is there, and says why', async () => {
    await using agent = await AgentFixture.open();
    const server = await nodeServer(agent.files, 'http');
    await running(agent, server);
    const before = readFileSync(join(agent.files, 'site.pem'), 'utf8');
    await agent.client.delete(secretResource, 'own', { namespace: 'team' });
    const material = await agent.until('the reason', (report) =>
      report?.materials?.find(({ code }) => code === 'not-resolved'),
    );
    assert.match(material.message ?? '', /own/);
    assert.notEqual(material.proven, undefined);
    assert.equal(readFileSync(join(agent.files, 'site.pem'), 'utf8'), before);
  });

  test('two instances report into one Workload without writing over each other', async () => {
    await using agent = await AgentFixture.open();
    const server = await nodeServer(agent.files, 'http');
    await running(agent, server);
    await agent.start({}, 'two');
    for (;;) {
      const names = (await agent.instances()).filter(({ materials = [] }) => materials.length === 2);
      if (names.length === 2) break;
      await delay(20);
    }
  });
});

const secretResource = { group: '', version: 'v1', plural: 'secrets', namespaced: true };
