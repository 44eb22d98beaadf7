import { CodedError } from '#errors';
import type { Answer } from '../answers/answer.ts';
import { mediaTypes, parameters } from '#edge/api';
import { encodeObject } from '../answers/encode-object.ts';
import type { ResourceCall } from '../requests/call.ts';
import { resourceVersionOf } from '../requests/list-parameters.ts';
import { booleanOf } from '../requests/parameters.ts';
import { renderingOf } from '../requests/rendering.ts';
import type { ServerContext } from '../server-context.ts';
import { objectNotFound, objectOf } from './places.ts';

/** GET of one object, or of its status. */
export async function readObject(context: ServerContext, call: ResourceCall): Promise<Answer> {
  const rendering = renderingOf(call, call.kind, context.now());
  if (booleanOf(call.query, parameters.watch)) throw watchByName(call);
  await refuseFutureRevision(context, resourceVersionOf(call.query));
  const object = await context.store.get(objectOf(call));
  if (object === undefined) throw objectNotFound(call);
  return { code: 200, contentType: mediaTypes.json, body: encodeObject(object, rendering) };
}

function watchByName({ place }: ResourceCall): CodedError {
  return new CodedError('bad-request', 'a single object cannot be watched under its own path', {
    field: parameters.watch,
    hint: `Watch the collection with fieldSelector=metadata.name=${place.name}.`,
  });
}

/** A read "not older than" a revision that does not exist yet must not wait in silence. */
export async function refuseFutureRevision(context: ServerContext, wanted: string | undefined): Promise<void> {
  if (wanted === undefined || wanted === '0') return;
  const current = await context.store.currentRevision();
  if (Number(wanted) <= Number(current)) return;
  throw new CodedError('revision-too-large', `Too large resource version: ${wanted}, current: ${current}`);
}
