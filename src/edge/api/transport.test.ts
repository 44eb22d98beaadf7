import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { isCoded } from '#errors';
import { issueCertificate } from '#pki/issuance';
import { encodeName, nameFromSubject, p256 } from '#pki/x509';
import { ConnectionBroken, openTransport, readAll, type Transport } from './transport.ts';

function ownCertificate(): { cert: string; key: string } {
  const { issued, key } = issueCertificate(
    {
      key: p256,
      subject: encodeName(nameFromSubject({ commonName: 'localhost' })),
      altNames: [{ type: 'dns', value: 'localhost' }],
      keyUsages: ['digital signature'],
      extendedKeyUsages: ['server auth'],
      isCA: false,
      durationSeconds: 3600,
      withRequest: false,
    },
    undefined,
    new Date(),
  );
  return { cert: issued.certificate.toPEM(), key: key.toPEM('PKCS8') };
}

/** A server that answers the first request of a connection, and breaks the connection at the second. */
async function forgetful(t: TestContext): Promise<{ server: Server; transport: Transport }> {
  const own = ownCertificate();
  const seen = new WeakSet<object>();
  const server = createServer(own, (request, response) => {
    if (seen.has(request.socket)) return request.socket.destroy();
    seen.add(request.socket);
    return response.end('fine');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const transport = openTransport({ server: `https://127.0.0.1:${port}`, ca: own.cert, serverName: 'localhost' });
  t.after(() => {
    transport.close();
    server.closeAllConnections();
    server.close();
  });
  return { server, transport };
}

const get = { method: 'GET', path: '/' };

test('a connection that had worked and is broken off is told from a server that is not there', async (t) => {
  const { server, transport } = await forgetful(t);
  assert.equal(await readAll((await transport.send(get)).body), 'fine');
  await new Promise((resolve) => setImmediate(resolve));
  await assert.rejects(
    transport.send(get),
    (error) => error instanceof ConnectionBroken && isCoded(error, 'unreachable'),
  );
  assert.equal(await readAll((await transport.send(get)).body), 'fine', 'the next one is made anew');
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  await assert.rejects(openTransport({ server: 'https://127.0.0.1:1' }).send(get), (error) => {
    return isCoded(error, 'unreachable') && !(error instanceof ConnectionBroken);
  });
});
