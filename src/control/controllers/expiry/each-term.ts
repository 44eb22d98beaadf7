import type { Kind } from '#model/resources';
import type { ResourceStore } from '#control/store';

export interface FoundTerm {
  readonly value: string;
  readonly namespace: string;
  readonly name: string;
}

const pageSize = 500;

/** What an index holds in [from, to), in order, each once, page by page. */
export async function* eachTerm(
  store: ResourceStore,
  kind: Kind,
  index: string,
  range: { readonly from: string; readonly to: string },
): AsyncGenerator<FoundTerm> {
  let { from } = range;
  let limit = pageSize;
  let atFrom = new Set<string>();
  for (;;) {
    const found = await store.scan(kind, index, { from, to: range.to, limit });
    for (const term of found) if (term.value !== from || !atFrom.has(placeOf(term))) yield term;
    if (found.length < limit) return;
    const last = found.at(-1)!.value;
    // More objects of one value than a page holds cannot be stepped over by value: ask for a bigger page.
    limit = last === from ? limit * 2 : pageSize;
    from = last;
    atFrom = new Set(found.filter(({ value }) => value === last).map(placeOf));
  }
}

function placeOf({ namespace, name }: FoundTerm): string {
  return `${namespace}/${name}`;
}
