import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTCP } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import type { TLSSocket } from 'node:tls';
import type { IdentityPlan, UpstreamPlan } from '#model/gateways';
import { ca, call, gatewayBefore, serverIdentity, serverTLS, testBackend, testGateway } from '../test-gateway.ts';
import type { Called, Handler, TestGateway } from '../test-gateway.ts';
import { anchorOf, listenerPlan, routePlan, testCA, testIdentity, upstreamPlan } from '../test-material.ts';
import { dial } from './dial.ts';
import type { Dialled } from './dial.ts';

const hello: Handler = (_request, response) => void response.end('hello');
const trusting: Partial<UpstreamPlan> = { anchors: [ca.anchor] };
const other = testCA('other CA');

/** One request through a gateway to a backend with those TLS options. */
async function through(
  t: TestContext,
  tls: object,
  plan: Partial<UpstreamPlan>,
): Promise<Called & { log: TestGateway['log'] }> {
  const { gateway, port, log } = await testGateway(t, { connectMilliseconds: 1000 });
  const backend = await testBackend(t, hello, { ...serverTLS(), ...tls });
  gateway.apply({
    listeners: [listenerPlan('*', serverIdentity)],
    routes: [routePlan('/api', upstreamPlan(backend.port, plan))],
  });
  return { ...(await call(port, '/api')), log };
}

function shows(subject: Parameters<typeof testIdentity>[1], issuer = ca): { cert: string; key: string } {
  return serverTLS(testIdentity(issuer, { names: ['localhost'], ...subject }));
}

const expired = testIdentity(other, { names: ['localhost'], fromDay: -9, days: 2 });
const expiredElsewhere = testIdentity(other, { names: ['x.test'], fromDay: -9, days: 2 });

/** As an endpoint certificate with `allowExpired` does. */
const allowing = ({ certificatePEM, fingerprint }: IdentityPlan): Partial<UpstreamPlan> => ({
  anchors: [anchorOf(certificatePEM)],
  expiredAllowed: [fingerprint],
});

describe('a backend is accepted', () => {
  const selfSigned = testIdentity(undefined, { names: ['localhost'] });
  const leaf = testIdentity(other, { names: ['localhost'] });
  const cases: [why: string, tls: object, plan: Partial<UpstreamPlan>][] = [
    ['signed by a CA that is trusted', {}, trusting],
    ['that is trusted itself, without its CA', serverTLS(leaf), { anchors: [anchorOf(leaf.certificatePEM)] }],
    ['that signed itself and is trusted', serverTLS(selfSigned), { anchors: [anchorOf(selfSigned.certificatePEM)] }],
    ['signed by a CA beside the public ones', {}, { ...trusting, publicAuthorities: true }],
    [
      'of which nothing is verified',
      shows({ names: ['x.test'], fromDay: -9, days: 2 }, other),
      { settings: { insecureServerConnections: true } },
    ],
    ['whose certificate expired, where exactly that one may have', serverTLS(expired), allowing(expired)],
    ['that is in order, where another certificate may have expired', {}, { ...allowing(expired), ...trusting }],
    ['by its address', {}, { ...trusting, host: '127.0.0.1' }],
    ['without SNI', {}, { ...trusting, serverName: undefined }],
  ];
  for (const [why, tls, plan] of cases) {
    it(why, async (t) => {
      const { status, body, log } = await through(t, tls, plan);
      assert.deepEqual([status, body], [200, 'hello'], JSON.stringify(log));
    });
  }

  it('with the client certificate that it demands', async (t) => {
    const identity = testIdentity(ca, { commonName: 'gateway', usage: 'client auth' });
    const { status } = await through(t, { ca: ca.anchor.pem, requestCert: true }, { ...trusting, identity });
    assert.equal(status, 200);
  });

  it('without TLS where the endpoint is http', async (t) => {
    const { gateway, port } = await testGateway(t);
    const backend = await testBackend(t, hello);
    gateway.apply({
      listeners: [listenerPlan('*', serverIdentity)],
      routes: [routePlan('/api', upstreamPlan(backend.port, { secure: false }))],
    });
    assert.equal((await call(port, '/api')).body, 'hello');
  });

  it('under the name that it is told to be asked for, and no name where SNI is off', async (t) => {
    const names: unknown[] = [];
    for (const serverName of ['localhost', undefined]) {
      const { gateway, port } = await testGateway(t);
      const backend = await testBackend(
        t,
        (request, response) => {
          names.push((request.socket as TLSSocket & { servername: unknown }).servername);
          response.end();
        },
        serverTLS(),
      );
      gateway.apply({
        listeners: [listenerPlan('*', serverIdentity)],
        routes: [routePlan('/api', upstreamPlan(backend.port, { ...trusting, serverName }))],
      });
      assert.equal((await call(port, '/api')).status, 200);
    }
    assert.deepEqual(names, ['localhost', false]);
  });
});

