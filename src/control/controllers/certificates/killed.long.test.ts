import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import type { KubeObject } from '#model/objects';
import { parseCertificatesPEM, parsePrivateKeyPEM } from '#pki/x509';
import {
  builtinKinds,
  certificateKind,
  certificateRequestKind,
  certManagerKeys,
  createRegistry,
  secretKind,
} from '#model/resources';
import type { Kind } from '#model/resources';
import { openSqliteStore } from '#control/store';
import type { ResourceStore } from '#control/store';
import { InlineCrypto } from '#control/runtime';
import { startControllers } from '../start.ts';
import { condition } from '../test-plane.ts';

const rounds = Number(process.env['CHANCERY_KILLS'] ?? 100);
const victim = fileURLToPath(new URL('./test-victim.ts', import.meta.url));
const registry = createRegistry(builtinKinds);

/** Runs the victim for a while, kills it with SIGKILL, and gives the names whose creation it had answered. */
async function killOne(directory: string, round: number): Promise<string[]> {
  const child = spawn(process.execPath, [victim, directory, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise((resolve) => child.once('close', resolve));
  await Promise.race([once(child.stdout, 'data'), ended]);
  await pause(Math.random() * 600);
  assert.equal(child.exitCode, null, 'the victim died by itself');
  child.kill('SIGKILL');
  await ended;
  return output.split('\n').slice(0, -1);
}

async function everything<T extends KubeObject>(store: ResourceStore, kind: Kind<T>): Promise<T[]> {
  return (await store.list({ kind })).items;
}

const leafOf = (base64: string | undefined) => parseCertificatesPEM(Buffer.from(base64 ?? '', 'base64'))[0]!;

/** No answered write is lost, no Secret is half written, no revision has two certificates. */
async function check(store: ResourceStore, answered: ReadonlySet<string>): Promise<void> {
  const certificates = new Map((await everything(store, certificateKind)).map((one) => [one.metadata.name, one]));
  for (const name of answered) assert(certificates.has(name), `${name} was answered and is lost`);
  const secrets = new Map((await everything(store, secretKind)).map((one) => [one.metadata.name, one]));
  for (const { data = {}, metadata } of secrets.values()) {
    // Of a certificate whose issuer was not ready when the end came: a key alone, until there is something to sign with.
    if (metadata.labels?.[certManagerKeys.nextPrivateKeyLabel] === 'true') continue;
    assert(parsePrivateKeyPEM(Buffer.from(data['tls.key']!, 'base64')).matches(leafOf(data['tls.crt']).spki));
  }
  const requests = await everything(store, certificateRequestKind);
  for (const { metadata, status } of requests.filter((one) => one.status?.certificate !== undefined)) {
    const name = metadata.ownerReferences![0]!.name;
    assert.equal(certificates.get(name)?.status?.revision, 1);
    assert.equal(leafOf(secrets.get(name)?.data?.['tls.crt']).serialNumber, leafOf(status!.certificate).serialNumber);
  }
}

test(`a control plane killed ${rounds} times while it issues in bulk loses nothing and issues nothing twice`, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'chancery-kill-'));
  const answered = new Set<string>();
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const name of await killOne(directory, round)) answered.add(name);
      const store = await openSqliteStore({ registry, dataDirectory: directory });
      await check(store, answered);
      await store.close();
    }
    assert(answered.size > rounds, 'the victims came to work');
    await finish(directory, answered);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

/** What the killed ones left undone is done by the next. */
async function finish(directory: string, answered: ReadonlySet<string>): Promise<void> {
  const store = await openSqliteStore({ registry, dataDirectory: directory });
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const crypto = new InlineCrypto();
  const controllers = await startControllers({ store, registry, crypto, metrics: new Registry(), logger });
  await controllers.idle();
  for (const one of await everything(store, certificateKind)) {
    assert.equal(condition(one, 'Ready'), 'True Ready');
    assert.equal(one.status?.revision, 1);
  }
  await check(store, answered);
  await controllers.stop();
  await store.close();
}
