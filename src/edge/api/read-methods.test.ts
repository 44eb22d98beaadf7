import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { isCoded } from '#errors';
import { readMethods } from './read-methods.ts';
import type { Transport } from './transport.ts';

const secrets = { group: '', version: 'v1', plural: 'secrets', namespaced: true };

/** One event, then the connection breaks. */
function breakingTransport(): Transport {
  const body = Readable.from(
    (function* (): Generator<Buffer> {
      yield Buffer.from('{"type":"ADDED","object":{"metadata":{"name":"a"}}}\n');
      throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    })(),
  ) as unknown as IncomingMessage;
  return { send: () => Promise.resolve({ code: 200, headers: {}, body }), close: () => undefined };
}

test('watch() says that the connection broke, as every other request does', async () => {
  const events = readMethods(breakingTransport()).watch(secrets);
  assert.equal((await events.next()).value?.object.metadata.name, 'a');
  await assert.rejects(events.next(), (error) => isCoded(error, 'unreachable') && /watch/.test(error.message));
});

test('watch() ends quietly when its signal broke it off', async () => {
  const stop = new AbortController();
  const events = readMethods(breakingTransport()).watch(secrets, { signal: stop.signal });
  await events.next();
  stop.abort();
  assert.equal((await events.next()).done, true);
});
