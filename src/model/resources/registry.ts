import type { Kind, KindRegistry } from './kind.ts';

/** Answers kinds by group, version and plural, or by apiVersion and kind name. */
export function createRegistry(kinds: readonly Kind[]): KindRegistry {
  const byPlural = new Map(kinds.map((kind) => [`${apiVersionOf(kind)}/${kind.plural}`, kind]));
  const byKind = new Map(kinds.map((kind) => [`${apiVersionOf(kind)}/${kind.kind}`, kind]));
  return {
    kinds,
    byPlural: (group, version, plural) => byPlural.get(`${apiVersionOf({ group, version })}/${plural}`),
    byKind: (apiVersion, kind) => byKind.get(`${apiVersion}/${kind}`),
  };
}

/** `cert-manager.io/v1`, or `v1` in the core group. */
export const apiVersionOf = ({ group, version }: Pick<Kind, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;
