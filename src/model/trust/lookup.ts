import type { TrustBundle } from '#model/resources';
import type { Lookup } from '#model/stores';

/** A Lookup that also finds bundles. */
export interface TrustLookup extends Lookup {
  trustBundle(namespace: string, name: string): TrustBundle | undefined;
}
