import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { connect as connectTLS } from 'node:tls';
import { call, gatewayBefore, serverIdentity, ca, type TestGateway } from '../test-gateway.ts';
import { listenerPlan, testCA, testIdentity } from '../test-material.ts';

const settings = { mutualAuthentication: 'require' } as const;
const other = testCA('other CA');
const [good, foreign] = [ca, other].map((one) => {
  const { certificatePEM, privateKeyPEM } = testIdentity(one, { commonName: 'client', usage: 'client auth' });
  return { cert: certificatePEM, key: privateKeyPEM };
});
const trusting = (...anchors: (typeof ca)[]) =>
  listenerPlan('*', serverIdentity, { settings, clientAnchors: anchors.map(({ anchor }) => anchor) });

async function demanding(t: TestContext): Promise<TestGateway> {
  const opened = await gatewayBefore(t, (_, response) => response.end('ok'));
  opened.gateway.apply({ listeners: [trusting(ca, other)] });
  return opened;
}

/** A connection that the gateway has taken, and on which nothing was said. */
async function begun({ gateway, port }: TestGateway): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  while (gateway.stats().connections === 0) await new Promise((resolve) => setImmediate(resolve));
  return socket;
}

function answerOver(socket: Socket, client: typeof good): Promise<string> {
  return new Promise((resolve) => {
    const secured = connectTLS({ socket, servername: 'localhost', ca: ca.anchor.pem, ...client });
    secured.write('GET /api HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    secured.once('data', (bytes: Buffer) => resolve(bytes.toString().slice(0, 12)));
    secured.on('error', () => undefined).once('close', () => resolve('closed'));
  });
}

describe('a handshake that began under an earlier plan', () => {
  it('lets nobody in who was distrusted meanwhile, and is told of until it is over', async (t) => {
    const opened = await demanding(t);
    const socket = await begun(opened);
    opened.gateway.apply({ listeners: [trusting(ca)] });
    assert.equal(opened.gateway.hasFormer({ host: '*' }), true);
    assert.equal(opened.gateway.hasFormer({ host: 'a.test' }), false);
    assert.equal(await answerOver(socket, foreign), 'closed');
    assert.equal(opened.gateway.hasFormer({ host: '*' }), false);
  });

  it('comes to its end for who is still trusted', async (t) => {
    const opened = await demanding(t);
    const socket = await begun(opened);
    opened.gateway.apply({ listeners: [trusting(ca)] });
    assert.equal(await answerOver(socket, good), 'HTTP/1.1 200');
  });

  it('ends with the caller, too', async (t) => {
    const opened = await demanding(t);
    const socket = await begun(opened);
    opened.gateway.apply({ listeners: [trusting(ca)] });
    socket.destroy();
    while (opened.gateway.hasFormer({ host: '*' })) await new Promise((resolve) => setImmediate(resolve));
  });
});

describe('Gateway.witness()', () => {
  it('tells once what was made of a client certificate', async (t) => {
    const { gateway, port } = await demanding(t);
    const told: (string | undefined)[] = [];
    const watch = (client: typeof good) =>
      gateway.witness(new X509Certificate(client!.cert).fingerprint256, (refusal) => told.push(refusal));
    watch(good);
    await call(port, '/api', good);
    await call(port, '/api', good);
    assert.deepEqual(told, [undefined]);
    gateway.apply({ listeners: [trusting(ca)] });
    watch(foreign);
    await call(port, '/api', foreign).catch(() => undefined);
    assert.deepEqual(told, [undefined, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE']);
    watch(good)();
    await call(port, '/api', good);
    assert.equal(told.length, 2);
  });
});

it('Gateway.forgetSessions() ends every session, and no connection', async (t) => {
  const { gateway, port } = await demanding(t);
  const shake = async (session?: Buffer): Promise<{ session: Buffer; isResumed: boolean }> => {
    const options = {
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: ca.anchor.pem,
      maxVersion: 'TLSv1.2',
    } as const;
    const socket = connectTLS({ ...options, ...good, ...(session && { session }) });
    await once(socket, 'secureConnect');
    const seen = { session: socket.getSession()!, isResumed: socket.isSessionReused() };
    socket.destroy();
    return seen;
  };
  const { session } = await shake();
  assert.equal((await shake(session)).isResumed, true);
  gateway.forgetSessions();
  assert.equal((await shake(session)).isResumed, false);
});
