import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTCP } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { connect } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { peer } from '../../../../test/peers/peer.ts';
import { ca, call, gatewayBefore, serverIdentity, testGateway } from '../test-gateway.ts';
import type { TestGateway } from '../test-gateway.ts';
import { listenerPlan, testCA, testIdentity } from '../test-material.ts';
import { sClient } from './test-openssl.ts';

type Outcome =
  { readonly fingerprint: string; readonly resumed: boolean; readonly socket: TLSSocket } | { readonly code: string };

async function handshake(port: number, options: ConnectionOptions = {}): Promise<Outcome> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  try {
    await once(socket, 'secureConnect');
  } catch (error) {
    return { code: (error as NodeJS.ErrnoException).code ?? String(error) };
  }
  const fingerprint = socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase() ?? '';
  return { fingerprint, resumed: socket.isSessionReused(), socket };
}

function shown(outcome: Outcome): string {
  if ('code' in outcome) return outcome.code;
  outcome.socket.destroy();
  return outcome.fingerprint;
}

async function presented(port: number, servername?: string): Promise<string> {
  return shown(await handshake(port, servername === undefined ? {} : { servername }));
}

function identityFor(name: string): typeof serverIdentity {
  return testIdentity(ca, { names: [name] });
}

/** Whatever the peer sends until it closes. */
async function everything(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (bytes: Buffer) => chunks.push(bytes)).on('error', () => {});
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks);
}

