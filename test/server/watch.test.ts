import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { configMap, configMaps, jsonBody, sendRaw } from './raw-request.ts';
import type { RawAnswer, WireObject } from './raw-request.ts';
import { startTestServer } from './server-fixture.ts';
import type { TestServer } from './server-fixture.ts';
import { openMemoryStore } from '#control/store';
import type { ResourceStore } from '#control/store';
import type { ServerOptions } from '#edge/server';
import { CodedError } from '#errors';
import { builtinKinds, createRegistry } from '#model/resources';
import { openWatch, readLines, summary } from './watch-reader.ts';

async function start(context: TestContext, overrides: Partial<ServerOptions> = {}): Promise<TestServer> {
  const server = await startTestServer(overrides);
  context.after(() => server[Symbol.asyncDispose]());
  return server;
}

const create = (server: TestServer, name: string, data: Record<string, string> = {}): Promise<RawAnswer> =>
  sendRaw(server, { method: 'POST', path: configMaps, headers: jsonBody, body: configMap(name, data) });
const remove = (server: TestServer, name: string): Promise<RawAnswer> =>
  sendRaw(server, { method: 'DELETE', path: `${configMaps}/${name}` });
const patch = (server: TestServer, name: string, body: object): Promise<RawAnswer> =>
  sendRaw(server, {
    method: 'PATCH',
    path: `${configMaps}/${name}`,
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify(body),
  });

test('a watch from a revision shows every change after it, once and in order', async (context) => {
  const server = await start(context);
  await create(server, 'before');
  const { json } = await sendRaw(server, { path: configMaps });
  await create(server, 'a');
  await patch(server, 'a', { data: { k: 'v' } });
  const watch = await openWatch(server, {
    path: `${configMaps}?watch=1&resourceVersion=${json.metadata.resourceVersion}`,
  });
  await remove(server, 'a');
  await create(server, 'b');
  const events = await watch.take(4);
  assert.deepEqual(summary(events), ['ADDED a', 'MODIFIED a', 'DELETED a', 'ADDED b']);
  const revisions = events.map(({ object }) => Number(object.metadata.resourceVersion));
  assert.deepEqual(
    revisions,
    revisions.toSorted((a, b) => a - b),
  );
  assert.equal(new Set(revisions).size, 4, 'a deletion has a revision of its own');
  watch.close();
});

for (const query of ['watch=true', 'watch=1&resourceVersion=0']) {
  test(`a watch with ${query} shows what is there as ADDED, then what follows`, async (context) => {
    const server = await start(context);
    await create(server, 'a');
    await create(server, 'b');
    const watch = await openWatch(server, { path: `${configMaps}?${query}` });
    assert.deepEqual(summary(await watch.take(2)), ['ADDED a', 'ADDED b']);
    await remove(server, 'a');
    assert.deepEqual(summary(await watch.take(1)), ['DELETED a']);
    watch.close();
  });
}

test('a WatchList ends its beginning with a bookmark that says so', async (context) => {
  const server = await start(context);
  await create(server, 'a');
  const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const watch = await openWatch(server, { path: `${configMaps}?${query}` });
  const [added, bookmark] = await watch.take(2);
  assert.equal(added?.type, 'ADDED');
  assert.equal(bookmark?.type, 'BOOKMARK');
  assert.equal(bookmark.object.kind, 'ConfigMap');
  assert.deepEqual(bookmark.object.metadata.annotations, { 'k8s.io/initial-events-end': 'true' });
  const { json } = await sendRaw(server, { path: configMaps });
  assert.equal(bookmark.object.metadata.resourceVersion, json.metadata.resourceVersion);
  watch.close();
});

test('a WatchList without initial events begins at the newest revision', async (context) => {
  const server = await start(context);
  await create(server, 'a');
  const query = 'watch=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan';
  const watch = await openWatch(server, { path: `${configMaps}?${query}` });
  await create(server, 'b');
  assert.deepEqual(summary(await watch.take(1)), ['ADDED b']);
  watch.close();
});

