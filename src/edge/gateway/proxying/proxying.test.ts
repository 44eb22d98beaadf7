import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectHTTP2 } from 'node:http2';
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import { request as requestHTTPS } from 'node:https';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { ca, call, gatewayBefore, serverIdentity, serverTLS, testBackend, testGateway } from '../test-gateway.ts';
import type { Handler } from '../test-gateway.ts';
import { listenerPlan, routePlan, upstreamPlan } from '../test-material.ts';

const echo: Handler = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (bytes: Buffer) => chunks.push(bytes));
  request.on('end', () => {
    const { method, url, rawHeaders } = request;
    response.end(JSON.stringify({ method, url, rawHeaders, body: Buffer.concat(chunks).toString() }));
  });
};

interface Echoed {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: string[];
  readonly body: string;
}

function echoed(body: string): Echoed & { header: (name: string) => string[] } {
  const parsed = JSON.parse(body) as Echoed;
  const { rawHeaders } = parsed;
  return {
    ...parsed,
    header: (name) => rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]!.toLowerCase() === name),
  };
}

/** A connection to the gateway that speaks whatever is written to it. */
async function rawConnection(port: number): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: ca.anchor.pem });
  socket.on('error', () => {});
  await once(socket, 'secureConnect');
  return socket;
}

/** What the gateway answers to `text` until it closes the connection. */
async function rawCall(port: number, text: string): Promise<string> {
  const socket = await rawConnection(port);
  let answer = '';
  socket.on('data', (bytes: Buffer) => (answer += bytes.toString('latin1')));
  socket.write(text, 'latin1');
  await new Promise((resolve) => socket.once('close', resolve));
  return answer;
}

function http2(t: TestContext, port: number): ClientHttp2Session {
  const session = connectHTTP2(`https://localhost:${port}`, { ca: ca.anchor.pem });
  session.on('error', () => {});
  t.after(() => session.destroy());
  return session;
}

async function http2Call(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body?: string,
): Promise<{ headers: IncomingHttpHeaders; body: string; trailers: IncomingHttpHeaders }> {
  const stream = session.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  let [text, trailers] = ['', {} as IncomingHttpHeaders];
  stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  stream.on('trailers', (received: IncomingHttpHeaders) => (trailers = received));
  const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  if (!stream.closed) await once(stream, 'close');
  return { headers: answer, body: text, trailers };
}

function begin(port: number, path: string, options: object = {}): ClientRequest {
  const request = requestHTTPS({
    host: '127.0.0.1',
    port,
    path,
    ca: ca.anchor.pem,
    servername: 'localhost',
    agent: false,
    ...options,
  });
  request.on('error', () => {});
  return request;
}

