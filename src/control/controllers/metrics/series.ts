import type { Metric, Registry } from 'prom-client';

/** One time series: labels and a value. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * A gauge whose samples are made when it is read, from what is kept more compactly elsewhere. prom-client's own gauges
 * keep every label set as an object of its own, which for each certificate would cost more than the certificate.
 */
export function registerComputedGauge(
  registry: Registry,
  {
    name,
    help,
    samples,
  }: { readonly name: string; readonly help: string; readonly samples: () => Sample[] | Promise<Sample[]> },
): void {
  const metric = {
    name,
    help,
    type: 'gauge',
    aggregator: 'sum',
    get: async () => ({ name, help, type: 'gauge', aggregator: 'sum', values: await samples() }),
    reset: () => undefined,
  };
  registry.registerMetric(metric as unknown as Metric);
}
