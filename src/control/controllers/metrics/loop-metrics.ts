import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Clock } from '#control/runtime';
import type { LoopMeasure } from '../context.ts';

/** Counters of the loops, under cert-manager's names, and the clock. */
export function loopMetrics(registry: Registry, clock: Clock): LoopMeasure & { readonly dropped: () => void } {
  const registers = [registry];
  const calls = new Counter({
    name: 'certmanager_controller_sync_call_count',
    help: 'Runs of a loop over one key.',
    labelNames: ['controller'],
    registers,
  });
  const errors = new Counter({
    name: 'certmanager_controller_sync_error_count',
    help: 'Runs of a loop that failed and are repeated.',
    labelNames: ['controller'],
    registers,
  });
  const dropped = new Counter({
    name: 'chancery_events_dropped_total',
    help: 'Events that were not written because there were too many at once.',
    registers,
  });
  const time = clockGauge(clock);
  registry.registerMetric(time);
  return {
    run: (controller) => calls.inc({ controller }),
    failure: (controller) => errors.inc({ controller }),
    dropped: () => dropped.inc(),
  };
}

function clockGauge(clock: Clock): Gauge {
  return new Gauge({
    name: 'certmanager_clock_time_seconds_gauge',
    help: 'The time that the loops go by, in seconds of the epoch.',
    registers: [],
    collect() {
      this.set(Math.floor(clock.now().getTime() / 1000));
    },
  });
}
