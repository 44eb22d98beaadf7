import type { KubeObject } from '#model/objects';

/** `ns/name` */
export function nameKey(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

export function keyOf({ metadata }: KubeObject): string {
  return nameKey(metadata.namespace, metadata.name);
}
