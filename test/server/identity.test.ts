import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connect } from 'node:tls';
import { administrators, viewers } from '#edge/server';
import { configMap, configMaps, jsonBody, sendRaw } from './raw-request.ts';
import { startTestServer } from './server-fixture.ts';
import { testPKI } from './test-pki.ts';
import type { TestServer } from './server-fixture.ts';

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server[Symbol.asyncDispose]());

for (const path of ['/livez', '/readyz', '/healthz']) {
  test(`${path} answers anybody with a bare ok`, async () => {
    const { code, text } = await sendRaw(server, { path, as: null });
    assert.deepEqual({ code, text }, { code: 200, text: 'ok' });
  });
}

test('/readyz answers 503 while the server is not ready', async () => {
  await using unready = await startTestServer({ ready: () => false });
  assert.equal((await sendRaw(unready, { path: '/readyz', as: null })).code, 503);
  assert.equal((await sendRaw(unready, { path: '/livez', as: null })).code, 200);
});

for (const path of [
  '/',
  '/version',
  '/api',
  '/apis',
  '/apis/cert-manager.io/v1',
  '/openapi/v2',
  '/openapi/v3',
  '/metrics',
  '/readyz/etcd',
  '/no/such/place',
  '/%zz',
  configMaps,
  `${configMaps}/a?watch=1`,
]) {
  test(`a request without identity learns the same nothing from ${path}`, async () => {
    const { code, headers, json } = await sendRaw(server, { path, as: null });
    assert.equal(code, 401);
    assert.deepEqual(json, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Unauthorized',
      reason: 'Unauthorized',
      code: 401,
    });
    assert.equal(headers['server'], undefined);
  });
}

for (const { authorization, why } of [
  { authorization: 'Bearer of-nobody', why: 'the token is nobody\u2019s' },
  { authorization: 'Bearer ', why: 'the token is empty' },
  { authorization: 'Basic cm9vdDpyb290', why: 'passwords are not taken' },
  { authorization: 'Bearer token-of-an-administrator extra', why: 'something follows the token' },
]) {
  test(`a request is refused when ${why}`, async () => {
    const { code } = await sendRaw(server, { path: '/version', as: null, headers: { authorization } });
    assert.equal(code, 401);
  });
}

