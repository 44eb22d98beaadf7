import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { controllersUsername, keystoreKind } from '#model/resources';
import type { DeletionContext } from '#edge/server';
import { configMaps, jsonBody, sendRaw } from './raw-request.ts';
import { startTestServer } from './server-fixture.ts';
import type { TestServer } from './server-fixture.ts';

const asked: { name: string; context: DeletionContext }[] = [];
const causes = [{ reason: 'InUse', field: 'metadata.name', message: 'API default/petstore' }];

let server: TestServer;
before(async () => {
  server = await startTestServer({
    deletionGuard: (_kind, { metadata: { name } }, context) => {
      asked.push({ name, context });
      return Promise.resolve(
        name.startsWith('used') ? { message: 'one API uses it', hint: 'Change it first.', causes } : undefined,
      );
    },
  });
});
after(() => server[Symbol.asyncDispose]());

const make = async (name: string, metadata: object = {}): Promise<void> => {
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata } });
  const { code } = await sendRaw(server, { method: 'POST', path: configMaps, headers: jsonBody, body });
  assert.equal(code, 201);
};
const remove = (path: string) => sendRaw(server, { method: 'DELETE', path: `${configMaps}${path}` });

test('a deletion that the guard refuses is a conflict that names every user, and changes nothing', async () => {
  await make('used');
  const { code, json } = await remove('/used');
  assert.deepEqual(
    [code, json.reason, json.message, json.details?.causes],
    [409, 'Conflict', 'Operation cannot be fulfilled on configmaps "used": one API uses it. Change it first.', causes],
  );
  assert.equal((await sendRaw(server, { path: `${configMaps}/used` })).code, 200);
});

test('the guard learns who deletes, and is asked in a dry run too', async () => {
  await make('free');
  asked.length = 0;
  assert.equal((await remove('/free?dryRun=All')).code, 200);
  assert.equal((await remove('/free')).code, 200);
  assert.deepEqual(
    asked.map(({ name, context }) => [name, context.user.username, context.options.dryRun]),
    [
      ['free', 'root', true],
      ['free', 'root', false],
    ],
  );
});

test('nothing of a collection goes when one of it is in use', async () => {
  await make('used-2', { labels: { group: 'a' } });
  await make('free-2', { labels: { group: 'a' } });
  assert.equal((await remove('?labelSelector=group%3Da')).code, 409);
  assert.equal((await sendRaw(server, { path: `${configMaps}/free-2` })).code, 200);
});

test('what is being deleted already is not asked about again', async () => {
  await make('held', { finalizers: ['a.b/c'] });
  await remove('/held');
  asked.length = 0;
  assert.equal((await remove('/held')).code, 200);
  assert.deepEqual(asked, []);
});

const keystores = '/apis/chancery.dev/v1/namespaces/default/keystores';
const spec = { secretRef: { name: 'a' } };

test('what was made at installation is neither edited nor deleted by others', async () => {
  const metadata = { name: 'made', labels: { 'chancery.dev/default': 'true' } };
  const object = { apiVersion: 'chancery.dev/v1', kind: 'Keystore', metadata, spec };
  const options = { manager: 'test', user: { username: controllersUsername } };
  await server.store.create({ kind: keystoreKind, namespace: 'default' }, object, options);
  const patch = {
    method: 'PATCH',
    path: `${keystores}/made`,
    headers: { 'content-type': 'application/merge-patch+json' },
  };
  const edited = await sendRaw(server, { ...patch, body: '{"spec":{"secretRef":{"name":"b"}}}' });
  const deleted = await sendRaw(server, { method: 'DELETE', path: `${keystores}/made` });
  const labelled = await sendRaw(server, { ...patch, body: '{"metadata":{"labels":{"team":"a"}}}' });
  assert.deepEqual([edited.code, deleted.code, labelled.code], [403, 403, 200]);
  assert.match(edited.json.message ?? '', /^keystores\.chancery\.dev "made" is forbidden: .*make your own Keystore/);
});
