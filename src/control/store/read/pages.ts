import { setImmediate as nextTurn } from 'node:timers/promises';
import { isCoded } from '#errors';
import type { KubeObject } from '#model/objects';
import type { Kind } from '#model/resources';
import type { Kv } from '../kv.ts';
import type { ObjectReader } from '../object-reader.ts';
import { continueExpired } from './continue-token.ts';
import type { CompiledSelection } from './selection.ts';

export interface Page {
  readonly revision: number;
  /** The matching objects among those read. */
  readonly objects: readonly KubeObject[];
  /** Key of the last object read, matching or not. */
  readonly last: string;
  readonly more: boolean;
}

export interface PagesRequest {
  readonly kind: Kind;
  readonly selection: CompiledSelection;
  /** 0: the newest revision, which then holds for all pages. */
  readonly at: number;
  readonly after: string;
  /** Objects wanted in all; pages never hold more. */
  readonly limit: number;
}

/** So many objects are decoded without letting others run: a few milliseconds. */
const pageSize = 250;

/**
 * Reads a collection page by page, all of one revision, giving way to others between pages. Ends when `limit` matching
 * objects were handed out or there are no more. Throws gone when the revision is compacted meanwhile.
 */
export async function* readPages(kv: Kv, reader: ObjectReader, request: PagesRequest): AsyncGenerator<Page, void> {
  let { at, after } = request;
  let wanted = request.limit;
  for (;;) {
    const page = await readPage(kv, reader, { ...request, at, after, limit: Math.min(wanted, pageSize) });
    yield page;
    wanted -= page.objects.length;
    if (!page.more || wanted <= 0) return;
    at = page.revision;
    after = page.last;
    await nextTurn();
  }
}

async function readPage(kv: Kv, reader: ObjectReader, request: PagesRequest): Promise<Page> {
  const { kind, selection, at, after, limit } = request;
  const { rev, entries, more } = await listEntries(kv, request);
  const objects: KubeObject[] = [];
  let last = after;
  for (const [index, entry] of entries.entries()) {
    last = entry.key;
    const object = reader.decodeListed(kind, entry);
    if (selection.matches === undefined || selection.matches(object)) objects.push(object);
    if (objects.length === limit)
      return { revision: at || rev, objects, last, more: more || index + 1 < entries.length };
  }
  return { revision: at || rev, objects, last, more };
}

async function listEntries(kv: Kv, { selection, at, after, limit }: PagesRequest): ReturnType<Kv['list']> {
  const options = { limit: selection.matches === undefined ? limit : pageSize };
  try {
    return await kv.list(selection.prefix, {
      ...options,
      ...(at > 0 && { at }),
      ...(after !== '' && { after }),
    });
  } catch (error) {
    if (after !== '' && isCoded(error, 'gone')) throw continueExpired({ at, after }, selection.prefix);
    throw error;
  }
}
