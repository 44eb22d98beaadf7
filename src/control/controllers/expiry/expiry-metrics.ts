import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import type { ExpiringCertificate, ExpiryMessage } from '#model/expiry';
import type { Clock } from '#control/runtime';
import { registerComputedGauge } from '../metrics/series.ts';
import { certificateLabels } from './certificate-labels.ts';
import type { ExpiryInventory } from './inventory.ts';
import type { SeenBackends } from './seen-backends.ts';
import type { SourceHealth } from './source-health.ts';

/** Certificates beyond this many have no series: the most urgent have one. */
const mostSeries = 1000;
/** Farther ahead than any certificate that people make. */
const aheadMilliseconds = 100 * 365 * 86_400_000;

/**
 * x509-certificate-exporter's metrics over the certificates that end first, whatever they were found in, and what they
 * came to: how many changes of state were told. Answers who counts the latter.
 */
export function registerExpiryMetrics(
  registry: Registry,
  {
    inventory,
    seen,
    health,
    clock,
  }: {
    readonly inventory: ExpiryInventory;
    readonly seen: SeenBackends;
    readonly health: SourceHealth;
    readonly clock: Clock;
  },
): (message: ExpiryMessage) => void {
  const list = () =>
    inventory.shared({ until: new Date(clock.now().getTime() + aheadMilliseconds), limit: mostSeries });
  const gauge = (name: string, help: string, value: (certificate: ExpiringCertificate) => number): void =>
    registerComputedGauge(registry, {
      name,
      help,
      samples: async () =>
        (await list()).items.map((certificate) => ({
          labels: certificateLabels(certificate),
          value: value(certificate),
        })),
    });
  const now = (): number => clock.now().getTime() / 1000;
  gauge('x509_cert_not_after', 'When the certificate expires, seconds of the epoch.', endOf);
  gauge('x509_cert_not_before', 'When the certificate becomes valid, seconds of the epoch.', beginOf);
  gauge('x509_cert_expired', 'Whether the certificate has expired.', ({ state }) => Number(state === 'expired'));
  gauge('x509_cert_expires_in_seconds', 'Time until the certificate expires.', (one) => endOf(one) - now());
  gauge('x509_cert_valid_since_seconds', 'Time since the certificate became valid.', (one) => now() - beginOf(one));
  registerComputedGauge(registry, {
    name: 'chancery_expiry_series_left_out',
    help: 'Whether there are more certificates than have series, and certificates at backends that are not watched.',
    samples: async () => [{ labels: {}, value: Number(!(await list()).complete) + seen.leftOut }],
  });
  registerSources(registry, health);
  const told = new Counter({
    name: 'chancery_expiry_transitions_total',
    help: 'Changes of the state of a certificate that were told, by the state that it came into.',
    labelNames: ['state', 'kind'],
    registers: [registry],
  });
  return ({ state, certificate }) => told.inc({ state, kind: certificate.source.kind });
}

const labels = (name: string) => ({ source_kind: 'chancery', source_name: name });

/** Whether the watch sees what it should. */
function registerSources(registry: Registry, health: SourceHealth): void {
  registerComputedGauge(registry, {
    name: 'x509_source_up',
    help: 'Whether the ends of the certificates in objects of a kind could be read last.',
    samples: () => health.entries().map(([name, { up }]) => ({ labels: labels(name), value: Number(up) })),
  });
  registerComputedGauge(registry, {
    name: 'x509_source_errors_total',
    help: 'How often they could not be read.',
    type: 'counter',
    samples: () =>
      health
        .entries()
        .map(([name, { errors }]) => ({ labels: { ...labels(name), reason: 'api_error' }, value: errors })),
  });
}

function endOf({ notAfter }: ExpiringCertificate): number {
  return Date.parse(notAfter) / 1000;
}

function beginOf({ notBefore }: ExpiringCertificate): number {
  return notBefore === undefined ? 0 : Date.parse(notBefore) / 1000;
}
