import type { TrustBundleSource, TruststoreSource } from '#model/resources';
import { objectTerm, targetOf } from '#model/stores';
import type { Lookup, ObjectPlace, Problem } from '#model/stores';

interface Node extends ObjectPlace {
  readonly kind: 'TrustBundle' | 'Truststore';
}

/**
 * Why bundle `own` cannot have `first` as a source: `first` is made from `own`, by however many bundles and Truststores
 * between. What two bundles only had from each other would stay in both for ever.
 */
export function circleThrough(lookup: Lookup, own: ObjectPlace, first: Node): Problem | undefined {
  const wanted = termOf({ kind: 'TrustBundle', ...own });
  const way = new Map<string, string | undefined>([[termOf(first), undefined]]);
  const queue = [first];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    const term = termOf(node);
    if (term === wanted) return circle(wanted, pathTo(term, way));
    for (const next of sourcesOf(lookup, node)) {
      if (way.has(termOf(next))) continue;
      way.set(termOf(next), term);
      queue.push(next);
    }
  }
  return undefined;
}

const termOf = ({ kind, namespace, name }: Node): string => objectTerm(kind, namespace, name);

function sourcesOf(lookup: Lookup, { kind, namespace, name }: Node): Node[] {
  const { sources = [] } = lookup.get(kind, namespace, name)?.spec ?? {};
  const all: readonly (TrustBundleSource | TruststoreSource)[] = sources;
  return [
    ...all.flatMap(({ trustBundleRef }) => nodeAt('TrustBundle', trustBundleRef, namespace)),
    ...all.flatMap(({ truststoreRef }) => nodeAt('Truststore', truststoreRef, namespace)),
  ];
}

function nodeAt(kind: Node['kind'], ref: TrustBundleSource['trustBundleRef'], namespace: string): Node[] {
  if (ref === undefined) return [];
  const place = targetOf(ref, namespace, kind);
  return place.ok ? [{ kind, ...place.value }] : [];
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
