import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { secretKind } from '#model/resources';
import { by, configMap, configMaps, createNamespace, named, refused, registry, secret } from './contract/harness.ts';
import { openSqliteStore, rotateSecretsKey } from './open-sqlite.ts';

const secrets = { kind: secretKind, namespace: 'apic' };

async function inDirectory(test: (dataDirectory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'chancery-open-'));
  try {
    await test(join(directory, 'data'));
  } finally {
    await rm(directory, { recursive: true });
  }
}

it('openSqliteStore() finds after a restart what was answered before', () =>
  inDirectory(async (dataDirectory) => {
    const first = await openSqliteStore({ registry, dataDirectory });
    await createNamespace(first, 'apic');
    const made = await first.create(secrets, secret('a', { x: 'eA==' }), by);
    await first.close();
    const second = await openSqliteStore({ registry, dataDirectory });
    assert.deepEqual(await second.get(named(secrets, 'a')), made);
    assert.equal(await second.currentRevision(), '2');
    await second.close();
  }));

it('openSqliteStore() of a directory in use is refused, and leaves its owner alone', () =>
  inDirectory(async (dataDirectory) => {
    const owner = await openSqliteStore({ registry, dataDirectory });
    await refused(openSqliteStore({ registry, dataDirectory }), 'store-locked', /in use by process \d+/u);
    await createNamespace(owner, 'apic');
    await owner.create(configMaps, configMap('a'), by);
    await owner.close();
  }));

it('openSqliteStore() without the key that its secrets need is refused, and can be tried again', () =>
  inDirectory(async (dataDirectory) => {
    await (await openSqliteStore({ registry, dataDirectory })).close();
    const secretsKey = Buffer.alloc(32, 7).toString('base64');
    await refused(openSqliteStore({ registry, dataDirectory, secretsKey }), 'key-file-wrong');
    await (await openSqliteStore({ registry, dataDirectory })).close();
  }));

it('rotateSecretsKey() leaves the secrets readable, and only with the new key', () =>
  inDirectory(async (dataDirectory) => {
    const first = await openSqliteStore({ registry, dataDirectory });
    await createNamespace(first, 'apic');
    const made = await first.create(secrets, secret('a', { x: 'eA==' }), by);
    await first.close();
    const rotation = await rotateSecretsKey({ dataDirectory });
    assert.equal(rotation.rewrapped, 1);
    const second = await openSqliteStore({ registry, dataDirectory });
    assert.deepEqual(await second.get(named(secrets, 'a')), made);
    await second.close();
  }));
