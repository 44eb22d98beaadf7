import { CodedError } from '#errors';
import type { Draft, Json, KubeObject } from '#model/objects';
import type { Patch } from '#control/store';
import { mediaTypes, parseMediaType } from '#edge/api';
import type { Answer } from '../answers/answer.ts';
import { encodeObject } from '../answers/encode-object.ts';
import type { Rendering } from '../answers/encode-object.ts';
import { decodeAs, unsupportedBody } from '../bodies/decode-body.ts';
import type { ResourceCall } from '../requests/call.ts';
import { renderingOf } from '../requests/rendering.ts';
import { placedDraft, reportDuplicates, sentObject } from '../requests/sent-object.ts';
import { patchOptionsOf, writeOptionsOf } from '../requests/write-parameters.ts';
import type { ServerContext } from '../server-context.ts';
import { collectionOf, objectOf } from './places.ts';

/** POST to a collection: 201 with the object. */
export async function createObject(context: ServerContext, call: ResourceCall, body: Uint8Array): Promise<Answer> {
  const rendering = renderingOf(call, call.kind, context.now());
  const options = writeOptionsOf(call, 'CreateOptions');
  const draft = sentObject(call, body, context.limits, options);
  const created = await context.store.create(collectionOf(call), draft, options);
  return objectAnswer(created, rendering, 201);
}

/** PUT of an object or its status: 200 with the object. */
export async function updateObject(context: ServerContext, call: ResourceCall, body: Uint8Array): Promise<Answer> {
  const rendering = renderingOf(call, call.kind, context.now());
  const options = writeOptionsOf(call, 'UpdateOptions');
  const draft = sentObject(call, body, context.limits, options);
  const named = { ...draft, metadata: { ...draft.metadata, name: draft.metadata.name ?? call.place.name! } };
  const updated = await context.store.update(objectOf(call), named, options);
  return objectAnswer(updated, rendering, 200);
}

/** PATCH of four types: 200 with the object, 201 when an apply made it. */
export async function patchObject(context: ServerContext, call: ResourceCall, body: Uint8Array): Promise<Answer> {
  const rendering = renderingOf(call, call.kind, context.now());
  const type = patchTypeOf(call);
  const { options, force } = patchOptionsOf(call, type === 'apply');
  if (body.length === 0) throw new CodedError('bad-request', 'the request has no body', { hint: 'Send the patch.' });
  const decoded = decodeAs(type === 'apply' ? 'yaml' : 'json', body, context.limits);
  reportDuplicates(call, decoded, options);
  const patch = patchOf(call, type, decoded.value, force);
  const { object, created } = await context.store.patch(objectOf(call), patch, options);
  return objectAnswer(object, rendering, created ? 201 : 200);
}

const patchTypes: Readonly<Record<string, Patch['type']>> = {
  [mediaTypes.jsonPatch]: 'json',
  [mediaTypes.mergePatch]: 'merge',
  [mediaTypes.strategicPatch]: 'strategic',
  [mediaTypes.applyPatch]: 'apply',
};

function patchTypeOf({ contentType, kind }: ResourceCall): Patch['type'] {
  const type = patchTypes[parseMediaType(contentType ?? '').type];
  if (type !== undefined && (type !== 'strategic' || kind.strategicMerge)) return type;
  const accepted = Object.keys(patchTypes).filter((name) => kind.strategicMerge || patchTypes[name] !== 'strategic');
  throw unsupportedBody(accepted);
}

function patchOf(call: ResourceCall, type: Patch['type'], body: Json, force: boolean): Patch {
  if (type === 'json') return { type, operations: operationsOf(body) };
  if (type === 'apply') return { type, body: applied(call, body), force };
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { type, body };
  throw new CodedError('bad-request', `a ${type} patch must be an object`);
}

function operationsOf(body: Json): Json[] {
  if (Array.isArray(body)) return body;
  throw new CodedError('bad-request', 'a JSON patch must be a list of operations');
}

function applied(call: ResourceCall, body: Json): Draft {
  const draft = placedDraft(call, body);
  return { ...draft, metadata: { ...draft.metadata, name: call.place.name! } };
}

function objectAnswer(object: KubeObject, rendering: Rendering, code: number): Answer {
  return { code, contentType: mediaTypes.json, body: encodeObject(object, rendering) };
}
