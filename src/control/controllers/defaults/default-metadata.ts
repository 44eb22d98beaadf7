import type { ObjectMeta } from '#model/objects';
import { chanceryKeys, systemNamespace } from '#model/resources';

/** Of an object made at installation: its label keeps it from being edited and deleted. */
export function defaultMetadata(name: string): Partial<ObjectMeta> {
  return { name, namespace: systemNamespace, labels: { [chanceryKeys.isDefault]: 'true' } };
}
