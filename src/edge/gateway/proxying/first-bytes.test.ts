import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { ca, gatewayBefore } from '../test-gateway.ts';
import type { Handler } from '../test-gateway.ts';

const echo: Handler = (request, response) => void request.pipe(response);

async function caller(port: number): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca: ca.anchor.pem });
  await once(socket, 'secureConnect');
  return socket;
}

async function everything(socket: TLSSocket): Promise<string> {
  const pieces = await Array.fromAsync(socket as AsyncIterable<Buffer>);
  return Buffer.concat(pieces).toString();
}

test('a caller that sends nothing after the handshake is cut off', async (t) => {
  const { port, gateway } = await gatewayBefore(t, echo, { headersMilliseconds: 50 });
  const socket = await caller(port);
  assert.equal(await everything(socket), '');
  assert.equal(gateway.stats().handshakes, 1);
});

test('a caller that closes after the handshake is let go', async (t) => {
  const { port, gateway } = await gatewayBefore(t, echo, { headersMilliseconds: 60_000 });
  const socket = await caller(port);
  socket.end();
  await once(socket.resume(), 'close');
  while (gateway.stats().connections > 0) await new Promise(setImmediate);
});

test('a request is read whole, however its first bytes are cut', async (t) => {
  const { port } = await gatewayBefore(t, echo);
  const body = 'x'.repeat(100_000);
  const request = `POST /api/ HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  for (const cut of [1, 5, 40, 90, 50_000]) {
    const socket = await caller(port);
    socket.write(request.slice(0, cut));
    await new Promise(setImmediate);
    socket.write(request.slice(cut));
    const answer = await everything(socket);
    assert.match(answer, /^HTTP\/1\.1 200 /);
    assert.equal(answer.match(/x/g)!.length >= body.length, true, `cut at ${cut}`);
  }
});

test('requests that come with the first bytes are all answered, in order', async (t) => {
  const { port } = await gatewayBefore(t, (request, response) => void response.end(request.url));
  const socket = await caller(port);
  const request = (n: number): string =>
    `GET /api/${n} HTTP/1.1\r\nhost: localhost\r\n${n === 3 ? 'connection: close\r\n' : ''}\r\n`;
  socket.write(request(1) + request(2) + request(3));
  const bodies = [...(await everything(socket)).matchAll(/\r\n\r\n(\/\d)/g)].map(([, body]) => body);
  assert.deepEqual(bodies, ['/1', '/2', '/3']);
});