describe('a request', () => {
  it('goes to the API of its base path, below the path of the target, with the query', async (t) => {
    const { gateway, port, backendPort } = await gatewayBefore(t, echo);
    const upstream = upstreamPlan(backendPort, { anchors: [ca.anchor] });
    gateway.apply({ routes: [routePlan('/pets/v1', upstream, { targetPath: '/base' })] });
    const { url, header } = echoed((await call(port, '/pets/v1/cats?x=1')).body);
    assert.deepEqual([url, header('host')], ['/base/cats?x=1', [`localhost:${backendPort}`]]);
  });

  it('arrives with its own fields, and with those that tell who called', async (t) => {
    const { port } = await gatewayBefore(t, echo);
    const headers = {
      'X-A': ['1', '2'],
      'X-Forwarded-For': '6.6.6.6',
      forwarded: 'for=6.6.6.6',
      'Client-Cert': ':AA==:',
      host: 'shop.test',
    };
    const { header } = echoed((await call(port, '/api', { headers })).body);
    assert.deepEqual(header('x-a').join(), '1,2');
    assert.deepEqual(header('x-forwarded-for'), ['127.0.0.1']);
    assert.deepEqual(header('x-forwarded-proto'), ['https']);
    assert.deepEqual(header('x-forwarded-host'), ['shop.test']);
    assert.deepEqual(header('forwarded'), ['for=127.0.0.1;host="shop.test";proto=https']);
    assert.match(header('via').join(), /^1\.1 chancery-[\da-f]{12}$/u);
    assert.deepEqual(header('client-cert'), []);
  });

  for (const [why, options, body] of [
    ['with a length', { headers: { 'content-length': '5' } }, 'hello'],
    ['in chunks', { headers: { 'transfer-encoding': 'chunked' } }, 'hello'],
    ['that is empty', { headers: { 'content-length': '0' } }, ''],
  ] as const) {
    it(`brings a body ${why}`, async (t) => {
      const { port } = await gatewayBefore(t, echo);
      const answer = echoed((await call(port, '/api', { method: 'POST', ...options, body })).body);
      assert.deepEqual([answer.method, answer.body], ['POST', body]);
    });
  }

  it('may wait for 100 Continue, and gets it only when there is somebody to send the body to', async (t) => {
    const { port } = await gatewayBefore(t, echo);
    const head = (path: string): string =>
      `POST ${path} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n`;
    assert.match(
      await rawCall(port, `${head('/api')}hello`),
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK[^]*"body":"hello"/u,
    );
    const refused = await rawCall(port, head('/none'));
    assert.match(refused, /^HTTP\/1\.1 404 /u);
    assert.match(
      await rawCall(port, head('/api').replace('100-continue', 'miracles')),
      /^HTTP\/1\.1 417 [^]*expectation-failed/u,
    );
  });

  it('of HTTP/1.0 is answered without chunks, and closed', async (t) => {
    const { port } = await gatewayBefore(t, (_request, response) => {
      response.write('hel');
      response.end('lo');
    });
    const answer = await rawCall(port, 'GET /api HTTP/1.0\r\n\r\n');
    assert.match(answer, /^HTTP\/1\.1 200 OK/u);
    assert.doesNotMatch(answer, /chunked/iu);
    assert.ok(answer.endsWith('\r\n\r\nhello'));
  });

  it('may be pipelined with others, and is answered in order', async (t) => {
    const { port } = await gatewayBefore(t, (request, response) => {
      setTimeout(() => response.end(request.url), request.url === '/1' ? 30 : 0);
    });
    const one = (n: number, more = ''): string => `GET /api/${n} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
    const answer = await rawCall(port, one(1) + one(2) + one(3, 'Connection: close\r\n'));
    assert.deepEqual(
      answer.match(/\r\n\r\n[^H]+/gu)?.map((body) => body.trim().slice(-2)),
      ['/1', '/2', '/3'],
    );
  });

  it('in absolute form is for the host that it names', async (t) => {
    const { port } = await gatewayBefore(t, echo);
    const answer = await rawCall(
      port,
      'GET https://shop.test/api/x HTTP/1.1\r\nHost: other.test\r\nConnection: close\r\n\r\n',
    );
    const { url, header } = echoed(answer.slice(answer.indexOf('{')));
    assert.deepEqual([url, header('x-forwarded-host')], ['/x', ['shop.test']]);
  });
});

describe('a refusal', () => {
  const refusals: [why: string, text: string, expected: RegExp][] = [
    ['no API under the path', 'GET /other HTTP/1.1\r\nHost: a\r\n', /^HTTP\/1\.1 404 [^]*chancery-error: no-such-api/u],
    ['a path that leaves the root', 'GET /api/../../x HTTP/1.1\r\nHost: a\r\n', /^HTTP\/1\.1 400 [^]*path-refused/u],
    [
      'an encoded slash beside dots',
      'GET /api/..%2fadmin HTTP/1.1\r\nHost: a\r\n',
      /^HTTP\/1\.1 400 [^]*path-refused/u,
    ],
    ['a method that only proxies answer', 'TRACE /api HTTP/1.1\r\nHost: a\r\n', /^HTTP\/1\.1 405 [^]*method-refused/u],
    ['a tunnel', 'CONNECT db.test:5432 HTTP/1.1\r\nHost: a\r\n', /^HTTP\/1\.1 405 [^]*method-refused/u],
    ['no Host', 'GET /api HTTP/1.1\r\n', /^HTTP\/1\.1 400 [^]*bad-request/u],
    ['two Hosts', 'GET /api HTTP/1.1\r\nHost: a\r\nHost: b\r\n', /^HTTP\/1\.1 400 [^]*bad-request/u],
    ['a Host that is none', 'GET /api HTTP/1.1\r\nHost: a"b\r\n', /^HTTP\/1\.1 400 [^]*bad-request/u],
    ['a Host with a user', 'GET /api HTTP/1.1\r\nHost: u@a\r\n', /^HTTP\/1\.1 400 [^]*bad-request/u],
    [
      'a length and a transfer encoding',
      'POST /api HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n',
      /^HTTP\/1\.1 400 [^]*bad-request/u,
    ],
    [
      'two lengths',
      'POST /api HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n',
      /^HTTP\/1\.1 400 [^]*bad-request/u,
    ],
    [
      'a transfer encoding that does not end in chunked',
      'POST /api HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n',
      /^HTTP\/1\.1 400 [^]*bad-request/u,
    ],
    [
      'an obfuscated transfer encoding',
      'POST /api HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n',
      /^HTTP\/1\.1 400 [^]*bad-request/u,
    ],
    [
      'a space before the colon',
      'POST /api HTTP/1.1\r\nHost: a\r\nContent-Length : 3\r\n',
      /^HTTP\/1\.1 400 [^]*bad-request/u,
    ],
    ['a folded line', 'GET /api HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n', /^HTTP\/1\.1 400 [^]*bad-request/u],
    ['a control character', 'GET /api HTTP/1.1\r\nHost: a\r\nX-A: b\0\r\n', /^HTTP\/1\.1 400 [^]*bad-request/u],
    ['a line that ends with LF alone', 'GET /api HTTP/1.1\nHost: a\n', /^HTTP\/1\.1 400 [^]*bad-request/u],
    ['not HTTP', 'hello\r\n', /^HTTP\/1\.1 400 [^]*bad-request/u],
    [
      'a header past the limit',
      `GET /api HTTP/1.1\r\nHost: a\r\nX-A: ${'a'.repeat(40_000)}\r\n`,
      /^HTTP\/1\.1 431 [^]*header-too-large/u,
    ],
    [
      'too many fields',
      `GET /api HTTP/1.1\r\nHost: a\r\n${'X-A: a\r\n'.repeat(300)}`,
      /^HTTP\/1\.1 431 [^]*header-too-large/u,
    ],
  ];
  for (const [why, text, expected] of refusals) {
    it(`is the answer to ${why}, and nothing reaches the backend`, async (t) => {
      let reached = 0;
      const { port } = await gatewayBefore(t, (_request, response) => {
        reached += 1;
        response.end();
      });
      assert.match(await rawCall(port, `${text}Connection: close\r\n\r\n`), expected);
      assert.equal(reached, 0);
    });
  }

  it('says in JSON what it says in the header', async (t) => {
    const { port } = await gatewayBefore(t, echo);
    const { status, headers, body } = await call(port, '/none');
    assert.deepEqual(
      [status, headers['content-type'], headers['chancery-error']],
      [404, 'application/json', 'no-such-api'],
    );
    assert.deepEqual(JSON.parse(body), { code: 'no-such-api', message: 'No API is published under this path.' });
  });

  it('names an API for which nothing could be loaded, until something is', async (t) => {
    const { gateway, port, backendPort } = await gatewayBefore(t, echo);
    const message = 'Keystore test/k waits for Certificate test/c.';
    gateway.apply({
      unavailable: [
        { api: 'test/late', basePath: '/late', message },
        { api: 'test/api', basePath: '/api', message },
      ],
    });
    const refused = await call(port, '/late/x');
    assert.deepEqual(
      [refused.status, refused.code, JSON.parse(refused.body)],
      [502, 'no-material', { code: 'no-material', message }],
    );
    assert.equal((await call(port, '/api')).status, 200, 'what serves goes on serving');
    const upstream = upstreamPlan(backendPort, { anchors: [ca.anchor] });
    gateway.apply({ routes: [routePlan('/late', upstream, { api: 'test/late' })] });
    assert.equal((await call(port, '/late')).status, 200);
  });

  it('meets requests that go in a circle', async (t) => {
    const { gateway, port } = await testGateway(t);
    gateway.apply({
      listeners: [listenerPlan('*', serverIdentity)],
      routes: [routePlan('/api', upstreamPlan(port, { anchors: [ca.anchor] }), { targetPath: '/api' })],
    });
    assert.deepEqual(await call(port, '/api/x').then(({ status, code }) => [status, code]), [508, undefined]);
  });

  it('meets requests past the number that may be under way', async (t) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { port } = await gatewayBefore(t, (_request, response) => void promise.then(() => response.end('done')), {
      requestsInFlight: 1,
    });
    const first = call(port, '/api');
    let second = await call(port, '/api');
    while (second.code === undefined) second = await call(port, '/api');
    assert.deepEqual([second.status, second.code, second.headers['retry-after']], [503, 'gateway-overloaded', '1']);
    resolve();
    assert.equal((await first).body, 'done');
  });

  it('meets a header that does not come to its end', async (t) => {
    const { port } = await gatewayBefore(t, echo, { headersMilliseconds: 50 });
    assert.match(await rawCall(port, 'GET /api HTTP/1.1\r\nHost: a\r\n'), /^HTTP\/1\.1 408 [^]*caller-timeout/u);
  });

  it('never waits for the rest of a body that nobody will read', async (t) => {
    const { port } = await gatewayBefore(t, echo);
    const answer = await rawCall(port, 'POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nhello');
    assert.match(answer, /^HTTP\/1\.1 404 [^]*connection: close/iu);
  });
});

describe('an answer', () => {
  it('arrives with its fields, without those of the connection', async (t) => {
    const { port } = await gatewayBefore(t, (_request, response) => {
      const fields = [
        'Set-Cookie',
        'a=1',
        'Set-Cookie',
        'b=2',
        'X-Secret',
        '1',
        'Connection',
        'X-Secret',
        'Alt-Svc',
        'h3=":1"',
        'Chancery-Error',
        'no-such-api',
        'X-Open',
        '2',
      ];
      response.writeHead(201, 'Made It', fields);
      response.end('x');
    });
    const { status, headers } = await call(port, '/api');
    assert.deepEqual([status, headers['set-cookie'], headers['x-open']], [201, ['a=1', 'b=2'], '2']);
    for (const name of ['x-secret', 'alt-svc', 'chancery-error']) assert.equal(headers[name], undefined, name);
  });

  it('to HEAD has the length and no body, and the connection goes on', async (t) => {
    const { port } = await gatewayBefore(t, (_request, response) => {
      response.setHeader('content-length', '5');
      response.end('hello');
    });
    const head = 'HEAD /api HTTP/1.1\r\nHost: a\r\n';
    const answer = await rawCall(port, `${head}\r\n${head}Connection: close\r\n\r\n`);
    assert.deepEqual(answer.match(/HTTP\/1\.1 200 OK[^]*?content-length: 5[^]*?\r\n\r\n/giu)?.join(''), answer);
  });

  for (const status of [204, 304]) {
    it(`with status ${status} has no body`, async (t) => {
      const { port } = await gatewayBefore(t, (_request, response) => response.writeHead(status).end());
      assert.deepEqual(await call(port, '/api').then((answer) => [answer.status, answer.body]), [status, '']);
    });
  }

  it('in chunks brings its trailers, over HTTP/1.1 and HTTP/2', async (t) => {
    const { port } = await gatewayBefore(t, (_request, response) => {
      response.writeHead(200, { trailer: 'x-sum' });
      response.write('hello');
      response.addTrailers({ 'x-sum': '5' });
      response.end();
    });
    assert.deepEqual(await call(port, '/api').then(({ body, trailers }) => [body, trailers['x-sum']]), ['hello', '5']);
    const { body, trailers } = await http2Call(http2(t, port), { ':path': '/api' });
    assert.deepEqual([body, trailers['x-sum']], ['hello', '5']);
  });

  it('may be preceded by early hints', async (t) => {
    const { port } = await gatewayBefore(t, (_request, response) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      response.end('x');
    });
    const request = begin(port, '/api');
    const hints = once(request, 'information') as Promise<[{ statusCode: number; headers: IncomingHttpHeaders }]>;
    request.end();
    const [{ statusCode, headers }] = await hints;
    assert.deepEqual([statusCode, headers.link], [103, '</a.css>; rel=preload']);
    request.destroy();
  });

  it('arrives piece by piece, as the backend sends it', async (t) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { port } = await gatewayBefore(t, (_request, response) => {
      response.write('first');
      void promise.then(() => response.end('last'));
    });
    const request = begin(port, '/api');
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const [first] = (await once(response, 'data')) as [Buffer];
    assert.equal(first.toString(), 'first');
    resolve();
    const [last] = (await once(response, 'data')) as [Buffer];
    assert.equal(last.toString(), 'last');
  });

  it('is not read faster than the caller takes it', async (t) => {
    let sent = 0;
    const { port } = await gatewayBefore(t, (_request, response) => {
      const piece = Buffer.alloc(64 * 1024);
      const more = (): void => {
        while (sent < 64 * 1024 * 1024) {
          sent += piece.length;
          if (!response.write(piece)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    const socket = await rawConnection(port);
    socket.write('GET /api HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'readable');
    let before = -1;
    while (before !== sent) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.ok(sent < 32 * 1024 * 1024, `${sent} bytes were taken from the backend`);
    socket.destroy();
  });

  it('that breaks off is broken off for the caller too, and the reason is in the log', async (t) => {
    const { port, log } = await gatewayBefore(t, (_request, response) => {
      response.setHeader('content-length', '100');
      response.write('hello');
      setTimeout(() => response.destroy(), 20);
    });
    await assert.rejects(call(port, '/api'), { code: 'ECONNRESET' });
    assert.deepEqual(
      log.map(({ fields }) => [fields['code'], fields['begun']]),
      [['backend-failed', true]],
    );
    const stream = http2(t, port)
      .request({ ':path': '/api' })
      .on('error', () => {})
      .resume();
    await new Promise((resolve) => stream.once('close', resolve));
    assert.equal(stream.rstCode, 2);
  });

  it('that never begins is given up in time', async (t) => {
    const { port } = await gatewayBefore(t, () => {}, { responseMilliseconds: 50 });
    assert.deepEqual(await call(port, '/api').then(({ status, code }) => [status, code]), [504, 'backend-timeout']);
  });

  it('that stops in the middle is given up in time', async (t) => {
    const { port } = await gatewayBefore(t, (_request, response) => void response.write('x'), {
      responseIdleMilliseconds: 50,
    });
    await assert.rejects(call(port, '/api'), { code: 'ECONNRESET' });
  });

  it('to a caller that left is not waited for', async (t) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { gateway, port } = await gatewayBefore(t, (request) => void request.socket.once('close', () => resolve()));
    const request = begin(port, '/api');
    request.end();
    await once(request, 'socket');
    while (gateway.stats().requestsInFlight === 0) await new Promise((next) => setImmediate(next));
    await new Promise((next) => setTimeout(next, 20));
    request.destroy();
    await promise;
    assert.equal(gateway.stats().requestsInFlight, 0);
  });
});

describe('an upload', () => {
  it('is not taken faster than the backend reads it', async (t) => {
    const { port } = await gatewayBefore(t, (request) => void request.pause());
    const request = begin(port, '/api', { method: 'POST' });
    let sent = 0;
    const piece = Buffer.alloc(64 * 1024);
    while (request.write(piece)) sent += piece.length;
    let before = -1;
    while (before !== sent) {
      before = sent;
      const more = once(request, 'drain').then(() => {
        while (request.write(piece)) sent += piece.length;
        sent += piece.length;
      });
      await Promise.race([more, new Promise((resolve) => setTimeout(resolve, 150))]);
      if (sent > 64 * 1024 * 1024) break;
    }
    assert.ok(sent < 48 * 1024 * 1024, `${sent} bytes were taken from the caller`);
    request.destroy();
  });

  it('that breaks off never looks whole to the backend', async (t) => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const { port } = await gatewayBefore(t, (request) => {
      request
        .resume()
        .on('error', () => {})
        .on('close', () => resolve(request.complete));
    });
    const request = begin(port, '/api', { method: 'POST', headers: { 'transfer-encoding': 'chunked' } });
    request.write('hello');
    setTimeout(() => request.destroy(), 30);
    assert.equal(await promise, false);
  });

  it('that the backend answers early does not spoil the next request', async (t) => {
    const { port } = await gatewayBefore(t, (request, response) => {
      if (request.method === 'POST') response.writeHead(413).end('too large');
      else response.end('fine');
    });
    const answer = await rawCall(
      port,
      `POST /api HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nGET /api/smuggled HTTP/1.1\r\nHost: a\r\n\r\n`,
    ).catch(String);
    assert.match(answer, /^HTTP\/1\.1 413 /u);
    assert.equal((await call(port, '/api')).body, 'fine');
  });
});

describe('HTTP/2 of callers', () => {
  it('carries many requests at once, with cookies joined and the host told', async (t) => {
    const { port } = await gatewayBefore(t, echo);
    const session = http2(t, port);
    const calls = Array.from({ length: 50 }, (_, n) =>
      http2Call(session, { ':path': `/api/${n}`, ':authority': 'shop.test', cookie: ['a=1', 'b=2'], te: 'trailers' }),
    );
    for (const [n, answer] of (await Promise.all(calls)).entries()) {
      const { url, header } = echoed(answer.body);
      assert.deepEqual([url, header('cookie'), header('x-forwarded-host')], [`/${n}`, ['a=1; b=2'], ['shop.test']]);
      assert.match(header('via').join(), /^2\.0 /u);
    }
  });

  it('brings bodies with and without a length', async (t) => {
    const { port } = await gatewayBefore(t, echo);
    const session = http2(t, port);
    for (const length of [{}, { 'content-length': '5' }]) {
      const { body } = await http2Call(session, { ':path': '/api', ':method': 'POST', ...length }, 'hello');
      assert.deepEqual([echoed(body).body, echoed(body).header('content-length')], ['hello', Object.values(length)]);
    }
  });

  it('gets refusals as answers', async (t) => {
    const { port } = await gatewayBefore(t, echo);
    const session = http2(t, port);
    const codeOf = async (headers: OutgoingHttpHeaders): Promise<unknown[]> => {
      const answer = await http2Call(session, headers);
      return [answer.headers[':status'], answer.headers['chancery-error']];
    };
    assert.deepEqual(await codeOf({ ':path': '/none' }), [404, 'no-such-api']);
    assert.deepEqual(await codeOf({ ':path': '/api/../..' }), [400, 'path-refused']);
    assert.deepEqual(await codeOf({ ':path': '/api', ':method': 'TRACE' }), [405, 'method-refused']);
  });

  it('cannot write lines into the request of an HTTP/1.1 backend', async (t) => {
    const seen: string[] = [];
    const { port } = await gatewayBefore(t, (request, response) => {
      seen.push(request.url!);
      response.end();
    });
    for (const path of ['/api/a HTTP/1.1\r\nX: y\r\n\r\nGET /evil', '/api/a b', '/api/a\tb']) {
      const session = http2(t, port);
      const stream = session.request({ ':path': path }).on('error', () => {});
      await once(stream, 'close').catch(() => {});
      session.destroy();
    }
    assert.deepEqual(seen, []);
  });

  it('cancels at the backend what the caller cancels', async (t) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { port } = await gatewayBefore(t, (request, response) => {
      response.write('x');
      request.socket.once('close', () => resolve());
    });
    const stream: ClientHttp2Stream = http2(t, port)
      .request({ ':path': '/api' })
      .on('error', () => {});
    await once(stream, 'data');
    stream.close(8);
    await promise;
  });
});

describe('a WebSocket', () => {
  /** Speaks just enough: it agrees, and sends back whatever it gets. */
  async function echoingGateway(
    t: TestContext,
  ): Promise<
    { port: number; backend: Awaited<ReturnType<typeof testBackend>> } & Awaited<ReturnType<typeof testGateway>>
  > {
    const opened = await testGateway(t);
    const backend = await testBackend(t, (_request, response) => response.writeHead(426).end('no'), serverTLS());
    backend.server.on('upgrade', (request, socket) => {
      if (request.url === '/no') return void socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno');
      socket.on('error', () => {});
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${request.headers['sec-websocket-key']}\r\n\r\nwelcome;`,
      );
      return void socket.pipe(socket);
    });
    opened.gateway.apply({
      listeners: [listenerPlan('*', serverIdentity)],
      routes: [routePlan('/ws', upstreamPlan(backend.port, { anchors: [ca.anchor] }))],
    });
    return { ...opened, backend };
  }

  const handshake = (path: string): string =>
    `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Key: abc\r\nSec-WebSocket-Version: 13\r\n\r\n`;

  async function until(socket: TLSSocket, text: string): Promise<string> {
    let received = '';
    for await (const bytes of socket.iterator({ destroyOnReturn: false })) {
      received += String(bytes);
      if (received.includes(text)) break;
    }
    return received;
  }

  it('joins caller and backend', async (t) => {
    const { port } = await echoingGateway(t);
    const socket = await rawConnection(port);
    socket.write(handshake('/ws/x'));
    const head = await until(socket, 'welcome;');
    assert.match(head, /^HTTP\/1\.1 101 [^]*upgrade: websocket\r\n[^]*Sec-WebSocket-Accept: abc\r\n/u);
    socket.write('ping;');
    assert.match(await until(socket, 'ping;'), /ping;$/u);
    socket.destroy();
  });

  it('that the backend refuses is refused', async (t) => {
    const { port } = await echoingGateway(t);
    assert.match(await rawCall(port, handshake('/ws/no')), /^HTTP\/1\.1 403 [^]*\r\n\r\nno$/u);
    assert.match(await rawCall(port, handshake('/none')), /^HTTP\/1\.1 404 [^]*no-such-api/u);
  });

  it('ends for the caller when it ends for the backend, and the other way round', async (t) => {
    const { port, backend } = await echoingGateway(t);
    const one = await rawConnection(port);
    const accepted = once(backend.server, 'upgrade') as Promise<[IncomingMessage]>;
    one.write(handshake('/ws'));
    const [request] = await accepted;
    await until(one, 'welcome;');
    const closed = once(request.socket, 'close');
    one.destroy();
    await closed;
    const other = await rawConnection(port);
    const upgraded = once(backend.server, 'upgrade') as Promise<[IncomingMessage]>;
    other.write(handshake('/ws'));
    const [{ socket }] = await upgraded;
    await until(other, 'welcome;');
    const ended = once(other, 'close');
    socket.destroy();
    other.resume();
    await ended;
  });

  it('outlives a change of its API, but not the trust that it rests on', async (t) => {
    const { port, gateway, backend } = await echoingGateway(t);
    const socket = await rawConnection(port);
    socket.write(handshake('/ws'));
    await until(socket, 'welcome;');
    const { testCA } = await import('../test-material.ts');
    const other = testCA('other');
    gateway.apply({ routes: [routePlan('/ws', upstreamPlan(backend.port, { anchors: [ca.anchor, other.anchor] }))] });
    socket.write('still;');
    await until(socket, 'still;');
    const closed = once(socket, 'close');
    gateway.apply({ routes: [routePlan('/ws', upstreamPlan(backend.port, { anchors: [other.anchor] }))] });
    socket.resume();
    await closed;
  });

  it('that is asked for while its API changes is opened by the new plan', async (t) => {
    const { port, gateway, backend } = await echoingGateway(t);
    const { testCA } = await import('../test-material.ts');
    const anchors = [ca.anchor, testCA('other').anchor];
    backend.server.once('connection', () => {
      gateway.apply({ routes: [routePlan('/ws', upstreamPlan(backend.port, { anchors }))] });
    });
    const socket = await rawConnection(port);
    socket.write(handshake('/ws'));
    assert.match(await until(socket, 'welcome;'), /^HTTP\/1\.1 101 /u);
    socket.destroy();
  });

  it('waits for a connection however often its API changes meanwhile', async (t) => {
    const { port, gateway, backend } = await echoingGateway(t);
    const { testCA } = await import('../test-material.ts');
    let changes = 0;
    backend.server.on('connection', () => {
      if (++changes > 10) return;
      const anchors = [ca.anchor, testCA(`other ${changes}`).anchor];
      gateway.apply({ routes: [routePlan('/ws', upstreamPlan(backend.port, { anchors }))] });
    });
    const answer = await rawCall(port, 'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    assert.match(answer, /^HTTP\/1\.1 426 /u);
    const socket = await rawConnection(port);
    changes = 0;
    socket.write(handshake('/ws'));
    assert.match(await until(socket, 'welcome;'), /^HTTP\/1\.1 101 /u);
    socket.destroy();
  });

  it('that is granted when its backend is trusted no longer ends at once', async (t) => {
    const { port, gateway, backend } = await echoingGateway(t);
    const { testCA } = await import('../test-material.ts');
    const anchors = [testCA('other').anchor];
    backend.server.prependOnceListener('upgrade', () => {
      gateway.apply({ routes: [routePlan('/ws', upstreamPlan(backend.port, { anchors }))] });
    });
    const socket = await rawConnection(port);
    const closed = once(socket, 'close');
    socket.write(handshake('/ws'));
    socket.resume();
    await closed;
  });

  it('is what no other upgrade becomes', async (t) => {
    const { port } = await gatewayBefore(t, echo);
    const answer = await rawCall(
      port,
      'GET /api HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n',
    );
    assert.match(answer, /^HTTP\/1\.1 200 /u);
    assert.deepEqual(echoed(answer.slice(answer.indexOf('{'))).header('upgrade'), []);
  });
});

