import { isCoded } from '#errors';
import type { Json, KubeObject } from '#model/objects';
import type { DeleteOptions } from '#control/store';
import { mediaTypes, parameters } from '#edge/api';
import type { Answer } from '../answers/answer.ts';
import { jsonAnswer } from '../answers/answer.ts';
import { encodeObject } from '../answers/encode-object.ts';
import { decodeObject } from '../bodies/decode-body.ts';
import { askGuard } from '../deletion-guard.ts';
import type { ResourceCall } from '../requests/call.ts';
import { deleteOptionsOf } from '../requests/delete-parameters.ts';
import { unreadable } from '../requests/invalid-options.ts';
import { resourceVersionOf, selectionOf } from '../requests/list-parameters.ts';
import { renderingOf } from '../requests/rendering.ts';
import type { ServerContext } from '../server-context.ts';
import { collectionOf, objectNotFound, objectOf } from './places.ts';

/** DELETE of one object: the object while something still holds it, else a Status that names what is gone. */
export async function deleteObject(context: ServerContext, call: ResourceCall, body: Uint8Array): Promise<Answer> {
  const rendering = renderingOf(call, call.kind, context.now());
  const options = deleteOptionsOf(call, sentOptions(context, call, body));
  const before = await context.store.get(objectOf(call));
  if (before === undefined) throw objectNotFound(call);
  await mayDelete(context, call, before, options);
  const left = await context.store.delete(objectOf(call), options);
  if (left === undefined) return jsonAnswer(successStatus(call, before));
  return { code: 200, contentType: mediaTypes.json, body: encodeObject(left, rendering) };
}

const mayDelete = (
  context: ServerContext,
  { kind }: ResourceCall,
  object: KubeObject,
  options: DeleteOptions,
): Promise<void> => askGuard(context.deletionGuard, kind, object, { user: options.user, options, now: context.now() });

function sentOptions(context: ServerContext, call: ResourceCall, body: Uint8Array): Json | undefined {
  if (body.length === 0) return undefined;
  return decodeObject(body, call.contentType, context.limits).value;
}

function successStatus({ kind }: ResourceCall, deleted?: KubeObject): object {
  const named = deleted === undefined ? {} : { name: deleted.metadata.name, uid: deleted.metadata.uid };
  const details = { ...named, ...(kind.group === '' ? {} : { group: kind.group }), kind: kind.plural };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details, code: 200 };
}

/** Objects read and deleted at a time. */
const pageSize = 250;

/**
 * DELETE of a collection: everything that was in it when the request began. Answers a Status and not the list of what is
 * gone, which may be far larger than anybody reads. Nothing of a page goes when the guard refuses one of it.
 */
export async function deleteCollection(context: ServerContext, call: ResourceCall, body: Uint8Array): Promise<Answer> {
  const options = deleteOptionsOf(call, sentOptions(context, call, body));
  refusePaging(call.query);
  const selection = selectionOf(call.query, call.kind);
  let token: string | undefined;
  do {
    const page = await context.store.list(collectionOf(call), {
      ...selection,
      limit: pageSize,
      ...(token === undefined ? {} : { continue: token }),
    });
    await Promise.all(page.items.map((item) => mayDelete(context, call, item, options)));
    await Promise.all(page.items.map((item) => deleteItem(context, call, item, options)));
    token = page.continue;
  } while (token !== undefined);
  return jsonAnswer(successStatus(call));
}

const pagingParameters = [parameters.limit, parameters.continue, parameters.sendInitialEvents] as const;

// A part of a collection cannot be deleted by page; ignoring the wish would delete the rest as well.
function refusePaging(query: URLSearchParams): void {
  const given = pagingParameters.find((name) => query.has(name));
  if (given !== undefined) throw unreadable(given, query.get(given)!, 'left out when a collection is deleted');
  const resourceVersion = resourceVersionOf(query) ?? '0';
  if (resourceVersion !== '0') throw unreadable(parameters.resourceVersion, resourceVersion, 'left out, or 0');
}

async function deleteItem(
  context: ServerContext,
  { kind }: ResourceCall,
  { metadata }: KubeObject,
  options: DeleteOptions,
): Promise<void> {
  const scope = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
  try {
    await context.store.delete(
      { kind, ...scope, name: metadata.name },
      { ...options, uid: options.uid ?? metadata.uid },
    );
  } catch (error) {
    if (!isCoded(error, 'not-found')) throw error;
  }
}
