import { objectTerm, targetOf } from '#model/stores';
import type { ObjectPlace, Problem } from '#model/stores';
import type { TrustLookup } from './lookup.ts';

/**
 * Why bundle `own` cannot have `first` as a source: `first` is made from `own`, by however many bundles between. What two
 * bundles only had from each other would stay in both for ever.
 */
export function circleThrough(lookup: TrustLookup, own: ObjectPlace, first: ObjectPlace): Problem | undefined {
  const wanted = termOf(own);
  const way = new Map<string, string | undefined>([[termOf(first), undefined]]);
  const queue = [first];
  for (let place = queue.shift(); place !== undefined; place = queue.shift()) {
    const term = termOf(place);
    if (term === wanted) return circle(wanted, pathTo(term, way));
    for (const next of bundlesOf(lookup, place)) {
      if (way.has(termOf(next))) continue;
      way.set(termOf(next), term);
      queue.push(next);
    }
  }
  return undefined;
}

const termOf = ({ namespace, name }: ObjectPlace): string => objectTerm('TrustBundle', namespace, name);

function bundlesOf(lookup: TrustLookup, { namespace, name }: ObjectPlace): ObjectPlace[] {
  const { sources = [] } = lookup.trustBundle(namespace, name)?.spec ?? {};
  return sources.flatMap(({ trustBundleRef }) => {
    if (trustBundleRef === undefined) return [];
    const place = targetOf(trustBundleRef, namespace, 'TrustBundle');
    return place.ok ? [place.value] : [];
  });
}

function pathTo(term: string, way: ReadonlyMap<string, string | undefined>): string[] {
  const path: string[] = [];
  for (let at: string | undefined = term; at !== undefined; at = way.get(at)) path.unshift(at);
  return path;
}

function circle(own: string, path: readonly string[]): Problem {
  const hint = 'Let one of them name its certificates itself.';
  return {
    reason: 'ReferenceCycle',
    message: `bundles are made from each other: ${[own, ...path].join(' -> ')}`,
    hint,
  };
}
