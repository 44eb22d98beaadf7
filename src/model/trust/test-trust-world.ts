import type { TrustBundle } from '#model/resources';
import { at, World } from '../stores/test-world.ts';
import { nextBundle, resolveBundleSources } from './index.ts';
import { bundleStatus } from './status.ts';
import type { BundleOrder, NextBundle } from './index.ts';

/** A World with bundles, which can be brought up to date as a loop does. */
export class TrustWorld extends World {
  trustBundle(namespace: string, name: string): TrustBundle | undefined {
    return this.get('TrustBundle', namespace, name);
  }

  bundle(place: string, spec: TrustBundle['spec']): TrustBundle {
    const { namespace, name } = at(place);
    const { status } = this.trustBundle(namespace, name) ?? {};
    return this.put('TrustBundle', place, { spec, ...(status && { status }) }) as TrustBundle;
  }

  /** Decides and writes the status; answers what was decided. */
  settle(place: string, now: Date, orders: readonly BundleOrder[] = []): NextBundle {
    const { namespace, name } = at(place);
    const bundle = this.trustBundle(namespace, name)!;
    const next = nextBundle({ bundle, sources: resolveBundleSources(this, bundle, now), orders, now });
    this.objects.set(`TrustBundle ${place}`, { ...bundle, status: bundleStatus(bundle, next, now) } as TrustBundle);
    return next;
  }
}
