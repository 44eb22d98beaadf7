import { matchesFields, matchesLabels, parseFieldSelector, parseLabelSelector } from '#model/objects';
import type { FieldSelector, KubeObject } from '#model/objects';
import { collectionPrefix, objectKey } from '../keys.ts';
import type { Ref, Selection } from '../resource-store.ts';

/** Which objects of a kind a list or watch is about. */
export interface CompiledSelection {
  /** Prefix of all keys that can match. */
  readonly prefix: string;
  /** Set when at most this one key can match. */
  readonly key: string | undefined;
  /** Undefined: every object under the prefix (or key) matches. */
  readonly matches: ((object: KubeObject) => boolean) | undefined;
}

/** Fails with bad-request on a selector that does not parse, or on a field that the kind cannot select by. */
export function compileSelection(ref: Ref, { labels, fields }: Selection): CompiledSelection {
  const { kind, namespace } = ref;
  const labelSelector = parseLabelSelector(labels ?? '');
  const fieldSelector = parseFieldSelector(fields ?? '', kind.selectableFields);
  const within = namespace ?? exactValue(fieldSelector, 'metadata.namespace');
  const selected = exactValue(fieldSelector, 'metadata.name');
  const key = ref.name === undefined ? tryKey(ref, within, selected) : objectKey(kind, within, ref.name);
  const content = fieldSelector.filter((one) => key === undefined || one.path !== 'metadata.name');
  const matchesAll = labelSelector.length === 0 && content.length === 0;
  return {
    prefix: collectionPrefix(kind, within),
    key,
    matches: matchesAll
      ? undefined
      : (object) => matchesLabels(labelSelector, object.metadata.labels) && matchesFields(content, object),
  };
}

/** The one key that a selector leaves; undefined when it leaves several, or names nothing that can exist. */
function tryKey(ref: Ref, namespace: string | undefined, name: string | undefined): string | undefined {
  if (name === undefined || (ref.kind.namespaced && !namespace)) return undefined;
  try {
    return objectKey(ref.kind, namespace, name);
  } catch {
    return undefined;
  }
}

function exactValue(selector: FieldSelector, path: string): string | undefined {
  return selector.find((one) => one.path === path && one.operator === '=')?.value;
}
