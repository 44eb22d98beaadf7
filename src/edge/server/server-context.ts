import type { KindRegistry } from '#model/resources';
import type { ResourceStore } from '#control/store';
import type { DeletionGuard } from './deletion-guard.ts';
import type { Documents } from './documents/documents.ts';
import type { RequestMetrics } from './request-metrics.ts';
import type { AgentSource, ExpirySource, ServerLimits, ServerLogger } from './server-options.ts';
import type { OpenWatches } from './watching/open-watches.ts';

/** What every request is answered from. */
export interface ServerContext {
  readonly store: ResourceStore;
  readonly registry: KindRegistry;
  readonly documents: Documents;
  readonly limits: ServerLimits;
  readonly logger: ServerLogger;
  readonly watches: OpenWatches;
  now(): Date;
  readonly deletionGuard: DeletionGuard | undefined;
  readonly requests: RequestMetrics;
  metrics(): Promise<string>;
  ready(): boolean;
  readonly expiry: ExpirySource | undefined;
  readonly agents: AgentSource | undefined;
}
