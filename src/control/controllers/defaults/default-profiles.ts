import type { Draft } from '#model/objects';
import type { Gateway, TLSClientProfile, TLSServerProfile } from '#model/resources';
import { systemNamespace } from '#model/resources';
import { serverKeystore } from './default-certificates.ts';
import { defaultMetadata } from './default-metadata.ts';

const version = '1.0.0';
const serverProfile = 'default-tls-server-profile';

export const defaultServerProfile: Draft<TLSServerProfile> = {
  apiVersion: 'chancery.dev/v1',
  kind: 'TLSServerProfile',
  metadata: defaultMetadata(serverProfile),
  spec: {
    title: 'Default TLS server profile',
    summary: 'For tests and demonstrations; make an own profile for production.',
    version,
    keystoreRef: { name: serverKeystore },
  },
};

export const defaultClientProfiles: readonly Draft<TLSClientProfile>[] = [
  clientProfile('default-tls-client-profile', {
    title: 'Default TLS client profile',
    summary: 'Accepts every server; for tests and demonstrations only.',
    insecureServerConnections: true,
  }),
  clientProfile('analytics-ingestion-tls-client-profile', {
    title: 'Analytics ingestion TLS client profile',
    summary: 'For calls to the analytics service.',
    ...stores('analytics-ingestion'),
  }),
  clientProfile('portal-director-tls-client-profile', {
    title: 'Portal Director TLS client profile',
    summary: 'For calls to the portal service.',
    ...stores('portal-director'),
  }),
  clientProfile('gateway-management-client-tls-client-profile', {
    title: 'Gateway management client TLS client profile',
    summary: 'For calls to the gateway service.',
    ...stores('gateway-mgmt', 'gateway-management-client'),
  }),
];

function clientProfile(name: string, spec: TLSClientProfile['spec']): Draft<TLSClientProfile> {
  return {
    apiVersion: 'chancery.dev/v1',
    kind: 'TLSClientProfile',
    metadata: defaultMetadata(name),
    spec: { version, ...spec },
  };
}

function stores(
  keystore: string,
  truststore = keystore,
): Pick<TLSClientProfile['spec'], 'keystoreRef' | 'truststoreRef'> {
  return { keystoreRef: { name: keystore }, truststoreRef: { name: truststore } };
}

/** The gateway of an installation that declares none. Its users may edit it. */
export const defaultGateway: Draft<Gateway> = {
  apiVersion: 'chancery.dev/v1',
  kind: 'Gateway',
  metadata: { name: 'default', namespace: systemNamespace },
  spec: { title: 'Default gateway', sni: [{ host: '*', tlsServerProfileRef: { name: serverProfile } }] },
};
