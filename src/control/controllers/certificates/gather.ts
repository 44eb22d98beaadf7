import { isConditionTrue, isOwnedBy } from '#model/objects';
import type { KubeObject } from '#model/objects';
import type { Certificate, Kind, Secret } from '#model/resources';
import { namespacedTerm } from '#model/resources';
import { passwordSecretNames } from '#model/certificates';
import type { CertificateSnapshot } from '#model/certificates';
import type { LoopContext } from '../context.ts';
import { rotationOf } from './rotation-of.ts';

/** Reads everything that decides about one Certificate; undefined when there is no such Certificate. */
export async function gatherCertificate(
  context: LoopContext,
  namespace: string,
  name: string,
): Promise<CertificateSnapshot | undefined> {
  const { store, kinds, clock, settings } = context;
  const certificate = await store.get({ kind: kinds.certificate, namespace, name });
  if (certificate === undefined) return undefined;
  const { secretName } = certificate.spec;
  const [secret, requests, nextKeySecrets, claimants, passwordSecrets] = await Promise.all([
    store.get({ kind: kinds.secret, namespace, name: secretName }),
    found(context, kinds.request, 'certificate', namespace, name),
    mayHaveNextKey(certificate) ? found(context, kinds.secret, 'nextPrivateKey', namespace, name) : [],
    found(context, kinds.certificate, 'secretName', namespace, secretName),
    passwords(context, certificate, namespace),
  ]);
  return {
    ...(await rotationOf(context, certificate, secret)),
    now: clock.now(),
    settings,
    certificate,
    secret,
    requests: requests.filter((request) => isOwnedBy(request, certificate, true)),
    nextKeySecrets: nextKeySecrets.filter((one) => isOwnedBy(one, certificate, true)),
    secretRivals: claimants.filter(
      ({ metadata }) => metadata.name !== name && metadata.deletionTimestamp === undefined,
    ),
    passwordSecrets,
  };
}

/** The key is stored after Issuing is set, and the name is kept until the key is gone. */
function mayHaveNextKey({ status }: Certificate): boolean {
  return status?.nextPrivateKeySecretName !== undefined || isConditionTrue(status?.conditions, 'Issuing');
}

async function found<T extends KubeObject>(
  { store }: LoopContext,
  kind: Kind<T>,
  index: string,
  namespace: string,
  name: string,
): Promise<T[]> {
  const value = namespacedTerm(namespace, name);
  const { items } = await store.list({ kind, namespace }, { index: { name: index, value }, limit: 500 });
  return items;
}

async function passwords(
  { store, kinds }: LoopContext,
  { spec }: Certificate,
  namespace: string,
): Promise<Record<string, Secret>> {
  const secrets: Record<string, Secret> = {};
  for (const name of passwordSecretNames(spec)) {
    const secret = await store.get({ kind: kinds.secret, namespace, name });
    if (secret !== undefined) secrets[name] = secret;
  }
  return secrets;
}
