import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { trustDigest } from '#model/trust';
import {
  throwawayAuthority,
  type ThrowawayAuthority,
} from '../../src/edge/agent/drivers/haproxy/throwaway-material.ts';
import { AgentFixture, fingerprintOf } from './agent-fixture.ts';
import { attempt, Load, type Client } from './load.ts';
import { specOf } from './server-spec.ts';
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
  if (server.password !== undefined) await agent.password(server.password.secretName, server.password.value);
  await agent.workload(specOf(server));
  await agent.start();
  await agent.reached('own', 'persisted');
  await agent.reached('clients', 'persisted');
  await server.start();
  await agent.reached('own', 'proven');
  await agent.reached('clients', 'proven');
  return { agent, server, a, b };
}

const setOf = (...authorities: readonly ThrowawayAuthority[]): string =>
  trustDigest(authorities.map(({ pem }) => fingerprintOf(pem)));

function clientOf(authority: ThrowawayAuthority, ...trusted: readonly ThrowawayAuthority[]): Client {
  const { cert, key } = authority.issue('client.invalid');
  return { cert, key, ca: trusted.map(({ pem }) => pem).join('') };
}

/** Clients that call without a pause; which of the two authorities issued them is changed while they call. */
class Callers implements AsyncDisposable {
  readonly load: Load;
  #client: Client;
  readonly #trusted: readonly ThrowawayAuthority[];

  constructor({ port }: TestServerProcess, first: ThrowawayAuthority, second: ThrowawayAuthority) {
    this.#trusted = [first, second];
    this.#client = clientOf(first, ...this.#trusted);
    this.load = new Load(port, () => this.#client);
  }

  /** New connections are another authority's from now on, and those under way have ended when this resolves. */
  async become(authority: ThrowawayAuthority): Promise<void> {
    this.#client = clientOf(authority, ...this.#trusted);
    const before = this.load.total;
    while (this.load.total < before + 4) await delay(5);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.load.stop();
  }
}

/** From one authority to the next, each step when the one before is proven; what was seen while both were trusted. */
async function rotate(agent: AgentFixture, callers: Callers, from: ThrowawayAuthority, to: ThrowawayAuthority) {
  await agent.trust('clients', from.pem, to.pem);
  const both = await agent.trustReached('clients', 'proven', setOf(from, to));
  const next = to.issue('site.invalid');
  await agent.identity('own', next);
  await agent.reached('own', 'proven', next.fingerprint);
  await callers.become(to);
  await agent.trust('clients', to.pem);
  await agent.trustReached('clients', 'exclusive', setOf(to));
  await agent.reached('own', 'exclusive', next.fingerprint);
  return both;
}

/** The same again and again, there and back, until so many full handshakes were made. */
export function longDriverContract(
  name: string,
  options: { skip: false | string },
  openServer: OpenServer,
  handshakes: number,
): void {
  test(`${name}: ${handshakes} handshakes over rotations there and back, none failed`, options, async () => {
    const { agent, server, a, b } = await open(openServer);
    await using _ = agent;
    await using callers = new Callers(server, a, b);
    let [from, to] = [a, b];
    let rotations = 0;
    for (; callers.load.total < handshakes || rotations < 2; rotations += 1) {
      await rotate(agent, callers, from, to);
      [from, to] = [to, from];
    }
    await callers.load.stop();
    assert.deepEqual(callers.load.failures, []);
    console.log(`${name}: ${callers.load.total} handshakes over ${rotations} rotations`);
  });
}

/** What every driver does with a real server; each server is the agent's own, on a free port of this machine. */
export function driverContract(name: string, options: { skip: false | string }, openServer: OpenServer): void {
  test(`${name}: replaces certificate and trust in stages without one failed handshake`, options, async () => {
    const { agent, server, a, b } = await open(openServer);
    await using _ = agent;
    await using callers = new Callers(server, a, b);
    const both = await rotate(agent, callers, a, b);
    await callers.load.stop();
    assert.deepEqual(callers.load.failures, []);
    assert.ok(callers.load.total > 20, `${callers.load.total} handshakes`);
    assert.equal((await attempt(server.port, clientOf(a, a, b))).isGood, false, 'the old authority still lets in');
    if (server.tellsAnchors) assert.equal(both.message, undefined, 'each anchor was seen');
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
