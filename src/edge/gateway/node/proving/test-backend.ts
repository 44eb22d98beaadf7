import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { subjectAltNameExtension } from '#pki/x509';
import type { IdentityPlan, ListenerPlan, UpstreamPlan } from '#model/gateways';
import {
  makeCA,
  makeCertificate,
  type Fixture,
  type FixtureOptions,
} from '../../../../pki/x509/certificates/certificate.fixture.ts';

export const ca = makeCA('proof ca');
export const otherCA = makeCA('other ca');

/** A certificate for localhost, or for another host. */
export function certify(host = 'localhost', issuer: Fixture = ca, more: Partial<FixtureOptions> = {}): Fixture {
  const extensions = [subjectAltNameExtension([{ type: 'dns', value: host }], false)];
  return makeCertificate({ subject: 'backend', issuer, extensions, ...more });
}

export const identityOf = (fixture: Fixture): IdentityPlan => ({
  certificatePEM: fixture.certificate.toPEM(),
  privateKeyPEM: fixture.key.toPEM('PKCS8'),
  fingerprint: fixture.certificate.fingerprint,
  notAfter: fixture.certificate.notAfter.toISOString(),
});

export interface TestBackend extends AsyncDisposable {
  readonly port: number;
}

/** A TLS server on 127.0.0.1 with that certificate. */
export async function startBackend(fixture: Fixture, options: TlsOptions = {}): Promise<TestBackend> {
  const { certificatePEM: cert, privateKeyPEM: key } = identityOf(fixture);
  const server = createServer({ cert, key, ...options }, (socket) => socket.on('error', () => undefined).resume());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.close();
    },
  };
}

export function listenerPlan(fixture: Fixture, more: Partial<ListenerPlan> = {}): ListenerPlan {
  const plan = { host: '*', profile: 'a/p', settings: {}, clientAnchors: [], digest: 'd' };
  return { ...plan, identity: identityOf(fixture), ...more };
}

export function upstreamPlan(
  port: number,
  trusted: readonly Fixture[],
  more: Partial<UpstreamPlan> = {},
): UpstreamPlan {
  return {
    endpoint: `localhost:${port}`,
    host: 'localhost',
    port,
    secure: true,
    serverName: 'localhost',
    settings: {},
    identity: undefined,
    publicAuthorities: false,
    anchors: trusted.map(({ certificate }) => ({
      pem: certificate.toPEM(),
      fingerprint: certificate.fingerprint,
      from: 'Truststore a/t',
    })),
    endpointCertificates: [],
    expiredAllowed: [],
    profile: undefined,
    digest: 'd',
    ...more,
  };
}
