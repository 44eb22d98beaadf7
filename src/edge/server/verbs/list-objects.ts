import { setImmediate as nextTurn } from 'node:timers/promises';
import { mediaTypes } from '#edge/api';
import type { ListOptions, ListResult } from '#control/store';
import type { Answer } from '../answers/answer.ts';
import { closeList, encodeItem, openList } from '../answers/encode-object.ts';
import type { Rendering } from '../answers/encode-object.ts';
import type { ResourceCall } from '../requests/call.ts';
import { listOptionsOf } from '../requests/list-parameters.ts';
import { renderingOf } from '../requests/rendering.ts';
import type { ServerContext } from '../server-context.ts';
import { collectionOf } from './places.ts';

/** Objects read from the store at a time, whatever the client asks for: a list never holds a whole kind. */
const pageSize = 250;
const chunkCharacters = 128 * 1024;

/** GET of a collection. The first page is read before the answer begins, so that what fails early fails as a Status. */
export async function listObjects(context: ServerContext, call: ResourceCall): Promise<Answer> {
  const rendering = renderingOf(call, call.kind, context.now());
  const options = listOptionsOf(call.query, call.kind);
  const first = await readPage(context, call, options);
  const chunks = encodeList(context, call, options, first, rendering);
  return { code: 200, contentType: mediaTypes.json, body: isWhole(first, options) ? await joined(chunks) : chunks };
}

function readPage(context: ServerContext, call: ResourceCall, options: ListOptions): Promise<ListResult> {
  const limit = Math.min(options.limit ?? pageSize, pageSize);
  return context.store.list(collectionOf(call), { ...options, limit });
}

function isWhole(page: ListResult, { limit }: ListOptions): boolean {
  return page.continue === undefined || (limit !== undefined && page.items.length >= limit);
}

async function joined(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}

async function* encodeList(
  context: ServerContext,
  call: ResourceCall,
  options: ListOptions,
  first: ListResult,
  rendering: Rendering,
): AsyncGenerator<string> {
  let text = openList(rendering);
  let [page, wanted] = [first, options];
  for (let separator = ''; ;) {
    for (const item of page.items) {
      text += separator + encodeItem(item, rendering);
      separator = ',';
      if (text.length < chunkCharacters) continue;
      yield text;
      text = '';
    }
    if (isWhole(page, wanted)) break;
    wanted = following(wanted, page);
    await nextTurn();
    page = await readPage(context, call, wanted);
  }
  yield text + closeList(listMetadata(first, page));
}

// The token carries the revision of the first page, so every page shows the same moment.
function following(options: ListOptions, page: ListResult): ListOptions {
  const { resourceVersion: _revision, match: _match, limit, ...rest } = options;
  return {
    ...rest,
    continue: page.continue!,
    ...(limit === undefined ? {} : { limit: limit - page.items.length }),
  };
}

function listMetadata(first: ListResult, last: ListResult): object {
  return {
    resourceVersion: first.resourceVersion,
    ...(last.continue === undefined ? {} : { continue: last.continue }),
    ...(last.continue === undefined || last.remaining === undefined ? {} : { remainingItemCount: last.remaining }),
  };
}
