import type { Registry } from 'prom-client';
import type { ExpiryMessage } from '#model/expiry';
import type { LoopContext } from '../context.ts';
import { ExpiryLoop } from './expiry-loop.ts';
import { registerExpiryMetrics } from './expiry-metrics.ts';
import { ExpiryInventory } from './inventory.ts';
import { watchedKinds } from './object-keys.ts';
import { SeenBackends } from './seen-backends.ts';
import { SourceHealth } from './source-health.ts';

export interface ExpiryWatch {
  readonly loop: ExpiryLoop;
  readonly inventory: ExpiryInventory;
}

/** The watch over all certificates: the loop that tells of them, the list of them, and its metrics. */
export function createExpiryWatch(
  context: LoopContext,
  metrics: Registry,
  onExpiry: (message: ExpiryMessage) => void = () => undefined,
): ExpiryWatch {
  const seen = new SeenBackends();
  const health = new SourceHealth(watchedKinds(context));
  const inventory = new ExpiryInventory(context, seen);
  const count = registerExpiryMetrics(metrics, { inventory, seen, health, clock: context.clock });
  const notify = (message: ExpiryMessage): void => {
    count(message);
    onExpiry(message);
  };
  return { loop: new ExpiryLoop(context, { seen, health, notify }), inventory };
}
