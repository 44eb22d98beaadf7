import type { KubeObject } from '#model/objects';
import type { CliIO } from '../../io.ts';
import type { Access } from '../../server/access.ts';
import { apiVersionOf, qualifiedSingular, type ServedKind } from '../../server/kinds.ts';
import { namespaceOfNamed, type Target } from '../../server/targets.ts';
import { formatValue, withoutManagedFields } from '../../text/object-text.ts';
import type { GetOptions, OnMissing } from './get.ts';

/** Names, or whole objects: one by itself when one was named, else a List. */
export async function printObjects(
  io: CliIO,
  access: Access,
  targets: readonly Target[],
  options: GetOptions,
  onMissing: OnMissing,
): Promise<void> {
  const objects: KubeObject[] = [];
  for (const target of targets) {
    for await (const object of eachObject(access, target, options, onMissing)) {
      if (options.output === 'name') io.out(`${qualifiedSingular(target.kind)}/${object.metadata.name}\n`);
      else objects.push(object);
    }
  }
  const { output } = options;
  if (output !== 'json' && output !== 'yaml') return;
  const isOne = targets.length === 1 && targets[0]!.names.length === 1;
  if (!isOne) io.out(formatValue(listOf(objects), output));
  else if (objects.length === 1) io.out(formatValue(objects[0], output));
}

function listOf(items: readonly KubeObject[]): unknown {
  return { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items };
}

async function* eachObject(
  access: Access,
  { kind, names }: Target,
  options: GetOptions,
  onMissing: OnMissing,
): AsyncGenerator<KubeObject> {
  const { client, namespace } = access;
  if (names.length === 0) {
    const request = { namespace, labelSelector: options.selector, fieldSelector: options.fieldSelector };
    for await (const object of client.each(kind, request)) yield shownObject(object, kind, options);
  }
  for (const name of names) {
    try {
      yield shownObject(await client.get(kind, name, namespaceOfNamed(namespace, kind)), kind, options);
    } catch (error) {
      onMissing(error);
    }
  }
}

/** Items of a list do not say what they are. */
export function shownObject(object: KubeObject, kind: ServedKind, options: GetOptions): KubeObject {
  const named = { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind };
  return options.showManagedFields ? named : withoutManagedFields(named);
}