describe('a backend is refused, with a code for the caller and the reason in the log', () => {
  const cases: [code: string, why: string, tls: object, plan: Partial<UpstreamPlan>][] = [
    ['backend-certificate-not-trusted', 'signed by another CA', shows({}, other), trusting],
    ['backend-certificate-not-trusted', 'when nobody is trusted', {}, {}],
    ['backend-certificate-not-trusted', 'when only the public CAs are trusted', {}, { publicAuthorities: true }],
    ['backend-certificate-expired', 'whose certificate expired', shows({ fromDay: -9, days: 2 }), trusting],
    [
      'backend-certificate-expired',
      'whose certificate expired, where another one may have',
      shows({ fromDay: -9, days: 2 }),
      { ...allowing(expired), ...trusting },
    ],
    [
      'backend-name-mismatch',
      'whose certificate may have expired, but is for another name',
      serverTLS(expiredElsewhere),
      allowing(expiredElsewhere),
    ],
    [
      'backend-certificate-not-trusted',
      'signed by another CA, where some certificate may have expired',
      shows({}, testCA('third CA')),
      allowing(expired),
    ],
    ['backend-certificate-not-yet-valid', 'whose certificate is not valid yet', shows({ fromDay: 9 }), trusting],
    ['backend-name-mismatch', 'whose certificate is for another name', shows({ names: ['x.test'] }), trusting],
    [
      'backend-name-mismatch',
      'whose certificate has the name only as its common name',
      shows({ names: [], commonName: 'localhost' }),
      trusting,
    ],
    ['backend-certificate-unfit', 'whose certificate is for clients', shows({ usage: 'client auth' }), trusting],
    [
      'backend-certificate-unfit',
      'whose key is weaker than the profile wants',
      {},
      { ...trusting, settings: { minimumKeyStrength: { ecBits: 384 } } },
    ],
    [
      'backend-tls-version',
      'that speaks only an older version',
      { maxVersion: 'TLSv1.2' },
      { ...trusting, settings: { protocols: ['tls_v1.3'] } },
    ],
    [
      'backend-tls-failed',
      'that has no suite in common',
      { ciphers: 'TLS_AES_256_GCM_SHA384', minVersion: 'TLSv1.3' },
      { ...trusting, settings: { protocols: ['tls_v1.3'], ciphers: ['TLS_AES_128_GCM_SHA256'] } },
    ],
  ];
  for (const [code, why, tls, plan] of cases) {
    it(`${code}: ${why}`, async (t) => {
      const answer = await through(t, tls, plan);
      assert.deepEqual([answer.status, answer.code], [502, code], JSON.stringify(answer.log));
      assert.deepEqual(
        answer.log.map(({ fields }) => fields['code']),
        [code],
      );
      assert.doesNotMatch(answer.log[0]!.message, /PRIVATE/u);
    });
  }

  it('backend-refused-client-certificate: a certificate that it wants is missing', async (t) => {
    const { code } = await through(t, { ca: ca.anchor.pem, requestCert: true, minVersion: 'TLSv1.3' }, trusting);
    assert.equal(code, 'backend-refused-client-certificate');
  });

  it('backend-unreachable: nobody listens', async (t) => {
    const { gateway, port } = await testGateway(t);
    const server = createTCP().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const closed = (server.address() as AddressInfo).port;
    await new Promise((resolve) => server.close(resolve));
    gateway.apply({
      listeners: [listenerPlan('*', serverIdentity)],
      routes: [routePlan('/api', upstreamPlan(closed, trusting))],
    });
    assert.deepEqual(await call(port, '/api').then(({ status, code }) => [status, code]), [502, 'backend-unreachable']);
  });

  it('backend-timeout: the handshake does not go on', async (t) => {
    const { gateway, port } = await testGateway(t, { connectMilliseconds: 60 });
    const sockets: Socket[] = [];
    const server = createTCP((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    const upstream = upstreamPlan((server.address() as AddressInfo).port, trusting);
    gateway.apply({ listeners: [listenerPlan('*', serverIdentity)], routes: [routePlan('/api', upstream)] });
    assert.deepEqual(await call(port, '/api').then(({ status, code }) => [status, code]), [504, 'backend-timeout']);
  });

  it('backend-tls-failed: it speaks plain HTTP', async (t) => {
    const { gateway, port } = await testGateway(t);
    const backend = await testBackend(t, hello);
    gateway.apply({
      listeners: [listenerPlan('*', serverIdentity)],
      routes: [routePlan('/api', upstreamPlan(backend.port, trusting))],
    });
    assert.equal((await call(port, '/api')).code, 'backend-tls-failed');
  });

  it('and a flood of failures does not become a flood of lines in the log', async (t) => {
    const { gateway, port, log } = await testGateway(t);
    const backend = await testBackend(t, hello, shows({}, other));
    gateway.apply({
      listeners: [listenerPlan('*', serverIdentity)],
      routes: [routePlan('/api', upstreamPlan(backend.port, trusting))],
    });
    for (let n = 0; n < 20; n++) await call(port, '/api');
    assert.ok(log.length <= 2, `${log.length} lines`);
    assert.equal(gateway.stats().failures['backend-certificate-not-trusted'], 20);
  });
});

describe('connections to a backend', () => {
  /** Counts connections, and answers with the number of the one that a request came on. */
  function numbering(): { handler: Handler; sockets: Set<Socket> } {
    const numbers = new Map<Socket, number>();
    const sockets = new Set<Socket>();
    const handler = (request: IncomingMessage, response: ServerResponse): void => {
      const { socket } = request;
      if (!numbers.has(socket)) {
        numbers.set(socket, numbers.size + 1);
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
      }
      response.end(String(numbers.get(socket)));
    };
    return { handler, sockets };
  }

  it('are used again, and shared by APIs with the same plan', async (t) => {
    const { handler } = numbering();
    const { gateway, port, backendPort } = await gatewayBefore(t, handler);
    gateway.apply({ routes: [routePlan('/other', upstreamPlan(backendPort, trusting))] });
    const answers = [await call(port, '/api'), await call(port, '/api'), await call(port, '/other')];
    assert.deepEqual(
      answers.map(({ body }) => body),
      ['1', '1', '1'],
    );
    assert.equal(gateway.stats().upstreams, 1);
  });

  it('are made with full handshakes only', async (t) => {
    const resumed: boolean[] = [];
    const { port } = await gatewayBefore(t, (request, response) => {
      resumed.push((request.socket as TLSSocket).isSessionReused());
      response.writeHead(200, { connection: 'close' }).end();
    });
    for (let n = 0; n < 3; n++) await call(port, '/api');
    assert.deepEqual(resumed, [false, false, false]);
  });

  it('are closed when they are unused for long', async (t) => {
    const { handler, sockets } = numbering();
    const { port } = await gatewayBefore(t, handler, { backendIdleMilliseconds: 40 });
    await call(port, '/api');
    const [socket] = sockets;
    await once(socket!, 'close');
  });

  it('of an old plan take no new request; unused ones close at once, and the others after their answer', async (t) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { handler, sockets } = numbering();
    const { gateway, port, backendPort } = await gatewayBefore(t, (request, response) => {
      if (request.url === '/slow') void promise.then(() => handler(request, response));
      else handler(request, response);
    });
    assert.equal((await call(port, '/api')).body, '1');
    const slow = call(port, '/api/slow');
    while (gateway.stats().requestsInFlight === 0) await new Promise((next) => setImmediate(next));
    assert.equal((await call(port, '/api')).body, '2');
    const unused = [...sockets].at(-1)!;
    const closed = once(unused, 'close');
    gateway.apply({ routes: [routePlan('/api', upstreamPlan(backendPort, { anchors: [ca.anchor, other.anchor] }))] });
    await closed;
    assert.equal((await call(port, '/api')).body, '3');
    const used = [...sockets][0]!;
    const usedClosed = once(used, 'close');
    resolve();
    assert.equal((await slow).body, '1');
    await usedClosed;
  });

  it('are not borrowed from before the backend was distrusted', async (t) => {
    const { gateway, port, backendPort } = await gatewayBefore(t, hello);
    assert.equal((await call(port, '/api')).status, 200);
    gateway.apply({ routes: [routePlan('/api', upstreamPlan(backendPort, { anchors: [other.anchor] }))] });
    assert.equal((await call(port, '/api')).code, 'backend-certificate-not-trusted');
    gateway.apply({ routes: [routePlan('/api', upstreamPlan(backendPort, trusting))] });
    assert.equal((await call(port, '/api')).status, 200);
  });

  it('of an API that is gone end, and its path is unknown', async (t) => {
    const { handler, sockets } = numbering();
    const { gateway, port } = await gatewayBefore(t, handler);
    await call(port, '/api');
    const closed = once([...sockets][0]!, 'close');
    gateway.apply({ removedAPIs: ['test/api'] });
    await closed;
    assert.equal((await call(port, '/api')).code, 'no-such-api');
  });

  it('are no more than allowed, and requests wait for one', async (t) => {
    const { handler, sockets } = numbering();
    let most = 0;
    const { port } = await gatewayBefore(
      t,
      (request, response) => {
        setTimeout(() => {
          handler(request, response);
          most = Math.max(most, sockets.size);
        }, 5);
      },
      { connectionsPerBackend: 2 },
    );
    const answers = await Promise.all(Array.from({ length: 12 }, () => call(port, '/api')));
    assert.ok(answers.every(({ status }) => status === 200));
    assert.equal(most, 2);
  });

  it('that the backend closed meanwhile cost no request that can be repeated', async (t) => {
    let requests = 0;
    const { port } = await gatewayBefore(t, (request, response) => {
      requests += 1;
      if (requests === 2) return void request.socket.destroy();
      return void response.end('hello');
    });
    await call(port, '/api');
    assert.equal((await call(port, '/api')).body, 'hello');
    assert.equal(requests, 3);
  });

  it('that break under a request that cannot be repeated fail it', async (t) => {
    let requests = 0;
    const { port } = await gatewayBefore(t, (request, response) => {
      requests += 1;
      if (requests === 2) return void request.socket.destroy();
      return void response.end('hello');
    });
    await call(port, '/api');
    assert.equal((await call(port, '/api', { method: 'POST', body: 'x' })).code, 'backend-failed');
    assert.equal(requests, 2);
  });

  it('keep the last good material when OpenSSL refuses the new', async (t) => {
    const { gateway, port, backendPort } = await gatewayBefore(t, hello);
    const identity = { ...testIdentity(ca, { usage: 'client auth' }), privateKeyPEM: serverIdentity.privateKeyPEM };
    const refused = gateway.apply({
      routes: [routePlan('/api', upstreamPlan(backendPort, { ...trusting, identity }))],
    });
    assert.deepEqual(
      refused.map(({ subject, code }) => [subject, code]),
      [[{ api: 'test/api' }, 'ERR_OSSL_X509_KEY_VALUES_MISMATCH']],
    );
    assert.equal((await call(port, '/api')).body, 'hello');
  });
});

describe('a backend that speaks HTTP/2', () => {
  async function http2Gateway(
    t: TestContext,
    handle: (path: string, stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void,
  ): Promise<TestGateway & { sessions: () => number; backendPort: number }> {
    const opened = await testGateway(t);
    let sessions = 0;
    const server = createSecureServer({ ...serverTLS(), allowHTTP1: false });
    const open = new Set<ServerHttp2Session>();
    server.on('session', (session) => {
      sessions += 1;
      open.add(session);
      session.on('error', () => {});
    });
    server.on('stream', (stream, headers) => {
      stream.on('error', () => {});
      handle(headers[':path']!, stream, headers);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.close();
      for (const session of open) session.destroy();
    });
    const backendPort = (server.address() as AddressInfo).port;
    const settings = { alpnProtocols: ['h2', 'http/1.1'] };
    opened.gateway.apply({
      listeners: [listenerPlan('*', serverIdentity)],
      routes: [routePlan('/api', upstreamPlan(backendPort, { ...trusting, settings }))],
    });
    return { ...opened, sessions: () => sessions, backendPort };
  }

  it('gets many requests on one connection, with bodies and trailers', async (t) => {
    const { port, sessions } = await http2Gateway(t, (path, stream, headers) => {
      let body = '';
      stream.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      stream.on('end', () => {
        stream.respond({ ':status': 200, 'x-host': headers[':authority'] ?? '' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': String(body.length) }));
        stream.end(`${path} ${body}`);
      });
    });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => call(port, `/api/${n}`, { method: 'POST', body: 'hello' })),
    );
    assert.deepEqual(
      answers.map(({ body, trailers }) => `${body} ${trailers['x-sum']}`),
      Array.from({ length: 20 }, (_, n) => `/${n} hello 5`),
    );
    assert.equal(sessions(), 1);
  });

  it('may break off, take too long, or refuse a stream', async (t) => {
    let refusals = 0;
    const { port } = await http2Gateway(t, (path, stream) => {
      if (path === '/broken') stream.close(2);
      else if (path === '/refused' && refusals++ === 0) stream.close(7);
      else {
        stream.respond({ ':status': 200 });
        stream.end('fine');
      }
    });
    assert.equal((await call(port, '/api/broken')).code, 'backend-failed');
    assert.equal((await call(port, '/api/refused')).body, 'fine');
    assert.equal(refusals, 2);
  });

  it('is left at a change of trust, while requests under way end', async (t) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { gateway, port, sessions, backendPort } = await http2Gateway(t, (path, stream) => {
      const answer = (): void => {
        stream.respond({ ':status': 200 });
        stream.end('fine');
      };
      if (path === '/slow') void promise.then(answer);
      else answer();
    });
    const slow = call(port, '/api/slow');
    while (gateway.stats().requestsInFlight === 0 || sessions() === 0) await new Promise((next) => setImmediate(next));
    await call(port, '/api');
    gateway.apply({
      routes: [
        routePlan('/api', upstreamPlan(backendPort, { anchors: [other.anchor], settings: { alpnProtocols: ['h2'] } })),
      ],
    });
    assert.equal((await call(port, '/api')).code, 'backend-certificate-not-trusted');
    resolve();
    assert.equal((await slow).body, 'fine');
  });
});

describe('dial()', () => {
  function dialled(plan: UpstreamPlan, options: object = {}): Promise<Dialled> {
    return new Promise((resolve) => void dial(plan, { timeoutMilliseconds: 1000, ...options }, resolve));
  }

  it('tells what the backend showed, whether it was accepted or not', async (t) => {
    const { port } = await testBackend(t, hello, serverTLS());
    const fingerprint = serverIdentity.fingerprint;
    for (const [options, ok] of [
      [{}, true],
      [{ trustNothing: true }, false],
    ] as const) {
      const result = await dialled(upstreamPlan(port, trusting), options);
      if (result.ok) result.socket.destroy();
      assert.equal(result.ok, ok);
      assert.equal(result.shown[0]?.fingerprint256.replaceAll(':', '').toLowerCase(), fingerprint);
    }
  });

  it('tells of material that OpenSSL refuses, instead of throwing', async () => {
    const identity = { ...serverIdentity, privateKeyPEM: testIdentity(ca, {}).privateKeyPEM };
    const result = await dialled(upstreamPlan(1, { ...trusting, identity }));
    assert.deepEqual(result.ok ? '' : result.failure.reason, 'ERR_OSSL_X509_KEY_VALUES_MISMATCH');
  });
});
