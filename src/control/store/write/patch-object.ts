import { CodedError } from '#errors';
import { applyJsonPatch, applyMergePatch, applyStrategicMergePatch } from '#model/objects';
import type { Draft, Json, KubeObject } from '#model/objects';
import type { Kind } from '#model/resources';
import type { Patch } from '../resource-store.ts';

/** The object as the client wants it after its patch; not yet checked in any way. */
export function patchObject(kind: Kind, live: KubeObject, patch: Exclude<Patch, { type: 'apply' }>): Draft {
  const patched = patchJson(kind, live as unknown as Json, patch);
  if (typeof patched !== 'object' || patched === null || Array.isArray(patched)) {
    throw new CodedError('bad-request', 'the patch leaves no object');
  }
  return patched as unknown as Draft;
}

function patchJson(kind: Kind, document: Json, patch: Exclude<Patch, { type: 'apply' }>): Json {
  if (patch.type === 'json') return applyJsonPatch(document, patch.operations);
  if (patch.type === 'merge') return applyMergePatch(document, patch.body);
  if (kind.strategicMerge) return applyStrategicMergePatch(document, patch.body);
  throw new CodedError('unsupported-media-type', `${kind.plural} do not accept strategic merge patches`, {
    hint: 'Use a merge patch, a JSON patch or server-side apply.',
  });
}
