import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { certificate, certificates, configMap, configMaps, jsonBody, sendRaw } from './raw-request.ts';
import type { WireObject } from './raw-request.ts';
import { startTestServer } from './server-fixture.ts';
import type { TestServer } from './server-fixture.ts';

/** More than two of the pages in which the server reads. */
const count = 620;
const names = Array.from({ length: count }, (_, index) => `n-${String(index).padStart(4, '0')}`);

let server: TestServer;
before(async () => {
  server = await startTestServer();
  const client = server.client();
  const resource = { group: '', version: 'v1', plural: 'configmaps', namespaced: true };
  const create = (name: string): Promise<unknown> => {
    const labels = { parity: Number(name.slice(2)) % 2 === 0 ? 'even' : 'odd' };
    const metadata = { name, namespace: 'default', labels };
    return client.create(resource, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
  };
  await Promise.all(names.map(create));
});
after(() => server[Symbol.asyncDispose]());

const list = async (query = '', headers: Record<string, string> = {}): Promise<WireObject> =>
  (await sendRaw(server, { path: `${configMaps}?${query}`, headers })).json;
const namesOf = (list: WireObject): (string | undefined)[] => (list.items ?? []).map(({ metadata }) => metadata.name);

test('a list without a limit is whole, of one revision, and says nothing of pages', async () => {
  const whole = await list();
  assert.equal(whole.kind, 'ConfigMapList');
  assert.deepEqual(namesOf(whole), names);
  assert.deepEqual(Object.keys(whole.metadata), ['resourceVersion']);
});

for (const limit of [249, 250, 251, 500, 619, 620, 1000]) {
  test(`pages of ${limit} put together are the list`, async () => {
    const found: (string | undefined)[] = [];
    let token: string | undefined;
    const revisions = new Set<string | undefined>();
    do {
      const next = token === undefined ? '' : `&continue=${encodeURIComponent(token)}`;
      const page = await list(`limit=${limit}${next}`);
      assert.ok(namesOf(page).length <= limit);
      found.push(...namesOf(page));
      revisions.add(page.metadata.resourceVersion);
      token = page.metadata.continue;
    } while (token !== undefined);
    assert.deepEqual(found, names);
    assert.equal(revisions.size, 1);
  });
}

test('a later page shows the moment of the first one, whatever is written between them', async () => {
  const first = await list('limit=600');
  await sendRaw(server, { method: 'POST', path: configMaps, headers: jsonBody, body: configMap('n-0610-between') });
  const rest = await list(`limit=600&continue=${encodeURIComponent(first.metadata.continue!)}`);
  await sendRaw(server, { method: 'DELETE', path: `${configMaps}/n-0610-between` });
  assert.deepEqual(namesOf(rest), names.slice(600));
});

test('a selector is answered from all pages', async () => {
  const even = await list('labelSelector=parity%3Deven');
  assert.equal(namesOf(even).length, count / 2);
  const paged = await list('labelSelector=parity%3Deven&limit=300');
  assert.deepEqual(namesOf(paged), namesOf(even).slice(0, 300));
  assert.deepEqual(namesOf(await list('fieldSelector=metadata.name%3Dn-0300')), ['n-0300']);
});

for (const version of ['v1', 'v1beta1']) {
  test(`a Table of ${version} has a column for each cell and the metadata of each object`, async () => {
    const table = await list('', { accept: `application/json;as=Table;v=${version};g=meta.k8s.io,application/json` });
    const columns = table['columnDefinitions'] as { name: string }[];
    const rows = table['rows'] as { cells: unknown[]; object: WireObject & { apiVersion: string } }[];
    assert.deepEqual([table.kind, table['apiVersion']], ['Table', `meta.k8s.io/${version}`]);
    assert.deepEqual(
      columns.map(({ name }) => name),
      ['Name', 'Data', 'Age'],
    );
    assert.equal(rows.length, count);
    assert.ok(rows.every(({ cells }) => cells.length === columns.length));
    assert.equal(rows[0]?.object.kind, 'PartialObjectMetadata');
    assert.equal(rows[0].object.apiVersion, `meta.k8s.io/${version}`);
  });
}

test('includeObject decides what the rows of a Table carry', async () => {
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  const rowOf = async (query: string): Promise<object | undefined> =>
    ((await list(`limit=1&${query}`, { accept }))['rows'] as object[])[0];
  assert.deepEqual(Object.keys((await rowOf('includeObject=None'))!), ['cells']);
  const { object } = (await rowOf('includeObject=Object')) as { object: WireObject };
  assert.equal(object.kind, 'ConfigMap');
});

test('a list of metadata leaves everything else out', async () => {
  const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';
  const partial = await list('limit=3', { accept });
  assert.equal(partial.kind, 'PartialObjectMetadataList');
  assert.deepEqual(Object.keys(partial.items![0]!), ['kind', 'apiVersion', 'metadata']);
});

for (const { accept, kind } of [
  { accept: '*/*', kind: 'ConfigMapList' },
  { accept: 'application/vnd.kubernetes.protobuf,application/json', kind: 'ConfigMapList' },
  { accept: 'application/json;as=Table;v=v9;g=meta.k8s.io,application/json', kind: 'ConfigMapList' },
  { accept: 'application/json;q=0.1,application/json;as=Table;v=v1;g=meta.k8s.io', kind: 'Table' },
  { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', kind: 'ConfigMapList' },
]) {
  test(`Accept ${accept} is answered with a ${kind}`, async () => {
    assert.equal((await list('limit=1', { accept })).kind, kind);
  });
}

test('a deleted collection answers with a Status, and deletes what the selector names', async () => {
  const doomed = ['x-1', 'x-2', 'x-3'];
  for (const name of doomed) {
    const body = JSON.stringify({ metadata: { name, labels: { doomed: 'yes' } } });
    await sendRaw(server, { method: 'POST', path: configMaps, headers: jsonBody, body });
  }
  const query = 'labelSelector=doomed%3Dyes';
  const dry = await sendRaw(server, { method: 'DELETE', path: `${configMaps}?${query}&dryRun=All` });
  assert.equal(dry.code, 200);
  assert.deepEqual(namesOf(await list(query)), doomed);
  const { json } = await sendRaw(server, { method: 'DELETE', path: `${configMaps}?${query}` });
  assert.deepEqual([json.kind, json['status'], json.details?.kind], ['Status', 'Success', 'configmaps']);
  assert.deepEqual(namesOf(await list(query)), []);
  assert.equal(namesOf(await list()).length, count);
});

test('a deletion answers with what is gone, or with the object that a finalizer holds', async () => {
  const { json: web } = await send('POST', 'web', certificate('web'));
  const { json: gone } = await send('DELETE', 'web');
  assert.deepEqual(gone.details, {
    name: 'web',
    uid: (web.metadata as { uid?: string }).uid,
    group: 'cert-manager.io',
    kind: 'certificates',
  });
  await send('POST', 'web', { ...certificate('web'), metadata: { name: 'web', finalizers: ['example.com/hold'] } });
  const { json: held } = await send('DELETE', 'web');
  assert.equal(held.kind, 'Certificate');
  assert.ok(held.metadata.deletionTimestamp);
  await send('PATCH', 'web', { metadata: { finalizers: null } }, 'application/merge-patch+json');
  assert.equal((await send('GET', 'web')).code, 404);
});

function send(method: string, name: string, body?: object, type = 'application/json'): ReturnType<typeof sendRaw> {
  return sendRaw(server, {
    method,
    path: method === 'POST' ? certificates : `${certificates}/${name}`,
    headers: { 'content-type': type },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
