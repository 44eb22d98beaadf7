import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { ServerLimits } from '#edge/server';
import { configMap, configMaps, jsonBody, openRaw, sendRaw } from './raw-request.ts';
import { startTestServer, tokens } from './server-fixture.ts';
import { testPKI } from './test-pki.ts';
import type { TestServer } from './server-fixture.ts';

async function start(context: TestContext, limits: Partial<ServerLimits> = {}): Promise<TestServer> {
  const server = await startTestServer({ limits });
  context.after(() => server[Symbol.asyncDispose]());
  return server;
}

function open(server: TestServer): Promise<TLSSocket> {
  const { hostname, port } = new URL(server.server.url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), ca: testPKI().ca }, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Everything that the server sends until it closes the connection. */
async function readToEnd(socket: TLSSocket): Promise<string> {
  let text = '';
  try {
    for await (const chunk of socket) text += String(chunk);
  } catch {
    // A connection that is reset has ended, too.
  }
  return text;
}

const head = (lines: readonly string[]): string =>
  [...lines, 'Host: localhost', `Authorization: Bearer ${tokens.administrator}`].join('\r\n');

test('a client that never ends its headers is cut off', async (context) => {
  const server = await start(context, { headersTimeoutMilliseconds: 200, requestTimeoutMilliseconds: 400 });
  const socket = await open(server);
  socket.write(`${head([`GET ${configMaps} HTTP/1.1`])}\r\nX-Slow: `);
  assert.doesNotMatch(await readToEnd(socket), /200 OK/);
});

test('a client that never ends its body is cut off, and nothing is made of it', async (context) => {
  const server = await start(context, { headersTimeoutMilliseconds: 200, requestTimeoutMilliseconds: 400 });
  const socket = await open(server);
  const lines = [`POST ${configMaps} HTTP/1.1`, 'Content-Type: application/json', 'Content-Length: 1000'];
  socket.write(`${head(lines)}\r\n\r\n{"metadata":{"name":"slow"`);
  assert.doesNotMatch(await readToEnd(socket), /201 Created/);
  assert.equal((await sendRaw(server, { path: `${configMaps}/slow` })).code, 404);
});

test('a body that is too large is refused by its length alone', async (context) => {
  const server = await start(context, { bodyBytes: 1000 });
  const socket = await open(server);
  const lines = [`POST ${configMaps} HTTP/1.1`, 'Content-Type: application/json', 'Content-Length: 1001'];
  socket.write(`${head([...lines, 'Connection: close'])}\r\n\r\n`);
  assert.match(await readToEnd(socket), /^HTTP\/1\.1 413 [\s\S]*"reason":"RequestEntityTooLarge"/);
});

test('a body that does not say its length is counted as it comes', async (context) => {
  const server = await start(context, { bodyBytes: 1000 });
  const socket = await open(server);
  const lines = [`POST ${configMaps} HTTP/1.1`, 'Content-Type: application/json', 'Transfer-Encoding: chunked'];
  socket.write(`${head([...lines, 'Connection: close'])}\r\n\r\n`);
  socket.write(`5dc\r\n${configMap('big', { a: 'x'.repeat(1500) }).slice(0, 1500)}\r\n0\r\n\r\n`);
  assert.match(await readToEnd(socket), /^HTTP\/1\.1 413 /);
});

test('what is not HTTP is answered without a stack trace', async (context) => {
  const server = await start(context);
  const socket = await open(server);
  socket.write('HELO there\r\n\r\n');
  const text = await readToEnd(socket);
  assert.match(text, /^HTTP\/1\.1 400 /);
  assert.doesNotMatch(text, / at |node:/);
});

test('connections stay open for longer than Go keeps them idle', async (context) => {
  const server = await start(context);
  const socket = await open(server);
  socket.write(`${head([`GET ${configMaps} HTTP/1.1`])}\r\n\r\n`);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  const seconds = Number(/keep-alive: timeout=(\d+)/i.exec(chunk.toString())?.[1]);
  assert.ok(seconds >= 95, `${seconds} s`);
  socket.destroy();
});

test('bodies that do not fit beside those under way are put off', async (context) => {
  const server = await start(context, { allBodiesBytes: 1500, bodyBytes: 1000 });
  const socket = await open(server);
  const lines = [`POST ${configMaps} HTTP/1.1`, 'Content-Type: application/json', 'Content-Length: 1000'];
  socket.write(`${head(lines)}\r\n\r\n{`);
  const send = (name: string): ReturnType<typeof sendRaw> =>
    sendRaw(server, {
      method: 'POST',
      path: configMaps,
      headers: jsonBody,
      body: configMap(name, { a: 'x'.repeat(600) }),
    });
  let answer = await send('first');
  for (let round = 0; answer.code === 201 && round < 100; round += 1) answer = await send(`again-${round}`);
  assert.deepEqual([answer.code, answer.json.reason], [429, 'TooManyRequests']);
  socket.destroy();
  while ((await send('later')).code === 429) await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await sendRaw(server, { path: `${configMaps}/later` })).code, 200);
});

test('a client that does not take its answer is cut off', async (context) => {
  const server = await start(context, { stalledAnswerMilliseconds: 300 });
  const data = { a: 'x'.repeat(900_000) };
  for (let index = 0; index < 12; index += 1) {
    await sendRaw(server, { method: 'POST', path: configMaps, headers: jsonBody, body: configMap(`n-${index}`, data) });
  }
  const body = await openRaw(server, { path: configMaps });
  body.pause();
  const closed = new Promise((resolve) => body.once('error', () => undefined).once('close', resolve));
  await server.audited('list');
  body.resume();
  await closed;
  assert.equal(body.complete, false);
});

test('a compressed body is refused', async (context) => {
  const server = await start(context);
  const headers = { ...jsonBody, 'content-encoding': 'gzip' };
  const answer = await sendRaw(server, { method: 'POST', path: configMaps, headers, body: configMap('x') });
  assert.deepEqual([answer.code, answer.json.reason], [415, 'UnsupportedMediaType']);
});

test('closing lets a running request finish and refuses new ones', async () => {
  const server = await startTestServer();
  const body = configMap('last', { a: 'x'.repeat(100_000) });
  const write = sendRaw(server, { method: 'POST', path: configMaps, headers: jsonBody, body });
  await new Promise((resolve) => setImmediate(resolve));
  const closing = server[Symbol.asyncDispose]();
  const outcome = await write.then(({ code }) => code).catch(() => 'refused');
  await closing;
  assert.ok([201, 503, 'refused'].includes(outcome), String(outcome));
  await assert.rejects(sendRaw(server, { path: '/livez' }), /ECONNREFUSED/);
});

test('a new server certificate is served to new connections without a restart', async (context) => {
  const server = await start(context);
  const fingerprint = async (): Promise<string> => {
    const socket = await open(server);
    const { fingerprint256 } = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint256;
  };
  const before = await fingerprint();
  const pki = testPKI();
  server.server.replaceCertificate({ ...pki.renewedServer(), clientCA: pki.ca });
  assert.notEqual(await fingerprint(), before);
});