describe('draining', () => {
  it('lets what is under way end, and closes each connection after it', async (t) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { gateway, port } = await gatewayBefore(
      t,
      (_request, response) => void promise.then(() => response.end('done')),
    );
    const one = call(port, '/api');
    const session = http2(t, port);
    const other = http2Call(session, { ':path': '/api' });
    const goaway = once(session, 'goaway');
    const idle = await rawConnection(port);
    const idleClosed = once(idle, 'close');
    while (gateway.stats().requestsInFlight < 2) await new Promise((next) => setImmediate(next));
    const drained = gateway.drain(5000);
    await goaway;
    await idleClosed;
    resolve();
    const answer = await one;
    assert.deepEqual([answer.body, answer.headers.connection], ['done', 'close']);
    assert.equal((await other).body, 'done');
    await drained;
    await assert.rejects(call(port, '/api'), { code: 'ECONNREFUSED' });
  });

  it('cuts off in the end what does not', async (t) => {
    const { gateway, port } = await gatewayBefore(t, () => {});
    const hanging = call(port, '/api').catch((error: NodeJS.ErrnoException) => error.code);
    while (gateway.stats().requestsInFlight === 0) await new Promise((next) => setImmediate(next));
    await gateway.drain(30);
    assert.equal(await hanging, 'ECONNRESET');
  });
});
