import type { KubeObject } from '#model/objects';
import type { Kv } from '../kv.ts';
import type { ObjectReader } from '../object-reader.ts';
import type { ListResult, Ref } from '../resource-store.ts';
import { exactly, termPrefix, termsOf } from '../terms.ts';
import type { CompiledSelection } from './selection.ts';

/** More objects than this are read in several rounds. */
const roundSize = 1000;

/**
 * The objects under one value of an index. Its revision is read first, so a watch from there misses nothing; an object
 * may be newer than it.
 */
export async function findIndexed(
  kv: Kv,
  reader: ObjectReader,
  request: { ref: Ref; selection: CompiledSelection; index: { name: string; value: string } },
): Promise<ListResult> {
  const { ref, selection, index } = request;
  const { rev } = await kv.get(selection.prefix);
  const term = termPrefix(ref.kind, index.name) + index.value;
  const items: KubeObject[] = [];
  for (const key of await keysUnder(kv, term)) {
    if (!key.startsWith(selection.prefix) || (selection.key !== undefined && key !== selection.key)) continue;
    const { object, rev: objectRev } = await reader.read(ref.kind, key);
    if (object === undefined || (objectRev > rev && !termsOf(ref.kind, object).includes(term))) continue;
    if (selection.matches === undefined || selection.matches(object)) items.push(object);
  }
  return { resourceVersion: String(rev), items };
}

async function keysUnder(kv: Kv, term: string): Promise<string[]> {
  const { from, to } = exactly(term);
  let limit = roundSize;
  for (;;) {
    const found = await kv.find(from, to, limit);
    if (found.length < limit) return found.map(({ key }) => key);
    limit *= 4;
  }
}
