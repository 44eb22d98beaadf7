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
  const name = ref.name ?? exactValue(fieldSelector, 'metadata.name');
  const within = namespace ?? exactValue(fieldSelector, 'metadata.namespace');
  const key = name === undefined || (kind.namespaced && !within) ? undefined : tryKey(ref, within, name);
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

function tryKey(ref: Ref, namespace: string | undefined, name: string): string | undefined {
  try {
    return objectKey(ref.kind, namespace, name);
  } catch {
    return undefined;
  }
}

function exactValue(selector: FieldSelector, path: string): string | undefined {
  return selector.find((one) => one.path === path && one.operator === '=')?.value;
}
