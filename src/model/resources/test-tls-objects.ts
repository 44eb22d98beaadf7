import type { API } from './api.ts';
import type { EndpointCertificate } from './endpoint-certificate.ts';
import type { Gateway } from './gateway.ts';
import type { Keystore } from './keystore.ts';
import type { Rotation } from './rotation.ts';
import { systemNamespace } from './system.ts';
import type { TLSClientProfile } from './tls-client-profile.ts';
import type { TLSServerProfile } from './tls-server-profile.ts';
import type { TrustBundle } from './trust-bundle.ts';
import type { Truststore } from './truststore.ts';
import type { Workload } from './workload.ts';

/** Profiles, stores, APIs and gateways to vary in tests. */

const object = <K extends string, S>(kind: K, name: string, spec: S) => ({
  apiVersion: 'chancery.dev/v1',
  kind,
  metadata: {
    name,
    namespace: 'team',
    uid: '4b6f2d6e-55a5-4b6c-9d35-0d5b7c4f3a02',
    resourceVersion: '7',
    generation: 1,
    creationTimestamp: '2026-01-02T03:04:05Z',
  },
  spec,
});

export const clientProfile = (spec: TLSClientProfile['spec'] = {}): TLSClientProfile =>
  object('TLSClientProfile', 'out', spec);

export const serverProfile = (spec: Partial<TLSServerProfile['spec']> = {}): TLSServerProfile =>
  object('TLSServerProfile', 'in', { keystoreRef: { name: 'own' }, ...spec });

export const keystore = (spec: Keystore['spec'] = { secretRef: { name: 'file' } }): Keystore =>
  object('Keystore', 'own', spec);

export const truststore = (...sources: Truststore['spec']['sources']): Truststore =>
  object('Truststore', 'trusted', { sources });

export const api = (spec: Partial<API['spec']> = {}): API =>
  object('API', 'petstore', {
    version: '1.0.0',
    basePath: '/petstore/v1',
    endpoints: { production: { url: 'https://pets.example.com' } },
    ...spec,
  });

export const endpointCertificate = (spec: Partial<EndpointCertificate['spec']> = {}): EndpointCertificate =>
  object('EndpointCertificate', 'pets', { alias: 'Pets', endpoint: 'pets.example.com:8443', certificate: '', ...spec });

export const gateway = (spec: Partial<Gateway['spec']> = {}): Gateway =>
  object('Gateway', 'edge', { sni: [{ host: '*', tlsServerProfileRef: { name: 'in' } }], ...spec });

export const trustBundle = (spec: Partial<TrustBundle['spec']> = {}): TrustBundle =>
  object('TrustBundle', 'internal', { sources: [{ certificateRef: { name: 'ca' } }], ...spec });

/** One that listens with mutual TLS and calls another. */
export const workload = (spec: Partial<Workload['spec']> = {}): Workload =>
  object('Workload', 'portal', {
    presents: [{ name: 'own', certificateRef: { name: 'portal' } }],
    trusts: [{ name: 'internal', trustBundleRef: { name: 'internal' } }],
    listens: [{ name: 'https', port: 443, presents: 'own', clientTrust: 'internal', mutualAuthentication: 'require' }],
    connectsTo: [{ workload: 'gateway', presents: 'own', trusts: 'internal' }],
    ...spec,
  });

export const rotation = (spec: Partial<Rotation['spec']> = { certificateRef: { name: 'ca' } }): Rotation =>
  object('Rotation', 'yearly', spec);

/** The same object among the installation's own. */
export const ofSystem = <T extends { readonly metadata: object }>(one: T): T => ({
  ...one,
  metadata: { ...one.metadata, namespace: systemNamespace },
});
