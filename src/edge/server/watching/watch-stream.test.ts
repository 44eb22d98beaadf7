import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { WatchStream } from './watch-stream.ts';
import { WritePace } from './write-pace.ts';

test('lines that come together leave in one write, their frame with them', async (context) => {
  const server = createServer().listen(0, '127.0.0.1');
  context.after(() => server.close().closeAllConnections());
  await once(server, 'listening');
  const request = get({ port: (server.address() as AddressInfo).port });
  const [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  const stream = new WatchStream(response, new WritePace(), 1000);
  stream.open({});
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  const one = context.mock.method(response.socket!, '_write');
  const several = context.mock.method(response.socket!, '_writev' as never) as typeof one;
  await stream.write('a\n');
  await stream.write('b\n');
  await once(answer, 'readable');
  assert.equal(one.mock.callCount() + several.mock.callCount(), 1);
  stream.end();
  assert.equal(await text(answer), 'a\nb\n');
});
