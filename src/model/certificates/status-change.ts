import { removeCondition, setCondition } from '#model/objects';
import type { Condition } from '#model/objects';
import type { Certificate, CertificateStatus } from '#model/resources';

type News = Pick<Condition, 'type' | 'status'> & { readonly reason: string; readonly message: string };

/** The Certificate with these fields of its status replaced; undefined removes one. */
export function withStatus(
  certificate: Certificate,
  fields: { [K in keyof CertificateStatus]?: CertificateStatus[K] | undefined },
): Certificate {
  const entries = Object.entries({ ...certificate.status, ...fields }).filter(([, value]) => value !== undefined);
  return { ...certificate, status: Object.fromEntries(entries) };
}

/** The Certificate with a condition set as seen in its present generation. */
export function withCondition(certificate: Certificate, news: News, now: Date): Certificate {
  const { generation } = certificate.metadata;
  const update = generation === undefined ? news : { ...news, observedGeneration: generation };
  const conditions = setCondition(certificate.status?.conditions, update, now);
  return conditions === certificate.status?.conditions
    ? certificate
    : withStatus(certificate, { conditions: [...conditions] });
}

export function withoutCondition(certificate: Certificate, type: string): Certificate {
  const conditions = removeCondition(certificate.status?.conditions, type);
  return withStatus(certificate, { conditions: [...conditions] });
}
