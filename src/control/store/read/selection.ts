import { matchesFields, matchesLabels, parseFieldSelector, parseLabelSelector } from '#model/objects';
import type { FieldRequirement, FieldSelector, KubeObject, LabelSelector } from '#model/objects';
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
export function compileSelection(ref: Ref, selection: Selection): CompiledSelection {
  const { kind, namespace } = ref;
  const labels = selection.labels ? parseLabelSelector(selection.labels) : [];
  const fields = selection.fields ? parseFieldSelector(selection.fields, kind.selectableFields) : [];
  const within = namespace ?? exactValue(fields, 'metadata.namespace');
  const name = ref.name ?? exactValue(fields, 'metadata.name');
  const key = ref.name === undefined ? tryKey(ref, within, name) : objectKey(kind, within, ref.name);
  const rest = key === undefined ? fields : fields.filter((one) => !isExactly(one, 'metadata.name', name));
  return { prefix: collectionPrefix(kind, within), key, matches: matcher(labels, rest) };
}

function matcher(labels: LabelSelector, fields: FieldSelector): CompiledSelection['matches'] {
  if (labels.length === 0 && fields.length === 0) return undefined;
  return (object) => matchesLabels(labels, object.metadata.labels) && matchesFields(fields, object);
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
  return selector.find((one) => isExactly(one, path, one.value))?.value;
}

function isExactly({ path, operator, value }: FieldRequirement, wanted: string, text: string | undefined): boolean {
  return path === wanted && operator === '=' && value === text;
}
