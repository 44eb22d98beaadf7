import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { throwawayAuthority } from '../../src/edge/agent/drivers/haproxy/throwaway-material.ts';
import { AgentFixture } from './agent-fixture.ts';
import { attempt } from './load.ts';
import { specOf } from './server-spec.ts';
import { nodeServer } from './servers.ts';

const authority = throwawayAuthority('authority', new Date());

test('an agent that was killed when its server had noticed the files takes no session of now for one of before', async () => {
  await using agent = await AgentFixture.open();
  const server = await nodeServer(agent.files, 'hot');
  const { port } = server;
  agent.atEnd(() => server.kill());
  await agent.identity('own', authority.issue('site.invalid'));
  await agent.trust('clients', authority.pem);
  await agent.workload(specOf(server));
  await agent.start();
  await agent.reached('clients', 'persisted');
  await agent.reached('own', 'persisted');
  await server.start();
  await agent.reached('own', 'exclusive');
  await agent.stopAgents();

  const next = authority.issue('site.invalid');
  await agent.identity('own', next);
  const path = join(agent.files, 'site.pem');
  writeFileSync(`${path}.new`, next.cert + next.key, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  const { cert, key } = authority.issue('client.invalid');
  const shown = async (): Promise<string> => (await attempt(port, { cert, key, ca: authority.pem })).serial;
  while ((await shown()) !== next.fingerprint) await delay(20);

  await agent.start();
  const { exclusive } = await agent.reached('own', 'exclusive', next.fingerprint);
  assert.equal(exclusive?.fingerprint, next.fingerprint);
});
