import { targetOf } from '#model/stores';
import type { Lookup, ObjectPlace } from '#model/stores';

/**
 * Whether the store `from` (`ns/name`) is `wanted` (`ns/name`) or is made from it, by however many stores of its kind
 * between.
 */
export function restsOnStore(
  lookup: Lookup,
  kind: 'Keystore' | 'Truststore',
  from: string | undefined,
  wanted: string,
): boolean {
  if (from === undefined) return false;
  const seen = new Set<string>();
  const queue = [from];
  for (let place = queue.shift(); place !== undefined; place = queue.shift()) {
    if (place === wanted) return true;
    if (seen.has(place)) continue;
    seen.add(place);
    queue.push(...storesBehind(lookup, kind, placeIn(place)));
  }
  return false;
}

function placeIn(term: string): ObjectPlace {
  const slash = term.indexOf('/');
  return { namespace: term.slice(0, slash), name: term.slice(slash + 1) };
}

function storesBehind(lookup: Lookup, kind: 'Keystore' | 'Truststore', { namespace, name }: ObjectPlace): string[] {
  const refs =
    kind === 'Keystore'
      ? [lookup.get('Keystore', namespace, name)?.spec.keystoreRef]
      : (lookup.get('Truststore', namespace, name)?.spec.sources ?? []).map(({ truststoreRef }) => truststoreRef);
  return refs.flatMap((ref) => {
    if (ref === undefined) return [];
    const target = targetOf(ref, namespace, kind);
    return target.ok ? [`${target.value.namespace}/${target.value.name}`] : [];
  });
}
