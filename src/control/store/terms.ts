import type { KubeObject } from '#model/objects';
import type { Kind } from '#model/resources';
import { CodedError } from '#errors';
import { kindPrefix } from './keys.ts';

/** Index that every kind has: the uid of each owner, under which a garbage collector finds the dependents. */
export const ownerIndex = 'owner';

/** The terms under which `object` is found in its kind's indexes and in the owner index. */
export function termsOf(kind: Kind, object: KubeObject): string[] {
  const terms: string[] = [];
  for (const [index, valuesOf] of Object.entries(kind.indexes)) {
    const prefix = termPrefix(kind, index);
    for (const value of valuesOf(object)) terms.push(prefix + value);
  }
  for (const owner of object.metadata.ownerReferences ?? []) terms.push(termPrefix(kind, ownerIndex) + owner.uid);
  return terms;
}

/** What precedes the value in every term of one index of one kind. */
export function termPrefix(kind: Kind, index: string): string {
  if (index !== ownerIndex && !Object.hasOwn(kind.indexes, index)) {
    throw new CodedError('bad-request', `${kind.plural} have no index ${JSON.stringify(index)}`);
  }
  return `${kindPrefix(kind)}${index}/`;
}

/** Range of the terms that are exactly `term`. */
export function exactly(term: string): { from: string; to: string } {
  return { from: term, to: `${term}\0` };
}
