import type { KubeObject } from '#model/objects';
import { IndexBy } from './index-by.ts';
import { ObjectMirror, type MirrorChange } from './object-mirror.ts';

/** A mirror whose objects are also found by terms that are computed from each. */
export class IndexedMirror<T extends KubeObject> extends ObjectMirror<T> {
  readonly #index: IndexBy;

  constructor(
    terms: (object: T) => readonly string[],
    onChange: (key: string, terms: readonly string[]) => void,
    onConnected: (isConnected: boolean, failure?: unknown) => void,
  ) {
    const index = new IndexBy();
    const reindex: MirrorChange<T> = (key, before, after) => {
      const [old, now] = [before, after].map((object) => (object === undefined ? [] : terms(object)));
      index.remove(old!, key);
      index.add(now!, key);
      onChange(key, [...new Set([...old!, ...now!])]);
    };
    super(reindex, onConnected);
    this.#index = index;
  }

  /** In the order of their names. */
  find(term: string): T[] {
    return [...this.#index.find(term)].toSorted().flatMap((key) => this.byKey(key) ?? []);
  }
}
