import { conditionOf, isConditionTrue } from '#model/objects';
import type { Condition } from '#model/objects';
import type { Certificate, CertificateRequest, ClusterIssuer, Issuer } from '#model/resources';

export type Declared = Issuer | ClusterIssuer | Certificate;

interface WithConditions {
  readonly status?: { readonly conditions?: readonly Condition[] | undefined } | undefined;
}

export function isReady(object: WithConditions): boolean {
  return isConditionTrue(object.status?.conditions, 'Ready');
}

/**
 * The reason that helps a person most, for an object that is not ready: why the last issue failed, else what its pending
 * `request` waits for, else why it is not ready.
 */
export function reasonOf(object: Declared, request?: CertificateRequest): string {
  const issuing = conditionOf(object.status?.conditions, 'Issuing');
  if (issuing?.status === 'False') return conditionText(issuing);
  if (request !== undefined && conditionOf(request.status?.conditions, 'Ready')?.status !== 'True')
    return pendingText(request);
  return readyText(object);
}

/** Why an object is Ready or is not, in the words of its condition. */
export function readyText({ status }: WithConditions): string {
  const ready = conditionOf(status?.conditions, 'Ready');
  return ready === undefined ? 'not looked at yet' : conditionText(ready);
}

/** What a request waits for: the issuer is named, because the condition does not always do it. */
function pendingText(request: CertificateRequest): string {
  const { name, kind = 'Issuer', group = 'cert-manager.io' } = request.spec.issuerRef;
  const ready = conditionOf(request.status?.conditions, 'Ready');
  if (ready === undefined)
    return `Requested: CertificateRequest "${request.metadata.name}" waits for a signer of ${kind}.${group} "${name}"`;
  const text = conditionText(ready);
  return text.includes(`"${name}"`) ? text : `${text} (${kind} "${name}")`;
}

function conditionText({ reason, message }: Condition): string {
  const words = (message ?? '').trim().replaceAll(/\s*\n\s*/g, ' ');
  return words === '' ? (reason ?? 'Unknown') : `${reason ?? 'Unknown'}: ${words}`;
}

const nameAnnotation = 'cert-manager.io/certificate-name';

/** The newest of `requests` that was made for the certificate `object`. */
export function lastRequestOf(
  object: Declared,
  requests: readonly CertificateRequest[],
): CertificateRequest | undefined {
  const { name, namespace } = object.metadata;
  return requests
    .filter(({ metadata }) => metadata.namespace === namespace && metadata.annotations?.[nameAnnotation] === name)
    .toSorted((a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp))
    .at(-1);
}
