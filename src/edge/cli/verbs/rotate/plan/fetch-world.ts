import type { ApiClient, ResourceAddress } from '#edge/api';
import { completeIssuerRef, isOwnGroup } from '#model/certificates';
import type { KubeObject } from '#model/objects';
import {
  certificateKind,
  clusterIssuerKind,
  issuerKind,
  keystoreKind,
  rotationKind,
  secretKind,
  trustBundleKind,
  truststoreKind,
  type Certificate,
  type ClusterIssuer,
  type Issuer,
  type Keystore,
  type Rotation,
  type Secret,
  type TrustBundle,
  type Truststore,
} from '#model/resources';
import type { Named } from '../authority-name.ts';
import { isOver } from '../find-rotation.ts';
import { reportedWorkloads } from '../reported-workload.ts';
import type { RotationWorld, WorldLeaf } from './world.ts';

/** Where the Secrets of ClusterIssuers are. */
const clusterNamespace = 'cert-manager';

/** Everything that a rotation of the CA would touch. Fails with not-found when there is no such CA. */
export async function fetchWorld(client: ApiClient, namespace: string, named: Named): Promise<RotationWorld> {
  const certificate =
    named.kind === 'certificate' ? await client.get<Certificate>(certificateKind, named.name, namespace) : undefined;
  const secret = await client.get<Secret>(secretKind, certificate?.spec.secretName ?? named.name, namespace);
  const all = <T extends KubeObject>(kind: ResourceAddress): Promise<T[]> => Array.fromAsync(client.each<T>(kind));
  const [leaves, workloads, bundles] = await Promise.all([
    leavesOf(client, namespace, secret.metadata.name),
    reportedWorkloads(client),
    all<TrustBundle>(trustBundleKind),
  ]);
  const [truststores, keystores, rotations] = await Promise.all([
    all<Truststore>(truststoreKind),
    all<Keystore>(keystoreKind),
    Array.fromAsync(client.each<Rotation>(rotationKind, { namespace })),
  ]);
  const running = rotations.filter((one) => !isOver(one));
  const stores = { bundles, truststores, keystores };
  return { namespace, secret, certificate, leaves, workloads, ...stores, rotations: running };
}

/** The Certificates of every issuer that signs with the Secret, and what is beneath them; the CA itself is none of them. */
async function leavesOf(client: ApiClient, namespace: string, secretName: string): Promise<WorldLeaf[]> {
  const issuers = await Array.fromAsync(client.each<Issuer>(issuerKind, { namespace }));
  const clusterIssuers =
    namespace === clusterNamespace ? await Array.fromAsync(client.each<ClusterIssuer>(clusterIssuerKind)) : [];
  const leaves: WorldLeaf[] = [];
  const seen = new Set<string>();
  const authorities = [{ secretName, depth: 0 }];
  // Grows while it is gone through.
  for (const { secretName: name, depth } of authorities) {
    const signing = [...issuers, ...clusterIssuers].filter(({ spec }) => spec.ca?.secretName === name);
    const lists = await Promise.all(signing.map((issuer) => certificatesOf(client, issuer)));
    for (const certificate of lists.flat()) {
      const { metadata, spec } = certificate;
      if (spec.secretName === secretName || seen.has(metadata.uid)) continue;
      seen.add(metadata.uid);
      leaves.push({ certificate, between: depth });
      if (spec.isCA === true) authorities.push({ secretName: spec.secretName, depth: depth + 1 });
    }
  }
  return leaves;
}

async function certificatesOf(client: ApiClient, { kind, metadata }: Issuer | ClusterIssuer): Promise<Certificate[]> {
  const fieldSelector = `spec.issuerRef.name=${metadata.name}`;
  const where = kind === 'Issuer' ? { namespace: metadata.namespace, fieldSelector } : { fieldSelector };
  const found = await Array.fromAsync(client.each<Certificate>(certificateKind, where));
  return found.filter(({ spec: { issuerRef } }) => isOwnGroup(issuerRef) && completeIssuerRef(issuerRef).kind === kind);
}
