import type { Kind } from '#model/resources';
import type { ResourceStore } from '#control/store';

const pageSize = 500;

/**
 * The keys (`ns/name`) of every object that has a value in the index, page by page. `prefix`: only values that begin
 * with it.
 */
export async function* allTerms(store: ResourceStore, kind: Kind, index: string, prefix = ''): AsyncIterable<string> {
  const to = prefix === '' ? '\u{10ffff}' : `${prefix}\u{10ffff}`;
  for (let from = prefix; ;) {
    const found = await store.scan(kind, index, { from, to, limit: pageSize });
    for (const { namespace, name } of found) yield `${namespace}/${name}`;
    if (found.length < pageSize) return;
    from = `${found.at(-1)!.value}\0`;
  }
}
