/** `namespace/name`, or the name alone for objects of the whole cluster. */
export function qualifiedName(metadata: { readonly name?: string; readonly namespace?: string }): string {
  const name = metadata.name ?? '';
  return metadata.namespace === undefined || metadata.namespace === '' ? name : `${metadata.namespace}/${name}`;
}
