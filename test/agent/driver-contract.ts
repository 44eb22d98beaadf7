import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Workload } from '#model/resources';
import { trustDigest } from '#model/trust';
import {
  throwawayAuthority,
  type ThrowawayAuthority,
} from '../../src/edge/agent/drivers/haproxy/throwaway-material.ts';
import { AgentFixture, fingerprintOf } from './agent-fixture.ts';
import { attempt, Load, type Client } from './load.ts';
import type { TestServerProcess } from './servers.ts';
import { weakPair } from './weak-pair.ts';

type OpenServer = (folder: string) => Promise<TestServerProcess>;

interface Scene {
  readonly agent: AgentFixture;
  readonly server: TestServerProcess;
  readonly a: ThrowawayAuthority;
  readonly b: ThrowawayAuthority;
}

/** A server that was started with what the agent brought, and all of it proven. */
async function open(openServer: OpenServer): Promise<Scene> {
  const agent = await AgentFixture.open();
  try {
    return await bring(agent, openServer);
  } catch (error) {
    await agent[Symbol.asyncDispose]();
    throw error;
  }
}

async function bring(agent: AgentFixture, openServer: OpenServer): Promise<Scene> {
  const server = await openServer(agent.files);
  agent.atEnd(() => server.kill());
  const [a, b] = ['authority a', 'authority b'].map((name) => throwawayAuthority(name, new Date())) as [
    ThrowawayAuthority,
    ThrowawayAuthority,
  ];
  await agent.identity('own', a.issue('site.invalid'));
  await agent.trust('clients', a.pem);
  await agent.workload(specOf(server));
  await agent.start();
  await agent.reached('own', 'persisted');
  await agent.reached('clients', 'persisted');
  await server.start();
  await agent.reached('own', 'proven');
  await agent.reached('clients', 'proven');
  return { agent, server, a, b };
}

function specOf({ port, driver, reload, files }: TestServerProcess): Workload['spec'] {
  return {
    driver,
    files: [...files],
    ...(reload === undefined ? {} : { reload }),
    instances: [{ name: 'one', address: `127.0.0.1:${port}` }],
    presents: [{ name: 'own', secretRef: { name: 'own' } }],
    trusts: [{ name: 'clients', truststoreRef: { name: 'clients' } }],
    listens: [
      {
        name: 'front',
        serverName: 'site.invalid',
        presents: 'own',
        clientTrust: 'clients',
        mutualAuthentication: 'require',
      },
    ],
  };
}

const setOf = (...authorities: readonly ThrowawayAuthority[]): string =>
  trustDigest(authorities.map(({ pem }) => fingerprintOf(pem)));

function clientOf(authority: ThrowawayAuthority, ...trusted: readonly ThrowawayAuthority[]): Client {
  const { cert, key } = authority.issue('client.invalid');
  return { cert, key, ca: trusted.map(({ pem }) => pem).join('') };
}

/** What every driver does with a real server; each server is the agent's own, on a free port of this machine. */
export function driverContract(name: string, options: { skip: false | string }, openServer: OpenServer): void {
  test(`${name}: replaces certificate and trust in stages without one failed handshake`, options, async () => {
    const { agent, server, a, b } = await open(openServer);
    await using _ = agent;
    let client = clientOf(a, a, b);
    await using load = new Load(server.port, () => client);
    await agent.trust('clients', a.pem, b.pem);
    const both = await agent.trustReached('clients', 'proven', setOf(a, b));
    const next = b.issue('site.invalid');
    await agent.identity('own', next);
    await agent.reached('own', 'proven', next.fingerprint);
    client = clientOf(b, a, b);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await agent.trust('clients', b.pem);
    const last = await agent.trustReached('clients', 'exclusive', setOf(b));
    await agent.reached('own', 'exclusive', next.fingerprint);
    await load.stop();
    assert.deepEqual(load.failures, []);
    assert.ok(load.total > 20, `${load.total} handshakes`);
    assert.equal((await attempt(server.port, clientOf(a, a, b))).isGood, false, 'the old authority still lets in');
    if (server.tellsAnchors) assert.equal(both.message, undefined, 'each anchor was seen');
    assert.notEqual(last.exclusive, undefined);
  });

  test(`${name}: an unstaged change fails, so that the one before can`, options, async () => {
    const { agent, server, a, b } = await open(openServer);
    await using _ = agent;
    const client = clientOf(a, a);
    await using load = new Load(server.port, () => client);
    const next = b.issue('site.invalid');
    await agent.identity('own', next);
    await agent.reached('own', 'proven', next.fingerprint);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await load.stop();
    assert.ok(load.failures.length > 0);
  });

  test(`${name}: what the server refuses is taken back, and it goes on with what it had`, options, async () => {
    const { agent, server, a } = await open(openServer);
    await using _ = agent;
    const files = server.files.map(({ path }) => path);
    const before = files.map((path) => readFileSync(path, 'utf8'));
    const client = clientOf(a, a);
    await agent.identity('own', weakPair());
    const material = await agent.until('refusal', (report) =>
      report?.materials?.find((one) => one.name === 'own' && one.code !== undefined && one.code !== 'not-visible'),
    );
    assert.match(material.code ?? '', /refused-by-engine|reload-failed|no-handshake|other-certificate/);
    assert.ok((material.message ?? '').length > 0);
    assert.notEqual(material.delivered?.fingerprint, material.desired?.fingerprint);
    assert.deepEqual(
      files.map((path) => readFileSync(path, 'utf8')),
      before,
    );
    assert.equal((await attempt(server.port, client)).isGood, true);
    assert.doesNotMatch(JSON.stringify(await agent.report()), /PRIVATE KEY/);
  });

  test(`${name}: a server that was killed starts with the newest files, and is proven again`, options, async () => {
    const { agent, server, a } = await open(openServer);
    await using _ = agent;
    const next = a.issue('site.invalid');
    await agent.identity('own', next);
    await agent.reached('own', 'proven', next.fingerprint);
    await server.kill();
    await agent.until('loss', (report) =>
      report?.materials?.find(({ name, proven }) => name === 'own' && proven === undefined),
    );
    await server.start();
    await agent.reached('own', 'proven', next.fingerprint);
  });
}
