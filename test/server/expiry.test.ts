import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { ExpiryList } from '#model/expiry';
import { sendRaw } from './raw-request.ts';
import { startTestServer } from './server-fixture.ts';
import type { TestServer } from './server-fixture.ts';

const token = 'an-opaque-token';
const day = 86_400_000;
const asked: { days: number; limit: number }[] = [];

const list: ExpiryList = {
  at: '2026-11-22T00:00:00Z',
  items: [
    {
      subject: 'CN=shop',
      source: { kind: 'Secret', namespace: 'apic', name: 'shop', path: 'data[tls.crt][0]' },
      notBefore: new Date(Date.now() - 100 * day).toISOString(),
      notAfter: new Date(Date.now() + 5 * day).toISOString(),
      isCA: false,
      managed: false,
      state: 'critical',
      daysLeft: 5,
      fractionLeft: 0.05,
    },
  ],
  complete: true,
};

let server: TestServer;
before(async () => {
  server = await startTestServer({
    expiry: {
      list: ({ until, limit }) => {
        asked.push({ days: Math.round((until.getTime() - Date.now()) / day), limit });
        return Promise.resolve(list);
      },
      calendarTokenSHA256: createHash('sha256').update(token).digest('hex'),
    },
  });
});
after(() => server[Symbol.asyncDispose]());

test('the list of what expires is for who may read', async () => {
  for (const as of ['administrator', 'viewer'] as const) {
    const { code, json } = await sendRaw(server, { path: '/expiry/certificates', as });
    assert.deepEqual([code, json], [200, list]);
  }
  assert.equal((await sendRaw(server, { path: '/expiry/certificates', as: null })).code, 401);
});

for (const { query, days, limit } of [
  { query: '', days: 30, limit: 500 },
  { query: '?within=48h', days: 2, limit: 500 },
  { query: '?within=48h&limit=7', days: 2, limit: 7 },
  { query: '?limit=0', days: 30, limit: 1 },
  { query: '?limit=1000000', days: 30, limit: 5000 },
]) {
  test(`the list asked for with ${JSON.stringify(query)} looks ${days} days ahead, at ${limit} at most`, async () => {
    asked.length = 0;
    await sendRaw(server, { path: `/expiry/certificates${query}` });
    assert.deepEqual(asked, [{ days, limit }]);
  });
}

for (const query of ['within=soon', 'within=30d', 'limit=-1', 'limit=many']) {
  test(`the list asked for with ${query} is a bad request`, async () => {
    assert.equal((await sendRaw(server, { path: `/expiry/certificates?${query}` })).code, 400);
  });
}

test('the calendar is there for who knows its address', async () => {
  const { code, headers, text } = await sendRaw(server, { path: `/calendar/expiry.ics?token=${token}`, as: null });
  assert.equal(code, 200);
  assert.equal(headers['content-type'], 'text/calendar; charset=utf-8');
  assert.match(text, /^BEGIN:VCALENDAR\r\n/);
  assert.match(text, /SUMMARY:CN=shop expires\r\n/);
  assert.equal((await server.audited('get')).path, '/calendar/expiry.ics');
});

for (const { why, path, method } of [
  { why: 'another token', path: '/calendar/expiry.ics?token=another' },
  { why: 'no token', path: '/calendar/expiry.ics' },
  { why: 'an empty token', path: '/calendar/expiry.ics?token=' },
  { why: 'the token for another path', path: `/expiry/certificates?token=${token}` },
  { why: 'the token for metrics', path: `/metrics?token=${token}` },
  { why: 'the token and another method', path: `/calendar/expiry.ics?token=${token}`, method: 'DELETE' },
]) {
  test(`a request without identity with ${why} learns nothing`, async () => {
    assert.equal((await sendRaw(server, { path, as: null, method: method ?? 'GET' })).code, 401);
  });
}

test('the token is no bearer token', async () => {
  const headers = { authorization: `Bearer ${token}` };
  assert.equal((await sendRaw(server, { path: '/version', as: null, headers })).code, 401);
});

test('a viewer reads the calendar without the token', async () => {
  assert.equal((await sendRaw(server, { path: '/calendar/expiry.ics', as: 'viewer' })).code, 200);
});

test('a server that watches no certificates does not know the paths', async () => {
  await using bare = await startTestServer();
  assert.equal((await sendRaw(bare, { path: '/expiry/certificates' })).code, 404);
  assert.equal((await sendRaw(bare, { path: `/calendar/expiry.ics?token=${token}`, as: null })).code, 401);
});
