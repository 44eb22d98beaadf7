import { setImmediate as nextTurn } from 'node:timers/promises';
import type { KubeObject } from '#model/objects';
import type { Kv } from '../kv.ts';
import type { Found, ObjectReader } from '../object-reader.ts';
import type { ListResult, Ref } from '../resource-store.ts';
import { exactly, termPrefix, termsOf } from '../terms.ts';
import { encodeContinue } from './continue-token.ts';
import type { CompiledSelection } from './selection.ts';

/** So many objects are read without letting others run. */
const turnSize = 250;

export interface IndexRequest {
  readonly ref: Ref;
  readonly selection: CompiledSelection;
  readonly index: { readonly name: string; readonly value: string };
  /** Only objects strictly after this key. */
  readonly after: string;
  readonly limit: number;
}

/**
 * The objects under one value of an index, by namespace and name. Its revision is read first, so a watch from there
 * misses nothing; an object may be newer than it.
 */
export async function findIndexed(kv: Kv, reader: ObjectReader, request: IndexRequest): Promise<ListResult> {
  const { ref, selection, index, after, limit } = request;
  const { rev } = await kv.get(selection.prefix);
  const term = termPrefix(ref.kind, index.name) + index.value;
  const keys = (await keysUnder(kv, term)).filter((key) => key > after && isInside(key, selection));
  const items: KubeObject[] = [];
  for (const [place, key] of keys.entries()) {
    if (place % turnSize === turnSize - 1) await nextTurn();
    const found = await reader.read(ref.kind, key);
    if (isFound(found, request, { term, rev })) items.push(found.object!);
    if (items.length < limit || place === keys.length - 1) continue;
    return { resourceVersion: String(rev), items, continue: encodeContinue({ at: 0, after: key }, selection.prefix) };
  }
  return { resourceVersion: String(rev), items };
}

function isInside(key: string, selection: CompiledSelection): boolean {
  return selection.key === undefined ? key.startsWith(selection.prefix) : key === selection.key;
}

/** What changed since the index was read may have left it. */
function isFound(
  { object, rev }: Found,
  { ref, selection }: IndexRequest,
  index: { readonly term: string; readonly rev: number },
): boolean {
  if (object === undefined) return false;
  if (rev > index.rev && !termsOf(ref.kind, object).includes(index.term)) return false;
  return selection.matches === undefined || selection.matches(object);
}

/** More keys than this are asked for again, with more room. */
const firstKeys = 1000;

async function keysUnder(kv: Kv, term: string): Promise<string[]> {
  const { from, to } = exactly(term);
  let limit = firstKeys;
  for (;;) {
    const found = await kv.find(from, to, limit);
    if (found.length < limit) return found.map(({ key }) => key);
    limit *= 8;
  }
}
