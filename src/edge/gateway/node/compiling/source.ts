import type { Compiled, GatewayLookup, ListenerPlan, RoutePlan } from '#model/gateways';
import type { API, Gateway } from '#model/resources';
import type { Reading } from '../watching/terms.ts';

export type ListenerEntry = Gateway['spec']['sni'][number];

/** What plans are compiled from, as it is now. */
export interface Source {
  readonly gateway: Gateway | undefined;
  /** Resource version of the newest change that is in it. */
  readonly newestRevision: string;
  apis(): Iterable<API>;
  /** `key` is `ns/name`. */
  api(key: string): API | undefined;
  lookup(reading: Reading): GatewayLookup;
  /** Nobody looks at that any more. */
  forget(term: string): void;
}

/** The decisions: what is made of the source. */
export interface PlanCompiler {
  listener(lookup: GatewayLookup, gateway: Gateway, entry: ListenerEntry, now: Date): Compiled<ListenerPlan>;
  route(lookup: GatewayLookup, gateway: Gateway, api: API, now: Date): Compiled<RoutePlan>;
  /** Whether the gateway serves the API at all. */
  serves(gateway: Gateway, api: API): boolean;
}
