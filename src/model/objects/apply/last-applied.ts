import type { Draft, Json } from '../object.ts';
import { compareFields } from '../fields/compare.ts';
import { difference, emptySet, isEmptySet, union, type FieldSet } from '../fields/field-set.ts';
import { statedFields } from '../fields/stated-fields.ts';
import { isJsonObject } from '../values/json-values.ts';
import { annotationsLimitBytes } from '../metadata/validate-metadata.ts';
import type { ApplyRequest } from './requests.ts';
import type { Contested } from './take-over.ts';

/** Where `kubectl apply` keeps its last configuration, and the field manager that may succeed it. */
const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
const successor = 'kubectl';

/**
 * What stays contested once kubectl's own past is set aside: fields that its client-side apply wrote, and that still
 * have the value it wrote, are kubectl's to take. Only for the manager `kubectl`.
 */
export function forgiveOwnHistory(request: ApplyRequest, live: Json, contested: Contested): Contested {
  if (contested.size === 0 || request.manager !== successor) return contested;
  const own = writtenByClient(request, live);
  const rest = [...contested].map(([owner, fields]) => [owner, difference(fields, own)] as const);
  return new Map(rest.filter(([, fields]) => !isEmptySet(fields)));
}

function writtenByClient({ schema, live }: ApplyRequest, value: Json): FieldSet {
  const last = parseLastApplied(live?.metadata.annotations?.[annotation]);
  if (last === undefined) return emptySet;
  const change = compareFields(schema, last, value);
  return difference(statedFields(schema, last), union(union(change.modified, change.added), change.removed));
}

function parseLastApplied(text: string | undefined): Json | undefined {
  try {
    const last = JSON.parse(text ?? 'null') as Json;
    return isJsonObject(last) ? last : undefined;
  } catch {
    return undefined;
  }
}

/**
 * `object` with the annotation brought up to date, when it has one and kubectl applies: a later client-side apply then
 * starts from the truth. Dropped when annotations would grow too large with it.
 */
export function refreshLastApplied(request: ApplyRequest, object: Draft): Draft {
  const annotations = object.metadata.annotations;
  if (request.manager !== successor || annotations?.[annotation] === undefined) return object;
  const { [annotation]: _stale, ...rest } = annotations;
  const text = lastAppliedText(request.applied);
  const fits = text.length <= annotationsLimitBytes;
  return { ...object, metadata: { ...object.metadata, annotations: fits ? { ...rest, [annotation]: text } : rest } };
}

function lastAppliedText(applied: Draft): string {
  const { [annotation]: _self, ...annotations } = applied.metadata.annotations ?? {};
  return `${JSON.stringify({ ...applied, metadata: { ...applied.metadata, annotations } })}\n`;
}
