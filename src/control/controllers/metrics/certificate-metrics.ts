import type { Registry } from 'prom-client';
import { conditionOf } from '#model/objects';
import type { Certificate } from '#model/resources';
import { completeIssuerRef } from '#model/certificates';
import type { LoopChange } from '../context.ts';
import { registerComputedGauge } from './series.ts';
import type { Sample } from './series.ts';

/** What is kept of one Certificate for its series: seconds of the epoch, 0 = unknown. */
interface Kept {
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly notBefore: number;
  readonly notAfter: number;
  readonly renewal: number;
  readonly issuer: string;
}

/** Certificates beyond this many have no series of their own; `chancery_certificates` still counts them. */
const mostSeries = 10_000;

/**
 * cert-manager's metrics of every Certificate, kept up to date change by change. Bounded: a scrape of a hundred thousand
 * certificates serves nobody.
 */
export class CertificateMetrics {
  readonly #kept = new Map<string, Kept>();
  #beyond = 0;

  constructor(registry: Registry) {
    const gauge = (name: string, help: string, value: (kept: Kept) => number): void =>
      registerComputedGauge(registry, { name, help, samples: () => this.#samples(value) });
    registerComputedGauge(registry, {
      name: 'certmanager_certificate_ready_status',
      help: 'Whether the certificate is ready: 1 for the condition that holds.',
      samples: () => this.#readySamples(),
    });
    gauge(
      'certmanager_certificate_expiration_timestamp_seconds',
      'When the certificate expires.',
      (one) => one.notAfter,
    );
    gauge(
      'certmanager_certificate_not_after_timestamp_seconds',
      'When the certificate expires.',
      (one) => one.notAfter,
    );
    gauge(
      'certmanager_certificate_not_before_timestamp_seconds',
      'When the certificate becomes valid.',
      (one) => one.notBefore,
    );
    gauge(
      'certmanager_certificate_renewal_timestamp_seconds',
      'When the certificate is renewed.',
      (one) => one.renewal,
    );
    registerComputedGauge(registry, {
      name: 'chancery_certificate_series_left_out',
      help: 'Changes of certificates that have no series because there are too many.',
      samples: () => [{ labels: {}, value: this.#beyond }],
    });
  }

  onChange({ type, object }: LoopChange<Certificate>): void {
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    if (type === 'DELETED') this.#kept.delete(key);
    else if (this.#kept.has(key) || this.#kept.size < mostSeries) this.#kept.set(key, keep(object));
    else this.#beyond += 1;
  }

  #samples(value: (kept: Kept) => number): Sample[] {
    return [...this.#kept].map(([key, kept]) => ({ labels: labelsOf(key, kept), value: value(kept) }));
  }

  #readySamples(): Sample[] {
    return [...this.#kept].flatMap(([key, kept]) =>
      ['True', 'False', 'Unknown'].map((condition) => ({
        labels: { ...labelsOf(key, kept), condition },
        value: kept.ready === condition ? 1 : 0,
      })),
    );
  }
}

function keep({ status, spec }: Certificate): Kept {
  const { name, kind, group } = completeIssuerRef(spec.issuerRef);
  return {
    ready: conditionOf(status?.conditions, 'Ready')?.status ?? 'Unknown',
    notBefore: seconds(status?.notBefore),
    notAfter: seconds(status?.notAfter),
    renewal: seconds(status?.renewalTime),
    issuer: `${group}/${kind}/${name}`,
  };
}

function labelsOf(key: string, { issuer }: Kept): Record<string, string> {
  const slash = key.indexOf('/');
  const [group = '', kind = '', ...name] = issuer.split('/');
  return {
    name: key.slice(slash + 1),
    namespace: key.slice(0, slash),
    issuer_name: name.join('/'),
    issuer_kind: kind,
    issuer_group: group,
  };
}

function seconds(time: string | undefined): number {
  return time === undefined ? 0 : Math.floor(Date.parse(time) / 1000);
}
