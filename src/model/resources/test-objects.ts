import type { AdmissionContext } from './kind.ts';
import type { Certificate } from './certificate.ts';
import type { CertificateRequest } from './certificate-request.ts';
import type { ConfigMap } from './config-map.ts';
import type { Event } from './event.ts';
import type { Issuer } from './issuer.ts';
import type { Secret } from './secret.ts';

/** Objects to vary in tests. */

const metadata = (name: string) => ({
  name,
  namespace: 'apic',
  uid: '4b6f2d6e-55a5-4b6c-9d35-0d5b7c4f3a01',
  resourceVersion: '7',
  generation: 1,
  creationTimestamp: '2026-01-02T03:04:05Z',
});

export const context: AdmissionContext = { now: new Date('2026-01-02T03:04:05Z'), user: { username: 'alice' } };

export const certificate = (spec: Partial<Certificate['spec']> = {}, rest: Partial<Certificate> = {}): Certificate => ({
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  metadata: metadata('web'),
  spec: { secretName: 'web-tls', issuerRef: { name: 'ca' }, dnsNames: ['example.com'], ...spec },
  ...rest,
});

export const issuer = (spec: Issuer['spec']): Issuer => ({
  apiVersion: 'cert-manager.io/v1',
  kind: 'Issuer',
  metadata: metadata('ca'),
  spec,
});

export const request = (
  spec: Partial<CertificateRequest['spec']> = {},
  rest: Partial<CertificateRequest> = {},
): CertificateRequest => ({
  apiVersion: 'cert-manager.io/v1',
  kind: 'CertificateRequest',
  metadata: metadata('web-1'),
  spec: { request: '', issuerRef: { name: 'ca' }, ...spec },
  ...rest,
});

export const secret = (rest: Partial<Secret> = {}): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: metadata('web-tls'),
  type: 'Opaque',
  ...rest,
});

export const configMap = (rest: Partial<ConfigMap> = {}): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: metadata('settings'),
  ...rest,
});

export const event = (rest: Partial<Event> = {}): Event => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: metadata('web.17'),
  involvedObject: { kind: 'Certificate', namespace: 'apic', name: 'web' },
  ...rest,
});