describe('a listener', () => {
  const [exact, wildcard, fallback] = [identityFor('a.b.test'), identityFor('*.b.test'), identityFor('default.test')];

  async function threeHosts(t: TestContext): Promise<TestGateway> {
    const opened = await testGateway(t);
    opened.gateway.apply({
      listeners: [listenerPlan('a.b.test', exact), listenerPlan('*.b.test', wildcard), listenerPlan('*', fallback)],
    });
    return opened;
  }

  it('presents the certificate of the host that best fits the server name', async (t) => {
    const { port } = await threeHosts(t);
    const cases: [name: string | undefined, expected: string, why: string][] = [
      ['a.b.test', exact.fingerprint, 'exact'],
      ['A.B.TEST', exact.fingerprint, 'in any case'],
      ['c.b.test', wildcard.fingerprint, 'one label under the wildcard'],
      ['c.d.b.test', fallback.fingerprint, 'two labels under it'],
      ['b.test', fallback.fingerprint, 'the wildcard without its label'],
      ['elsewhere.test', fallback.fingerprint, 'any other name'],
      [undefined, fallback.fingerprint, 'no name'],
    ];
    for (const [name, expected, why] of cases) assert.equal(await presented(port, name), expected, why);
  });

  it('refuses a wrong name, and no name, with the alert unrecognized_name when it has no default', async (t) => {
    const { gateway, port, log } = await testGateway(t);
    gateway.apply({ listeners: [listenerPlan('a.b.test', exact)] });
    assert.equal(await presented(port, 'x.test'), 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME');
    assert.equal(await presented(port), 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME');
    assert.equal(await presented(port, 'a.b.test'), exact.fingerprint);
    assert.equal(log[0]?.fields['serverName'], 'x.test');
  });

  it('serves nobody before anything is loaded', async (t) => {
    const { port } = await testGateway(t);
    assert.equal(await presented(port, 'a.b.test'), 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME');
  });

  it('presents what was loaded last, at once, and leaves other hosts and open connections alone', async (t) => {
    const { gateway, port } = await threeHosts(t);
    const before = await handshake(port, { servername: 'a.b.test' });
    assert.ok('socket' in before);
    const next = identityFor('a.b.test');
    assert.deepEqual(gateway.apply({ listeners: [listenerPlan('a.b.test', next)] }), []);
    assert.equal(await presented(port, 'a.b.test'), next.fingerprint);
    assert.equal(await presented(port, 'c.b.test'), wildcard.fingerprint);
    before.socket.write('GET /x HTTP/1.1\r\nHost: a.b.test\r\n\r\n');
    const [answer] = (await once(before.socket, 'data')) as [Buffer];
    assert.match(answer.toString(), /^HTTP\/1\.1 404 /u);
    before.socket.destroy();
  });

  it('keeps what serves when OpenSSL refuses what should replace it', async (t) => {
    const { gateway, port } = await threeHosts(t);
    const mismatched = { ...exact, privateKeyPEM: fallback.privateKeyPEM };
    const refused = gateway.apply({ listeners: [listenerPlan('a.b.test', mismatched)] });
    assert.deepEqual(
      refused.map((part) => part.subject),
      [{ host: 'a.b.test' }],
    );
    assert.equal(refused[0]?.code, 'ERR_OSSL_X509_KEY_VALUES_MISMATCH');
    assert.equal(await presented(port, 'a.b.test'), exact.fingerprint);
  });

  it('refuses the names of a host that was removed', async (t) => {
    const { gateway, port } = await threeHosts(t);
    gateway.apply({ removedHosts: ['a.b.test', '*'] });
    assert.equal(await presented(port, 'a.b.test'), wildcard.fingerprint);
    assert.equal(await presented(port, 'x.test'), 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME');
  });

  it('keeps no more contexts ready than it may, and makes the others again when they are asked for', async (t) => {
    const { gateway, port } = await testGateway(t, { readyHosts: 2 });
    const identities = [1, 2, 3, 4].map((n) => identityFor(`h${n}.test`));
    gateway.apply({ listeners: identities.map((identity, index) => listenerPlan(`h${index + 1}.test`, identity)) });
    assert.deepEqual([gateway.stats().hosts, gateway.stats().hostsReady], [4, 2]);
    for (const [index, identity] of identities.entries()) {
      assert.equal(await presented(port, `h${index + 1}.test`), identity.fingerprint);
    }
    assert.equal(gateway.stats().hostsReady, 2);
  });

  it('has the versions of its profile, whatever other hosts have', async (t) => {
    const { gateway, port } = await testGateway(t);
    gateway.apply({
      listeners: [
        listenerPlan('new.test', identityFor('new.test'), { settings: { protocols: ['tls_v1.3'] } }),
        listenerPlan('old.test', identityFor('old.test'), { settings: { protocols: ['tls_v1.2'] } }),
      ],
    });
    const versionOf = async (options: ConnectionOptions): Promise<string> => {
      const outcome = await handshake(port, options);
      if ('code' in outcome) return outcome.code;
      const version = outcome.socket.getProtocol() ?? '';
      outcome.socket.destroy();
      return version;
    };
    assert.equal(await versionOf({ servername: 'new.test' }), 'TLSv1.3');
    assert.equal(await versionOf({ servername: 'old.test' }), 'TLSv1.2');
    assert.equal(
      await versionOf({ servername: 'new.test', maxVersion: 'TLSv1.2' }),
      'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    );
    assert.equal(
      await versionOf({ servername: 'old.test', minVersion: 'TLSv1.3' }),
      'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    );
  });
});

describe('the first bytes of a connection', () => {
  it('are answered in HTTP when they are HTTP', async (t) => {
    const { port } = await testGateway(t);
    const socket = connectTCP(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    assert.match((await everything(socket)).toString(), /^HTTP\/1\.1 400 [^]*This port speaks HTTPS/u);
  });

  it('end the connection when they are neither TLS nor HTTP', async (t) => {
    const { port } = await testGateway(t);
    const socket = connectTCP(port, '127.0.0.1');
    socket.write(Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]));
    assert.equal((await everything(socket)).length, 0);
  });

  it('must come in time, also when they trickle', async (t) => {
    const { port } = await testGateway(t, { handshakeMilliseconds: 60 });
    const socket = connectTCP(port, '127.0.0.1');
    socket.write(Buffer.from([22, 3, 1]));
    assert.equal((await everything(socket)).length, 0);
  });

  it('must not go on for ever', async (t) => {
    const { port } = await testGateway(t);
    const socket = connectTCP(port, '127.0.0.1');
    const record = Buffer.alloc(5 + 16_384, 0xff);
    record.set([22, 3, 1, 0x40, 0]);
    record.set([1, 0xff, 0xff, 0xff], 5);
    const answer = everything(socket);
    for (let n = 0; n < 8; n++) socket.write(record);
    await answer;
    assert.ok(socket.bytesWritten > 0);
  });

  it('may arrive one by one', async (t) => {
    const { gateway, port } = await testGateway(t);
    gateway.apply({ listeners: [listenerPlan('*', serverIdentity)] });
    const raw = connectTCP({ port, host: '127.0.0.1', noDelay: true });
    const { Duplex } = await import('node:stream');
    const slow = new Duplex({
      read() {},
      write(bytes: Buffer, _encoding, done) {
        for (const byte of bytes) raw.write(Buffer.from([byte]));
        done();
      },
    });
    raw.on('data', (bytes) => slow.push(bytes)).on('close', () => slow.destroy());
    const socket = connect({ socket: slow, servername: 'localhost', ca: ca.anchor.pem });
    await once(socket, 'secureConnect');
    assert.equal(socket.authorized, true);
    socket.destroy();
    raw.destroy();
  });

  it('are not waited for when the caller goes away, and nothing is left open', async (t) => {
    const { gateway, port } = await testGateway(t);
    const socket = connectTCP(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.end(Buffer.from([22]));
    await everything(socket);
    assert.equal(gateway.stats().connections, 0);
  });
});

describe('a caller that leaves as soon as its own side of the handshake is done', () => {
  it('leaves no connection open behind it', async (t) => {
    const { gateway, port } = await testGateway(t);
    gateway.apply({ listeners: [listenerPlan('*', serverIdentity)] });
    for (let n = 0; n < 10; n++) assert.equal(await presented(port), serverIdentity.fingerprint);
    const deadline = performance.now() + 2000;
    while (gateway.stats().connections > 0 && performance.now() < deadline)
      await new Promise((next) => setImmediate(next));
    assert.equal(gateway.stats().connections, 0);
  });
});

describe('client certificates', () => {
  const other = testCA('other CA');
  const good = testIdentity(ca, { commonName: 'good', usage: 'client auth' });
  const foreign = testIdentity(other, { commonName: 'foreign', usage: 'client auth' });
  const expired = testIdentity(ca, { commonName: 'late', usage: 'client auth', fromDay: -10, days: 5 });
  const wrongUse = testIdentity(ca, { commonName: 'server', usage: 'server auth' });
  const handler: Parameters<typeof gatewayBefore>[1] = (request, response) => {
    response.end(
      JSON.stringify([request.headers['client-cert'] ?? null, request.headers['client-cert-chain'] ?? null]),
    );
  };

  async function demanding(t: TestContext, mutualAuthentication: 'request' | 'require'): Promise<TestGateway> {
    const opened = await gatewayBefore(t, handler);
    opened.gateway.apply({
      listeners: [
        listenerPlan('*', serverIdentity, {
          settings: { mutualAuthentication },
          clientAnchors: [ca.anchor, other.anchor],
        }),
      ],
    });
    return opened;
  }

  function pair(identity: typeof good): { cert: string; key: string } {
    return { cert: identity.certificatePEM, key: identity.privateKeyPEM };
  }

  async function outcome(port: number, options: object): Promise<string> {
    return call(port, '/api', options).then(
      ({ status, body }) => `${status} ${body}`,
      () => 'refused',
    );
  }

  it('are told to the backend as RFC 9440 says, and a forged one never is', async (t) => {
    const { port } = await demanding(t, 'request');
    const raw = Buffer.from(good.certificatePEM.split('-----')[2]!, 'base64').toString('base64');
    const headers = { 'Client-Cert': ':Zm9yZ2Vk:', 'client-cert-chain': ':Zm9yZ2Vk:' };
    assert.equal(await outcome(port, { ...pair(good), headers }), `200 [":${raw}:",null]`);
    assert.equal(await outcome(port, { headers }), '200 [null,null]');
  });

  for (const mode of ['request', 'require'] as const) {
    it(`are refused when they are not trusted, with ${mode}`, async (t) => {
      const { port, gateway } = await demanding(t, mode);
      gateway.apply({
        listeners: [
          listenerPlan('*', serverIdentity, { settings: { mutualAuthentication: mode }, clientAnchors: [ca.anchor] }),
        ],
      });
      for (const [why, identity] of Object.entries({ foreign, expired, wrongUse })) {
        assert.equal(await outcome(port, pair(identity)), 'refused', why);
      }
      assert.match(await outcome(port, pair(good)), /^200 /u);
      assert.match(await outcome(port, {}), mode === 'request' ? /^200 /u : /^refused/u);
    });
  }

  it('may be trusted one by one, without the CA that signed them', async (t) => {
    const { gateway, port } = await demanding(t, 'require');
    const { anchorOf } = await import('../test-material.ts');
    const settings = { mutualAuthentication: 'require' } as const;
    gateway.apply({
      listeners: [listenerPlan('*', serverIdentity, { settings, clientAnchors: [anchorOf(foreign.certificatePEM)] })],
    });
    assert.match(await outcome(port, pair(foreign)), /^200 /u);
    assert.equal(await outcome(port, pair(good)), 'refused');
  });

  it('whose CA is distrusted lose their connections, and no other connection is lost', async (t) => {
    const { gateway, port } = await demanding(t, 'require');
    const open = async (identity: typeof good): Promise<TLSSocket> => {
      const result = await handshake(port, { servername: 'localhost', ...pair(identity) });
      assert.ok('socket' in result);
      result.socket.write('GET /api HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await once(result.socket, 'data');
      return result.socket.on('error', () => {});
    };
    const [trusted, distrusted] = [await open(good), await open(foreign)];
    const settings = { mutualAuthentication: 'require' } as const;
    const closed = once(distrusted, 'close');
    gateway.apply({ listeners: [listenerPlan('*', serverIdentity, { settings, clientAnchors: [ca.anchor] })] });
    await closed;
    trusted.write('GET /api HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(trusted, 'data');
    trusted.destroy();
  });

  it('of one host are not borrowed by requests for another that demands them', async (t) => {
    const { gateway, port } = await demanding(t, 'require');
    gateway.apply({ listeners: [listenerPlan('a.test', serverIdentity)] });
    const options = { servername: 'a.test' };
    assert.equal((await call(port, '/api', { ...options, headers: { host: 'a.test' } })).status, 200);
    const elsewhere = await call(port, '/api', { ...options, headers: { host: 'b.test' } });
    assert.deepEqual([elsewhere.status, elsewhere.code], [421, 'misdirected-request']);
  });
});

describe('sessions', peer('openssl'), () => {
  const client = testIdentity(ca, { commonName: 'client', usage: 'client auth' });
  const other = testCA('another CA');

  function folder(t: TestContext): string {
    const path = mkdtempSync(join(tmpdir(), 'chancery-sessions-'));
    t.after(() => rmSync(path, { recursive: true }));
    writeFileSync(join(path, 'cert.pem'), client.certificatePEM);
    writeFileSync(join(path, 'key.pem'), client.privateKeyPEM);
    return path;
  }

  const request = 'GET /none HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n';

  for (const version of ['-tls1_2', '-tls1_3']) {
    it(`resume on the same host with ${version}, not on another, and not after a change of trust`, async (t) => {
      const { gateway, port } = await testGateway(t);
      const path = folder(t);
      const listener = (host: string, anchors: (typeof ca.anchor)[]): ReturnType<typeof listenerPlan> =>
        listenerPlan(host, serverIdentity, { settings: { mutualAuthentication: 'require' }, clientAnchors: anchors });
      gateway.apply({
        listeners: [listener('a.test', [ca.anchor, other.anchor]), listener('b.test', [ca.anchor, other.anchor])],
      });
      const args = [version, '-cert', join(path, 'cert.pem'), '-key', join(path, 'key.pem'), '-ign_eof'];
      const session = join(path, 'session');
      const dial = (name: string, ...more: string[]): Promise<string> =>
        sClient(port, [...args, '-servername', name, ...more], request);
      assert.match(await dial('a.test', '-sess_out', session), /New, TLS[^]*HTTP\/1\.1 4/u);
      assert.match(await dial('a.test', '-sess_in', session), /Reused, TLS[^]*HTTP\/1\.1 4/u);
      assert.match(await dial('b.test', '-sess_in', session), /New, TLS[^]*HTTP\/1\.1 4/u);
      gateway.apply({ listeners: [listener('a.test', [other.anchor])] });
      const refused = await dial('a.test', '-sess_in', session);
      assert.doesNotMatch(refused, /Reused|HTTP\/1\.1/u);
    });
  }
});
