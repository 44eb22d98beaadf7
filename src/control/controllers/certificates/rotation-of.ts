import { issuerTerm, namespacedTerm } from '#model/resources';
import type { Certificate, Kind, Rotation, Secret } from '#model/resources';
import type { CertificateSnapshot } from '#model/certificates';
import type { LoopContext } from '../context.ts';
import { chainIn } from '../rotations/authority-secrets.ts';

/** A Rotation that was taken back is not begun again by itself before this. */
const restMilliseconds = 24 * 3600_000;

export type RotationOfCA = Pick<CertificateSnapshot, 'rotation' | 'rotationRestsUntil'>;

/** Whether a CA is replaced by a Rotation: one runs, or others rest on the CA so that a swap would break them. */
export async function rotationOf(
  context: LoopContext,
  certificate: Certificate,
  secret: Secret | undefined,
): Promise<RotationOfCA> {
  if (certificate.spec.isCA !== true || certificate.status?.revision === undefined) return {};
  const rotations = await rotationsOf(context, certificate);
  if (rotations.some(({ status }) => status?.completedTime === undefined)) return { rotation: 'running' };
  if (!(await isSigning(context, certificate)) || !(await isTrusted(context, certificate, secret))) {
    return {};
  }
  const rest = restAfter(rotations);
  if (rest !== undefined && rest > context.clock.now()) return { rotation: 'running', rotationRestsUntil: rest };
  return { rotation: 'instead' };
}

async function rotationsOf({ store, kinds }: LoopContext, { metadata }: Certificate): Promise<Rotation[]> {
  const value = namespacedTerm(metadata.namespace, metadata.name);
  return (await store.list({ kind: kinds.rotation }, { index: { name: 'certificate', value } })).items;
}

function restAfter(rotations: readonly Rotation[]): Date | undefined {
  const ends = rotations
    .filter(({ status }) => status?.result === 'rolledBack')
    .map(({ status }) => Date.parse(status!.completedTime!) + restMilliseconds);
  return ends.length === 0 ? undefined : new Date(Math.max(...ends));
}

/** Whether an issuer signs with it and has signed for a Certificate. */
async function isSigning(context: LoopContext, { metadata, spec }: Certificate): Promise<boolean> {
  const { kinds, clusterResourceNamespace } = context;
  const namespace = metadata.namespace ?? '';
  const own = await firstOf(context, kinds.issuer, 'secretName', namespacedTerm(namespace, spec.secretName), 50);
  const cluster =
    namespace === clusterResourceNamespace
      ? await firstOf(context, kinds.clusterIssuer, 'secretName', spec.secretName, 50)
      : [];
  for (const issuer of [...own, ...cluster]) {
    const term = issuerTerm({ name: issuer.metadata.name, kind: issuer.kind }, issuer.metadata.namespace ?? '');
    const issued = await firstOf<Certificate>(context, kinds.certificate, 'issuer', term, 2);
    if (issued.some((one) => one.metadata.uid !== metadata.uid)) return true;
  }
  return false;
}

/** Whether a TrustBundle or a Workload has it. */
async function isTrusted(context: LoopContext, certificate: Certificate, secret: Secret | undefined): Promise<boolean> {
  const { kinds } = context;
  const { namespace, name } = certificate.metadata;
  const [byName, bySecret] = [namespacedTerm(namespace, name), namespacedTerm(namespace, certificate.spec.secretName)];
  const fingerprint = chainIn(secret)[0]?.fingerprint ?? '';
  const looks = [
    [kinds.trustBundle, 'fingerprint', fingerprint],
    [kinds.trustBundle, 'certificate', byName],
    [kinds.trustBundle, 'secret', bySecret],
    [kinds.workload, 'certificate', byName],
    [kinds.workload, 'secret', bySecret],
  ] as const;
  for (const [kind, index, value] of looks) {
    if ((await firstOf(context, kind as unknown as Kind, index, value, 1)).length > 0) return true;
  }
  return false;
}

async function firstOf<T extends { readonly metadata: Certificate['metadata']; apiVersion: string; kind: string }>(
  { store }: LoopContext,
  kind: Kind<T>,
  name: string,
  value: string,
  limit: number,
): Promise<T[]> {
  return (await store.list({ kind }, { index: { name, value }, limit })).items;
}
