import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openClient, StatusError } from '#edge/api';
import type { WatchEvent } from '#edge/api';
import { isCoded } from '#errors';
import type { Draft, KubeObject } from '#model/objects';
import { startTestServer } from './server-fixture.ts';
import type { TestServer } from './server-fixture.ts';

const configMaps = { group: '', version: 'v1', plural: 'configmaps', namespaced: true };
const certificates = { group: 'cert-manager.io', version: 'v1', plural: 'certificates', namespaced: true };

interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}

const configMap = (name: string, data: Record<string, string> = {}): Draft<ConfigMap> => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data,
});

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server[Symbol.asyncDispose]());

test('the client creates, reads, updates, patches and deletes', async () => {
  const client = server.client();
  const created = await client.create(configMaps, configMap('a', { k: '1' }), { fieldManager: 'tests' });
  assert.equal(created.metadata.managedFields?.[0]?.manager, 'tests');
  const updated = await client.update<ConfigMap>(configMaps, { ...created, data: { k: '2' } });
  assert.deepEqual(updated.data, { k: '2' });
  await assert.rejects(client.update(configMaps, created), (error) => isCoded(error, 'conflict'));
  const merge = { data: { l: '3' } };
  const patched = await client.patch<ConfigMap>(configMaps, 'a', 'merge', merge, { namespace: 'default' });
  assert.deepEqual(patched.data, { k: '2', l: '3' });
  await client.delete(configMaps, 'a', { namespace: 'default', dryRun: true });
  assert.equal((await client.get(configMaps, 'a', 'default')).metadata.uid, created.metadata.uid);
  const other = client.delete(configMaps, 'a', { namespace: 'default', uid: 'another' });
  await assert.rejects(other, (error) => isCoded(error, 'conflict'));
  await client.delete(configMaps, 'a', { namespace: 'default' });
  await assert.rejects(client.get(configMaps, 'a', 'default'), (error) => isCoded(error, 'not-found'));
});

test('an apply says whether it made the object, and carries conflicts with their causes', async () => {
  const client = server.client();
  const apply = (fieldManager: string, k: string): ReturnType<typeof client.apply<ConfigMap>> =>
    client.apply(configMaps, configMap('applied', { k }), { fieldManager });
  assert.equal((await apply('one', 'a')).created, true);
  assert.equal((await apply('one', 'b')).created, false);
  await assert.rejects(apply('two', 'c'), (error) => {
    assert.ok(error instanceof StatusError && error.code === 'conflict');
    assert.equal(error.status.details?.causes?.[0]?.field, '.data.k');
    return true;
  });
});

test('warnings of the server reach the caller, one by one', async () => {
  const client = server.client();
  const warnings: string[] = [];
  const draft = { ...configMap('warned'), extra: 1, 'odd "name"': 2 };
  await client.create(configMaps, draft, { onWarning: (text) => warnings.push(text), fieldValidation: 'Warn' });
  assert.deepEqual(warnings, ['unknown field "extra"', 'unknown field "odd \\"name\\""']);
});

test('each() walks through all pages', async () => {
  const client = server.client();
  for (const index of [1, 2, 3, 4, 5]) {
    await client.create(configMaps, {
      ...configMap(`p-${index}`),
      metadata: { name: `p-${index}`, namespace: 'team' },
    });
  }
  const names: string[] = [];
  for await (const { metadata } of client.each(configMaps, { namespace: 'team', limit: 2 })) names.push(metadata.name);
  assert.deepEqual(names, ['p-1', 'p-2', 'p-3', 'p-4', 'p-5']);
});

test('a watch ends when its caller stops, by break or by signal', async () => {
  const client = server.client();
  await client.create(configMaps, configMap('watched'));
  for await (const { type } of client.watch(configMaps, { fieldSelector: 'metadata.name=watched' })) {
    assert.equal(type, 'ADDED');
    break;
  }
  const stop = new AbortController();
  const events = client.watch(configMaps, { fieldSelector: 'metadata.name=absent', signal: stop.signal });
  const next = events.next();
  stop.abort();
  assert.equal((await next).done, true);
});

test('watches do not keep other requests waiting, however many there are', async () => {
  const client = server.client();
  const stop = new AbortController();
  const watches = Array.from({ length: 40 }, () =>
    client.watch(configMaps, { fieldSelector: 'metadata.name=late', signal: stop.signal }).next(),
  );
  const created = await client.create(configMaps, configMap('late'));
  for (const { value } of await Promise.all(watches)) {
    assert.equal((value as WatchEvent).object.metadata.uid, created.metadata.uid);
  }
  stop.abort();
});

test('an invalid object fails with invalid and every broken field', async () => {
  const draft = {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: 'x', namespace: 'default' },
  };
  await assert.rejects(server.client().create(certificates, draft), (error) => {
    assert.ok(isCoded(error, 'invalid'));
    assert.ok(error.causes.length > 0);
    return true;
  });
});

test('a server that is not there, or is another, is unreachable and says what to check', async () => {
  const { ca, ...stranger } = server.access();
  for (const access of [{ server: 'https://127.0.0.1:1', ...(ca ? { ca } : {}) }, stranger]) {
    const client = openClient(access);
    await assert.rejects(client.get(configMaps, 'a', 'default'), (error) => {
      assert.ok(isCoded(error, 'unreachable'));
      assert.ok(error.hint);
      return true;
    });
    client.close();
  }
});

test('the client keeps a path prefix of the server', async () => {
  const client = openClient({ ...server.access(), server: `${server.server.url}/prefix/` });
  await assert.rejects(client.get(configMaps, 'a', 'default'), (error) => isCoded(error, 'not-found', 'forbidden'));
  client.close();
});
