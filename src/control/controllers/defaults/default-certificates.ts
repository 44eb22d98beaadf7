import type { Draft } from '#model/objects';
import type { Certificate, CertificateSpec, Issuer } from '#model/resources';
import { defaultMetadata } from './default-metadata.ts';

const issuerName = 'default-self-signed';

/** The keystores whose key is made here: a self-signed Certificate each, of the keystore's name. */
export const tokenKeystores: readonly { readonly name: string; readonly token: string }[] = [
  { name: 'default-id-token-signing-key', token: 'id_token' },
  { name: 'default-self-signed-token-signing-key', token: 'self signed token' },
  { name: 'default-temporary-token-signing-key', token: 'temporary token' },
  { name: 'default-access-token-signing-key', token: 'access_token' },
];

export const serverKeystore = 'default-tls-server-keystore';

/** Issuer of the certificates that nobody else issues. */
export const defaultIssuer: Draft<Issuer> = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'Issuer',
  metadata: defaultMetadata(issuerName),
  spec: { selfSigned: {} },
};

export const defaultCertificates: readonly Draft<Certificate>[] = [
  certificate(serverKeystore, {
    dnsNames: ['localhost'],
    ipAddresses: ['127.0.0.1', '::1'],
    privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
    usages: ['digital signature', 'server auth'],
  }),
  ...tokenKeystores.map(({ name }) =>
    certificate(name, {
      // Tokens are verified for longer than a certificate's renewal takes: the key stays.
      privateKey: { algorithm: 'RSA', size: 2048, rotationPolicy: 'Never' },
      usages: ['digital signature'],
    }),
  ),
];

function certificate(name: string, spec: Partial<CertificateSpec>): Draft<Certificate> {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: defaultMetadata(name),
    spec: {
      secretName: name,
      commonName: name,
      duration: '8760h',
      renewBefore: '720h',
      issuerRef: { kind: 'Issuer', name: issuerName },
      ...spec,
    },
  };
}