test('a silent watch that asked for bookmarks is told how far it is', async (context) => {
  const server = await start(context);
  const watch = await openWatch(server, { path: `${configMaps}?watch=1&allowWatchBookmarks=true` });
  await sendRaw(server, {
    method: 'POST',
    path: configMaps.replace('default', 'team'),
    headers: jsonBody,
    body: configMap('x'),
  });
  let event = await watch.next();
  const { json } = await sendRaw(server, { path: configMaps });
  while (event?.object.metadata.resourceVersion !== json.metadata.resourceVersion) event = await watch.next();
  assert.equal(event?.type, 'BOOKMARK');
  watch.close();
});

for (const as of ['Table', 'PartialObjectMetadata']) {
  test(`a bookmark comes in the form of the watch: ${as}`, async (context) => {
    const server = await start(context);
    const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const path = `/api/v1/namespaces/default/events?${query}`;
    const accept = `application/json;as=${as};v=v1;g=meta.k8s.io`;
    const watch = await openWatch(server, { path, headers: { accept } });
    const event = await watch.next();
    assert.deepEqual([event?.type, event?.object.kind], ['BOOKMARK', as]);
    const [row] = (event?.object['rows'] ?? [{ object: event?.object }]) as { object: WireObject }[];
    assert.deepEqual(row?.object.metadata.annotations, { 'k8s.io/initial-events-end': 'true' });
    watch.close();
  });
}

test('a watch with a selector sees objects come into it and leave it', async (context) => {
  const server = await start(context);
  await create(server, 'a');
  const watch = await openWatch(server, { path: `${configMaps}?watch=1&labelSelector=app%3Dweb` });
  await patch(server, 'a', { metadata: { labels: { app: 'web' } } });
  await patch(server, 'a', { data: { k: 'v' } });
  await patch(server, 'a', { metadata: { labels: { app: 'api' } } });
  const events = await watch.take(3);
  assert.deepEqual(summary(events), ['ADDED a', 'MODIFIED a', 'DELETED a']);
  assert.equal(new Set(events.map(({ object }) => object.metadata.resourceVersion)).size, 3);
  watch.close();
});

test('a watch in tables and one in metadata show the same change each in its form', async (context) => {
  const server = await start(context);
  const watchAs = (as: string): ReturnType<typeof openWatch> =>
    openWatch(server, {
      path: `${configMaps}?watch=1`,
      headers: { accept: `application/json;as=${as};v=v1;g=meta.k8s.io` },
    });
  const [table, partial] = [await watchAs('Table'), await watchAs('PartialObjectMetadata')];
  await create(server, 'a', { k: 'v' });
  const [row] = await table.take(1);
  assert.equal(row?.object.kind, 'Table');
  assert.deepEqual((row.object['rows'] as { cells: unknown[] }[])[0]?.cells.slice(0, 2), ['a', 1]);
  const [metadata] = await partial.take(1);
  assert.equal(metadata?.object.kind, 'PartialObjectMetadata');
  assert.equal(metadata.object['data'], undefined);
  table.close();
  partial.close();
});

test('a watch ends in good order when its time is up', async (context) => {
  const server = await start(context);
  const watch = await openWatch(server, { path: `${configMaps}?watch=1&timeoutSeconds=1` });
  assert.equal(await watch.next(), undefined);
  assert.equal(watch.body.complete, true);
  const entry = await server.audited('watch');
  assert.deepEqual([entry.code, entry.resource], [200, 'configmaps']);
});

test('a watch tells of parameters that it does not know before it begins', async (context) => {
  const server = await start(context);
  const watch = await openWatch(server, { path: `${configMaps}?watch=1&unheard=of&another=one` });
  assert.match(String(watch.body.headers['warning']), /299 - ".*unheard.*299 - ".*another/);
  watch.close();
});

test('closing the server ends every watch with its last piece', async () => {
  const server = await startTestServer();
  const watches = await Promise.all([1, 2, 3].map(() => openWatch(server, { path: `${configMaps}?watch=1` })));
  const ends = Promise.all(watches.map((watch) => watch.next()));
  await server[Symbol.asyncDispose]();
  assert.deepEqual(await ends, [undefined, undefined, undefined]);
  assert.ok(watches.every(({ body }) => body.complete));
});

