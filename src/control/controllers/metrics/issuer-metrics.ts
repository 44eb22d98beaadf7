import type { Registry } from 'prom-client';
import { conditionOf } from '#model/objects';
import type { ClusterIssuer, Issuer } from '#model/resources';
import type { LoopChange } from '../context.ts';
import { registerComputedGauge } from './series.ts';
import type { Sample } from './series.ts';

interface Kept {
  readonly labels: { readonly name: string; readonly namespace: string; readonly kind: string };
  readonly ready: string;
  readonly caNotAfter: number | undefined;
}

/** Readiness of every issuer under cert-manager's names, and what cert-manager has no metric for: when its CA expires. */
export class IssuerMetrics {
  readonly #kept = new Map<string, Kept>();

  constructor(registry: Registry) {
    const ready = (name: string, kind: string): void =>
      registerComputedGauge(registry, {
        name,
        help: `Whether the ${kind} is ready: 1 for the condition that holds.`,
        samples: () => this.#readySamples(kind),
      });
    ready('certmanager_issuer_ready_status', 'Issuer');
    ready('certmanager_clusterissuer_ready_status', 'ClusterIssuer');
    registerComputedGauge(registry, {
      name: 'chancery_issuer_ca_not_after_timestamp_seconds',
      help: 'When the CA certificate behind the issuer expires.',
      samples: () => this.#expirySamples(),
    });
  }

  onChange({ type, object }: LoopChange<Issuer | ClusterIssuer>): void {
    const { kind, metadata, status } = object;
    const key = `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
    if (type === 'DELETED') {
      this.#kept.delete(key);
      return;
    }
    const notAfter = status?.ca?.notAfter;
    this.#kept.set(key, {
      labels: { name: metadata.name, namespace: metadata.namespace ?? '', kind },
      ready: conditionOf(status?.conditions, 'Ready')?.status ?? 'Unknown',
      caNotAfter: notAfter === undefined ? undefined : Date.parse(notAfter) / 1000,
    });
  }

  #readySamples(kind: string): Sample[] {
    const ofKind = [...this.#kept.values()].filter(({ labels }) => labels.kind === kind);
    return ofKind.flatMap(({ labels: { name, namespace }, ready }) =>
      ['True', 'False', 'Unknown'].map((condition) => ({
        labels: { name, ...(namespace === '' ? {} : { namespace }), condition },
        value: ready === condition ? 1 : 0,
      })),
    );
  }

  #expirySamples(): Sample[] {
    return [...this.#kept.values()].flatMap(({ labels, caNotAfter }) =>
      caNotAfter === undefined ? [] : [{ labels, value: caNotAfter }],
    );
  }
}
