import type { KubeObject } from '#model/objects';
import type { Kind } from '#model/resources';
import type { LoopContext } from '../context.ts';

/** `group/plural|ns/name`: a key of a queue that holds objects of several kinds. */
export function keyOfObject({ group, plural }: Kind, namespace: string | undefined, name: string): string {
  return `${group}/${plural}|${namespace ?? ''}/${name}`;
}

/** The object that a key names, undefined once it is gone. */
export async function objectAt(
  { store }: LoopContext,
  kinds: readonly Kind[],
  key: string,
): Promise<KubeObject | undefined> {
  const [type = '', place = ''] = key.split('|');
  const kind = kinds.find(({ group, plural }) => type === `${group}/${plural}`);
  const slash = place.indexOf('/');
  if (kind === undefined) return undefined;
  return store.get({ kind, namespace: place.slice(0, slash), name: place.slice(slash + 1) });
}

/** The kinds whose objects tell of certificates, by their index `expiry`. */
export function watchedKinds({ registry, kinds }: LoopContext): Kind[] {
  // Events have an index of that name too: of their own end.
  return registry.kinds.filter((kind) => Object.hasOwn(kind.indexes, 'expiry') && kind !== (kinds.event as unknown));
}
