import { isConditionTrue } from '#model/objects';
import type { Certificate, ClusterIssuer, Issuer, Secret } from '#model/resources';
import { annotation } from '../names.ts';
import { signingMaterial } from '../issuers/signing-material.ts';
import type { SelfSignTask, SignTask } from '../tasks.ts';
import { orderFields } from './signing-order.ts';

/** A signing task without what is made only when the Certificate is issued. */
export type PlannedSigning = Omit<SignTask, 'requestPEM'> | Omit<SelfSignTask, 'requestPEM' | 'privateKeyPEM'>;

/**
 * What the issuer will be asked when it is asked for this Certificate: the same as `nextRequestStep` asks later. For who
 * has key, request and certificate made in one go. Undefined when the issuer could not sign now.
 */
export function plannedSigning(
  { spec, metadata }: Certificate,
  issuer: Issuer | ClusterIssuer,
  issuerSecret: Secret | undefined,
  now: Date,
): PlannedSigning | undefined {
  if (!isConditionTrue(issuer.status?.conditions, 'Ready')) return undefined;
  const order = orderFields(spec, now);
  if (issuer.spec.selfSigned !== undefined) {
    return { task: 'self-sign', ...order, crlDistributionPoints: issuer.spec.selfSigned.crlDistributionPoints ?? [] };
  }
  const material = issuerSecret === undefined ? undefined : signingMaterial(issuer, issuerSecret);
  if (material?.ok !== true) return undefined;
  const mayOutliveCA = metadata.annotations?.[annotation.allowOutlivingCA] === 'true';
  return { task: 'sign', ...order, issuer: material.value, mayOutliveCA };
}
