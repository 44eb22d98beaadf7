import type { ClusterIssuer, Issuer, Secret } from '#model/resources';
import { completeIssuerRef, isOwnGroup } from '#model/certificates';
import type { LoopContext } from '../context.ts';

/** An issuer with the Secret that it signs with. */
export interface FoundIssuer {
  readonly issuer?: Issuer | ClusterIssuer | undefined;
  readonly issuerSecret?: Secret | undefined;
  /** Where its Secret is, or would be. */
  readonly issuerNamespace: string;
}

/** Reads the issuer that is meant by a reference in `namespace`. */
export async function findIssuer(
  context: LoopContext,
  ref: { name: string; kind?: string; group?: string },
  namespace: string,
): Promise<FoundIssuer> {
  const { store, kinds, clusterResourceNamespace } = context;
  const { kind, name } = completeIssuerRef(ref);
  const isCluster = kind === 'ClusterIssuer';
  const issuerNamespace = isCluster ? clusterResourceNamespace : namespace;
  if (!isOwnGroup(ref)) return { issuerNamespace };
  const issuer = isCluster
    ? await store.get({ kind: kinds.clusterIssuer, name })
    : await store.get({ kind: kinds.issuer, namespace, name });
  return { issuer, issuerNamespace, issuerSecret: await issuerSecretOf(context, issuer, issuerNamespace) };
}

/** The Secret of a CA issuer. */
export async function issuerSecretOf(
  { store, kinds }: LoopContext,
  issuer: Issuer | ClusterIssuer | undefined,
  namespace: string,
): Promise<Secret | undefined> {
  const secretName = issuer?.spec.ca?.secretName;
  return secretName === undefined ? undefined : store.get({ kind: kinds.secret, namespace, name: secretName });
}
