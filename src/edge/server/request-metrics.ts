import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AuditEntry } from './server-options.ts';

/** What the server counts of itself; every label has few values, whatever clients send. */
export interface RequestMetrics {
  observe(entry: AuditEntry): void;
  /** Prometheus' text format. */
  text(): Promise<string>;
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createRequestMetrics(openWatches: () => number): RequestMetrics {
  const registry = new Registry();
  const requests = new Counter({
    name: 'chancery_api_requests_total',
    help: 'Requests answered by the API server.',
    labelNames: ['verb', 'resource', 'code'] as const,
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'chancery_api_request_duration_seconds',
    help: 'Time from a request to its complete answer; watches are left out.',
    labelNames: ['verb'] as const,
    buckets: seconds,
    registers: [registry],
  });
  registry.registerMetric(watchGauge(openWatches));
  return {
    observe: ({ verb, resource, code, durationMilliseconds }) => {
      requests.inc({ verb, resource, code });
      if (verb !== 'watch') durations.observe({ verb }, durationMilliseconds / 1000);
    },
    text: () => registry.metrics(),
  };
}

function watchGauge(openWatches: () => number): Gauge {
  return new Gauge({
    name: 'chancery_api_open_watches',
    help: 'Watches that clients hold open.',
    registers: [],
    collect() {
      this.set(openWatches());
    },
  });
}
