import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { FakeClock } from '#control/runtime';
import { isCoded } from '#errors';
import { makePair } from '../../model/expiry/test-certificates.ts';
import { Webhook } from './webhook.ts';
import { parseWebhookTarget } from './webhook-target.ts';

const secret = 'https://hooks.example/services/s3cr3t-path';

interface Rig {
  readonly webhook: Webhook;
  readonly clock: FakeClock;
  readonly posts: { id: string; headers: Headers }[];
  readonly logged: string[];
  /** Resolves when so many posts have been made. */
  readonly posted: (count: number) => Promise<void>;
}

/** A webhook whose receiver answers with these statuses in turn, then with 200; 0 is a connection that fails. */
function rig(...answers: number[]): Rig {
  const clock = new FakeClock();
  const posts: Rig['posts'] = [];
  const logged: string[] = [];
  const post: typeof fetch = async (_url, init) => {
    const { id } = JSON.parse(init!.body as string) as { id: string };
    posts.push({ id, headers: new Headers(init!.headers) });
    const status = answers.shift() ?? 200;
    if (status === 0)
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(secret), { code: 'ECONNREFUSED' }) });
    return new Response(null, { status });
  };
  const log = { warn: (fields: object, text: string) => void logged.push(`${text} ${JSON.stringify(fields)}`) };
  const webhook = new Webhook({ target: parseWebhookTarget(secret), clock, log, fetch: post });
  const posted = async (count: number): Promise<void> => {
    while (posts.length < count) await new Promise((resolve) => setImmediate(resolve));
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return { webhook, clock, posts, logged, posted };
}

test('messages are posted in order, each with an id by which a receiver knows it again', async () => {
  const { webhook, posts } = rig();
  for (const id of ['a', 'b', 'c']) webhook.send({ id });
  await webhook.idle();
  assert.deepEqual(
    posts.map(({ id, headers }) => [id, headers.get('idempotency-key')]),
    [
      ['a', 'a'],
      ['b', 'b'],
      ['c', 'c'],
    ],
  );
});

for (const status of [0, 500, 503, 408, 429]) {
  test(`a message that meets ${status === 0 ? 'no receiver' : status} is tried again later and later`, async () => {
    const { webhook, clock, posts, posted } = rig(status, status, status);
    webhook.send({ id: 'a' });
    await posted(1);
    for (const [seconds, count] of [
      [1, 2],
      [2, 3],
      [4, 4],
    ] as const) {
      clock.advance(seconds * 1000 - 1);
      assert.equal(posts.length, count - 1);
      clock.advance(1);
      await posted(count);
    }
    await webhook.idle();
    assert.equal(posts.length, 4);
  });
}

for (const status of [301, 400, 401, 404, 410]) {
  test(`a message that is answered with ${status} is dropped, and the next one posted`, async () => {
    const { webhook, posts, logged } = rig(status);
    webhook.send({ id: 'a' });
    webhook.send({ id: 'b' });
    await webhook.idle();
    assert.deepEqual(
      posts.map(({ id }) => id),
      ['a', 'b'],
    );
    assert.equal(logged.length, 1);
  });
}

test('what waits is bounded: the oldest goes', async () => {
  const { webhook, clock, posts, posted } = rig(503);
  webhook.send({ id: 'first' });
  await posted(1);
  for (let index = 0; index < 1500; index += 1) webhook.send({ id: String(index) });
  clock.advance(1000);
  await webhook.idle();
  assert(posts.length < 1010);
  assert.equal(posts.at(-1)!.id, '1499');
});

test('logs do not tell the address, which may hold a secret', async () => {
  const { webhook, logged, posted } = rig(0, 401);
  webhook.send({ id: 'a' });
  await posted(1);
  await webhook.stop();
  assert(logged.length >= 2);
  assert(!logged.join().includes('s3cr3t'));
  assert(logged[0]!.includes('hooks.example') && logged[0]!.includes('ECONNREFUSED'));
});

test('stopping ends the waiting for another try', async () => {
  const { webhook, posts, posted } = rig(503);
  webhook.send({ id: 'a' });
  await posted(1);
  await webhook.stop();
  webhook.send({ id: 'b' });
  await webhook.idle();
  assert.equal(posts.length, 1);
});

test('a receiver whose certificate is not trusted gets nothing', async (t) => {
  const pair = makePair('localhost', new Date(), 3600);
  let requests = 0;
  const server = createServer({ cert: pair.certificate, key: pair.key }, (_request, response) => {
    requests += 1;
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const logged: string[] = [];
  const told = Promise.withResolvers<void>();
  const log = { warn: (fields: object) => (logged.push(JSON.stringify(fields)), told.resolve()) };
  const { port } = server.address() as AddressInfo;
  const target = parseWebhookTarget(`https://localhost:${port}/`);
  const webhook = new Webhook({ target, clock: new FakeClock(), log });
  t.after(() => (server.closeAllConnections(), server.close()));
  webhook.send({ id: 'a' });
  await told.promise;
  await webhook.stop();
  assert.equal(requests, 0);
  assert.match(logged[0]!, /SELF_SIGNED|DEPTH_ZERO|UNABLE_TO/);
});

for (const { address, taken, why } of [
  { address: 'https://hooks.example/x', taken: true, why: 'https' },
  { address: 'http://127.0.0.1:9000/x', taken: true, why: 'http on this machine' },
  { address: 'http://[::1]:9000/x', taken: true, why: 'http on this machine, IPv6' },
  { address: 'http://localhost/x', taken: true, why: 'http on localhost' },
  { address: 'http://hooks.example/x', taken: false, why: 'messages in the clear' },
  { address: 'http://127.0.0.1.example/x', taken: false, why: 'a name that looks like an address' },
  { address: 'ftp://hooks.example/x', taken: false, why: 'another scheme' },
  { address: 'hooks.example', taken: false, why: 'no scheme' },
  { address: '', taken: false, why: 'nothing' },
]) {
  test(`parseWebhookTarget() ${taken ? 'takes' : 'refuses'} ${why}`, () => {
    if (taken) assert.doesNotThrow(() => parseWebhookTarget(address));
    else
      assert.throws(
        () => parseWebhookTarget(address),
        (error) => isCoded(error, 'bad-request'),
      );
  });
}

test('parseWebhookTarget() makes a header of a user and password, and keeps them out of the name', () => {
  const { url, headers, name } = parseWebhookTarget('https://ann:p%40ss@hooks.example:8443/x?key=k');
  assert.deepEqual([url, name], ['https://hooks.example:8443/x?key=k', 'hooks.example:8443']);
  assert.equal(headers['authorization'], `Basic ${Buffer.from('ann:p@ss').toString('base64')}`);
});
