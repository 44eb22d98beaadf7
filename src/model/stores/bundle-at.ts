import type { Anchor, TrustBundle } from '#model/resources';
import { objectTerm } from './lookup.ts';
import type { Lookup, ObjectPlace } from './lookup.ts';
import { failed, found } from './problem.ts';
import type { Outcome } from './problem.ts';

/** The anchors that are trusted: all but those that were withdrawn. */
export const trustedAnchors = ({ status }: Pick<TrustBundle, 'status'>): Anchor[] =>
  (status?.anchors ?? []).filter(({ state }) => state !== 'withdrawn');

/** The bundle at `place`, once it trusts something. */
export function bundleAt(lookup: Lookup, { namespace, name }: ObjectPlace): Outcome<TrustBundle> {
  const term = objectTerm('TrustBundle', namespace, name);
  const bundle = lookup.get('TrustBundle', namespace, name);
  if (bundle === undefined) {
    const message = `${term} does not exist`;
    const hint = 'Create the TrustBundle.';
    return failed({ reason: 'TrustBundleNotFound', message, hint, isWaiting: true });
  }
  if (trustedAnchors(bundle).length > 0) return found(bundle);
  const message = `${term} holds no certificate yet`;
  const hint = `Look at it: kubectl describe trustbundle -n ${namespace} ${name}.`;
  return failed({ reason: 'TrustBundleNotReady', message, hint, isWaiting: true });
}