test('a client certificate names its user by CN and the groups by O', async () => {
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const client = testPKI().client('ann', ['team-a', viewers]);
  const { json } = await sendRaw(server, { method: 'POST', path, as: null, headers: jsonBody, body: '{}', ...client });
  assert.deepEqual(json['status'], {
    userInfo: { username: 'ann', groups: ['team-a', viewers, 'system:authenticated'] },
  });
});

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`a client certificate counts on a resumed ${version} session, too`, async () => {
    const pki = testPKI();
    const { hostname, port } = new URL(server.server.url);
    const options = {
      host: hostname,
      port: Number(port),
      ca: pki.ca,
      minVersion: version,
      maxVersion: version,
      ...pki.client('ann', []),
    };
    const exchange = (session?: Buffer): Promise<{ resumed: boolean; text: string; session: Buffer | undefined }> =>
      new Promise((resolve, reject) => {
        let kept: Buffer | undefined;
        let text = '';
        const socket = connect(session === undefined ? options : { ...options, session });
        socket.on('session', (session: Buffer) => (kept = session));
        socket.on('data', (chunk) => (text += String(chunk)));
        socket.on('end', () => resolve({ resumed: socket.isSessionReused(), text, session: kept }));
        socket.on('error', reject);
        socket.write('GET /version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      });
    const first = await exchange();
    assert.match(first.text, /^HTTP\/1\.1 200 /);
    const second = await exchange(first.session);
    assert.equal(second.resumed, true);
    assert.match(second.text, /^HTTP\/1\.1 200 /);
  });
}

test('a certificate of another CA is no identity', async () => {
  const { server: pair, otherCA } = testPKI();
  await using other = await startTestServer({ tls: { ...pair, clientCA: otherCA } });
  const client = testPKI().client('eve', [administrators]);
  assert.equal((await sendRaw(other, { path: '/version', as: null, ...client })).code, 401);
});

test('a wrong token is not excused by the good certificate beside it', async () => {
  const client = testPKI().client('bob', [administrators]);
  const headers = { authorization: 'Bearer of-nobody' };
  assert.equal((await sendRaw(server, { path: '/version', as: null, headers, ...client })).code, 401);
});

test('a body is not read before its sender may send it', async () => {
  const body = configMap('x', { a: 'x'.repeat(4 * 1024 * 1024) });
  const write = { method: 'POST', path: configMaps, headers: jsonBody, body } as const;
  const anonymous = await sendRaw(server, { ...write, as: null }).catch((error: Error) => error);
  if (!(anonymous instanceof Error)) assert.equal(anonymous.code, 401);
  const viewer = await sendRaw(server, { ...write, as: 'viewer' }).catch((error: Error) => error);
  if (!(viewer instanceof Error)) assert.equal(viewer.code, 403);
});

for (const { method, path, code, why } of [
  { method: 'GET', path: configMaps, code: 200, why: 'a viewer may list' },
  { method: 'GET', path: `${configMaps}?watch=1&timeoutSeconds=1`, code: 200, why: 'and watch' },
  { method: 'GET', path: '/metrics', code: 200, why: 'and see the metrics' },
  { method: 'GET', path: '/version', code: 200, why: 'and the version' },
  { method: 'GET', path: '/api/v1/namespaces/default/secrets', code: 403, why: 'but no Secrets' },
  { method: 'GET', path: '/api/v1/secrets?watch=1', code: 403, why: 'not by watching either' },
  { method: 'GET', path: '/api/v1/namespaces/default/secrets/x', code: 403, why: 'nor learn whether one exists' },
  { method: 'DELETE', path: `${configMaps}/x`, code: 403, why: 'nor delete' },
  { method: 'DELETE', path: configMaps, code: 403, why: 'nor delete everything' },
  { method: 'PATCH', path: `${configMaps}/x`, code: 403, why: 'nor patch' },
  { method: 'POST', path: `${configMaps}?dryRun=All`, code: 403, why: 'nor try to write' },
]) {
  test(`${method} ${path} is answered ${code} to a viewer: ${why}`, async () => {
    const answer = await sendRaw(server, { method, path, as: 'viewer', headers: jsonBody });
    assert.equal(answer.code, code);
    if (code === 403) assert.match(answer.json.message ?? '', /is forbidden: User "viewer" cannot /);
  });
}

test('a refusal names what was refused, in the words of Kubernetes', async () => {
  const { json } = await sendRaw(server, { path: '/api/v1/namespaces/default/secrets/x', as: 'viewer' });
  assert.equal(
    json.message,
    'secrets "x" is forbidden: User "viewer" cannot get resource "secrets" in API group "" in the namespace "default"',
  );
  assert.deepEqual(json.details, { group: '', kind: 'secrets', name: 'x' });
});

test('every request leaves a line in the audit, without query, body or token', async () => {
  await using fresh = await startTestServer();
  await sendRaw(fresh, { path: `${configMaps}?labelSelector=a`, as: 'viewer' });
  const { user, path, resource, code, durationMilliseconds } = await fresh.audited('list');
  assert.deepEqual(
    { user, path, resource, code },
    { user: 'viewer', path: configMaps, resource: 'configmaps', code: 200 },
  );
  assert.ok(durationMilliseconds >= 0);
  await sendRaw(fresh, { method: 'PUT', path: '/version', as: null });
  const refused = await fresh.audited('put');
  assert.deepEqual([refused.user, refused.code], ['', 401]);
  assert.doesNotMatch(JSON.stringify(fresh.audit), /token-of|labelSelector/);
});
