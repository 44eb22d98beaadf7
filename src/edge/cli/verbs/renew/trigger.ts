import type { ApiClient } from '#edge/api';
import { isCoded } from '#errors';
import type { Condition } from '#model/objects';
import type { Certificate } from '#model/resources';
import type { ServedKind } from '../../server/kinds.ts';

export interface CertificateName {
  readonly name: string;
  readonly namespace: string;
}

const attempts = 5;

/**
 * Sets the Issuing condition with the reason ManuallyTriggered, as cert-manager's own tool does. The loops write the same
 * status, so a lost race is tried again on what they wrote.
 */
export async function trigger(
  client: ApiClient,
  kind: ServedKind,
  { name, namespace }: CertificateName,
  now: () => Date,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const certificate = await client.get<Certificate>(kind, name, namespace);
    try {
      const request = { namespace, subresource: 'status', fieldManager: 'chancery' } as const;
      await client.update(kind, withIssuing(certificate, now()), request);
      return;
    } catch (error) {
      if (!isCoded(error, 'conflict') || attempt >= attempts) throw error;
    }
  }
}

/** The certificate with its Issuing condition set; the other conditions stay. */
export function withIssuing(certificate: Certificate, now: Date): Certificate {
  const { status, metadata } = certificate;
  const issuing: Condition = {
    type: 'Issuing',
    status: 'True',
    reason: 'ManuallyTriggered',
    message: 'Certificate re-issuance manually triggered',
    lastTransitionTime: `${now.toISOString().slice(0, 19)}Z`,
    observedGeneration: metadata.generation,
  };
  const others = ((status?.conditions ?? []) as Condition[]).filter(({ type }) => type !== 'Issuing');
  return { ...certificate, status: { ...status, conditions: [...others, issuing] } };
}
