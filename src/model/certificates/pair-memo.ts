/** Remembers what was made of two objects for as long as both live. They must not change. */
export class PairMemo<A extends object, B extends object, T> {
  readonly #results = new WeakMap<A, WeakMap<B, T>>();

  get(a: A, b: B, make: () => T): T {
    let ofA = this.#results.get(a);
    if (ofA === undefined) this.#results.set(a, (ofA = new WeakMap()));
    let result = ofA.get(b);
    if (result === undefined) ofA.set(b, (result = make()));
    return result;
  }
}
