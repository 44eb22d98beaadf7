import type { Metric, Registry } from 'prom-client';

/** One time series: labels and a value. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ComputedSeries {
  readonly name: string;
  readonly help: string;
  /** Default gauge. */
  readonly type?: 'gauge' | 'counter';
  readonly samples: () => Sample[] | Promise<Sample[]>;
}

/**
 * A gauge whose samples are made when it is read, from what is kept more compactly elsewhere. prom-client's own gauges
 * keep every label set as an object of its own, which for each certificate would cost more than the certificate.
 */
export function registerComputedGauge(
  registry: Registry,
  { name, help, type = 'gauge', samples }: ComputedSeries,
): void {
  const aggregator = 'sum';
  const metric = {
    name,
    help,
    type,
    aggregator,
    get: async () => ({ name, help, type, aggregator, values: await samples() }),
    reset: () => undefined,
  };
  registry.registerMetric(metric as unknown as Metric);
}
