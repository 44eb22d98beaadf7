import type { ListenerPlan, RoutePlan } from '#model/gateways';
import type { BenchMaterial } from './material.ts';

/** `*` with the material's certificate, TLS 1.3. */
export function listenerPlan(
  { certificatePEM, keyPEM, fingerprint, notAfter }: BenchMaterial,
  host = '*',
): ListenerPlan {
  return {
    host,
    profile: 'bench/server',
    settings: { protocols: ['tls_v1.3'] },
    identity: { certificatePEM, privateKeyPEM: keyPEM, fingerprint, notAfter },
    clientAnchors: [],
    digest: `${host} ${fingerprint}`,
  };
}

/** Everything goes to one verified TLS 1.3 backend on a port of this machine. */
export function routePlan({ caPEM, caFingerprint }: BenchMaterial, port: number): RoutePlan {
  const endpoint = `localhost:${port}`;
  return {
    api: 'bench/api',
    basePath: '/petstore/v1',
    type: 'REST',
    target: `https://${endpoint}`,
    targetPath: '',
    upstream: {
      endpoint,
      host: 'localhost',
      port,
      secure: true,
      serverName: 'localhost',
      settings: { protocols: ['tls_v1.3'] },
      identity: undefined,
      publicAuthorities: false,
      anchors: [{ pem: caPEM, fingerprint: caFingerprint, from: 'Truststore bench/ca' }],
      endpointCertificates: [],
      expiredAllowed: [],
      profile: 'bench/client',
      digest: `${endpoint} ${caFingerprint}`,
    },
  };
}
