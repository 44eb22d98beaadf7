import type { KubeObject } from '#model/objects';

const texts = new WeakMap<KubeObject, string>();

/**
 * The object as JSON. An object that a list has just read is not encoded again: its text is what lay in the store, with
 * the resourceVersion put in.
 */
export function objectText(object: KubeObject): string {
  return texts.get(object) ?? JSON.stringify(object);
}

/** Keeps the text of an object for as long as the object. `stored` is without resourceVersion, metadata in third place. */
export function rememberText(object: KubeObject, stored: string): void {
  const { apiVersion, kind, metadata } = object;
  const head = `{"apiVersion":${JSON.stringify(apiVersion)},"kind":${JSON.stringify(kind)},"metadata":{`;
  if (!stored.startsWith(head)) return;
  texts.set(object, `${head}"resourceVersion":"${metadata.resourceVersion}",${stored.slice(head.length)}`);
}
