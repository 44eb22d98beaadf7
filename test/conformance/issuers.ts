import type { Draft, Json } from '#model/objects';
import { certificateKind, clusterIssuerKind, issuerKind, type CertificateSpec } from '#model/resources';
import { namespace, type Subject } from './subject.ts';

/** One of the issuers that every case runs with. */
export interface IssuerSuite {
  readonly title: string;
  readonly ref: CertificateSpec['issuerRef'];
  /** Certificates in `tls.crt`, the root left out. */
  readonly chainLength: number;
  readonly selfSigned: boolean;
}

export const issuerSuites: readonly IssuerSuite[] = [
  { title: 'a CA Issuer with a root', ref: { name: 'root' }, chainLength: 1, selfSigned: false },
  { title: 'a CA Issuer below an intermediate', ref: { name: 'second' }, chainLength: 3, selfSigned: false },
  { title: 'a SelfSigned Issuer', ref: { name: 'selfsigned', kind: 'Issuer' }, chainLength: 1, selfSigned: true },
  {
    title: 'a CA ClusterIssuer',
    ref: { name: 'cluster-root', kind: 'ClusterIssuer', group: 'cert-manager.io' },
    chainLength: 1,
    selfSigned: false,
  },
];

/** root signs first, first signs second; the ClusterIssuer's root is in its own namespace. */
export async function makeIssuers({ client }: Subject): Promise<void> {
  const place = { name: 'selfsigned', namespace };
  await client.create(issuerKind, draft('Issuer', place, { selfSigned: {} }));
  await client.create(issuerKind, draft('Issuer', { ...place, namespace: 'cert-manager' }, { selfSigned: {} }));
  await makeCA(client, 'root', 'selfsigned', namespace);
  await makeCA(client, 'first', 'root', namespace);
  await makeCA(client, 'second', 'first', namespace);
  await makeCA(client, 'cluster-root', 'selfsigned', 'cert-manager');
}

async function makeCA(client: Subject['client'], name: string, signer: string, where: string): Promise<void> {
  const issuer = { ca: { secretName: name } };
  const spec = {
    isCA: true,
    commonName: name,
    subject: { organizations: ['Conformance'] },
    secretName: name,
    duration: '87600h',
    privateKey: { algorithm: 'ECDSA', size: 256 },
    usages: ['cert sign', 'crl sign', 'digital signature'],
    issuerRef: { name: signer },
  };
  await client.create(certificateKind, draft('Certificate', { name, namespace: where }, spec));
  if (where === namespace) await client.create(issuerKind, draft('Issuer', { name, namespace }, issuer));
  else await client.create(clusterIssuerKind, draft('ClusterIssuer', { name }, issuer));
}

export function draft(kind: string, metadata: Draft['metadata'], spec: Json): never {
  return { apiVersion: 'cert-manager.io/v1', kind, metadata, spec } as never;
}