test('a silent watch gets an empty line from time to time', async (context) => {
  const server = await start(context, { limits: { heartbeatMilliseconds: 20 } });
  const watch = await openWatch(server, { path: `${configMaps}?watch=1` });
  const { value } = await readLines(watch.body).next();
  assert.equal(value, '');
  watch.close();
});

test('a watch that loses its place ends with an ERROR that holds Status 410', async (context) => {
  const store = openMemoryStore({ registry: createRegistry(builtinKinds) });
  const gone = new CodedError('gone', 'too old resource version: 1 (5)');
  const server = await start(context, { store: withWatch(store, () => Promise.reject(gone)) });
  const watch = await openWatch(server, { path: `${configMaps}?watch=1&resourceVersion=1` });
  const event = await watch.next();
  assert.equal(event?.type, 'ERROR');
  assert.deepEqual([event.object.kind, event.object.code, event.object.reason], ['Status', 410, 'Expired']);
  assert.equal(await watch.next(), undefined);
  assert.equal(watch.body.complete, true);
  assert.deepEqual(server.failures, [], 'a client that is too late is no fault of the server');
});

test('a watch that meets a fault says no more than that, and the log says the rest', async (context) => {
  const store = openMemoryStore({ registry: createRegistry(builtinKinds) });
  const server = await start(context, { store: withWatch(store, () => Promise.reject(new Error('secret words'))) });
  const watch = await openWatch(server, { path: `${configMaps}?watch=1` });
  const event = await watch.next();
  assert.deepEqual([event?.type, event?.object.code], ['ERROR', 500]);
  assert.doesNotMatch(JSON.stringify(event), /secret words/);
  assert.match(server.failures.join(), /secret words/);
});

/** The store, but with watches whose first event is what `next` answers. */
function withWatch(store: ResourceStore, next: () => Promise<never>): ResourceStore {
  const watch = (): AsyncIterable<never> => ({ [Symbol.asyncIterator]: () => ({ next }) });
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'watch') return watch;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

test('a watcher that never reads costs bounded memory and is cut off, while others see everything', async (context) => {
  const server = await start(context, { limits: { stalledWatchMilliseconds: 300 } });
  const stalled = await openWatch(server, { path: `${configMaps}?watch=1` });
  stalled.body.pause();
  const reading = await openWatch(server, { path: `${configMaps}?watch=1` });
  const data = { k: 'x'.repeat(500_000) };
  const names = Array.from({ length: 24 }, (_, index) => `big-${String(index).padStart(2, '0')}`);
  const seen = reading.take(names.length);
  for (const name of names) await create(server, name, data);
  assert.deepEqual(
    summary(await seen),
    names.map((name) => `ADDED ${name}`),
  );
  const closed = new Promise((resolve) => stalled.body.once('close', resolve));
  while (server.server.openWatches > 1) await new Promise((resolve) => setImmediate(resolve));
  stalled.body.once('error', () => undefined).resume();
  await closed;
  assert.equal(stalled.body.complete, false);
  reading.close();
});

test('more watches than the server may hold are refused with 429 and a time to come back', async (context) => {
  const server = await start(context, { limits: { openWatches: 1 } });
  const watch = await openWatch(server, { path: `${configMaps}?watch=1` });
  const refused = await sendRaw(server, { path: `${configMaps}?watch=1` });
  assert.equal(refused.code, 429);
  assert.equal(refused.json.reason, 'TooManyRequests');
  assert.equal(refused.headers['retry-after'], '1');
  watch.close();
});

test('fifty watchers see fifty changes each, in order', async (context) => {
  const server = await start(context);
  const watches = await Promise.all(
    Array.from({ length: 50 }, () => openWatch(server, { path: `${configMaps}?watch=1&timeoutSeconds=60` })),
  );
  const seen = Promise.all(watches.map((watch) => watch.take(50)));
  const names = Array.from({ length: 50 }, (_, index) => `n-${index}`);
  for (const name of names) await create(server, name);
  const expected = names.map((name) => `ADDED ${name}`);
  for (const events of await seen) assert.deepEqual(summary(events), expected);
  for (const watch of watches) watch.close();
});
