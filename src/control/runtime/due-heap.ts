/** Binary heap of keys by instant: the earliest first; a key may be in it more than once. */
export class DueHeap {
  readonly #items: { at: number; key: string }[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** Instant of the earliest key, in milliseconds of the epoch. */
  next(): number | undefined {
    return this.#items[0]?.at;
  }

  push(key: string, at: number): void {
    const items = this.#items;
    let index = items.length;
    items.push({ at, key });
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (items[parent]!.at <= at) break;
      items[index] = items[parent]!;
      index = parent;
    }
    items[index] = { at, key };
  }

  /** Removes and returns the earliest key that is due at `now`, with its instant. */
  pop(now: number): { at: number; key: string } | undefined {
    const first = this.#items[0];
    if (first === undefined || first.at > now) return undefined;
    const last = this.#items.pop()!;
    if (this.#items.length > 0) this.#sink(last);
    return first;
  }

  #sink(item: { at: number; key: string }): void {
    const items = this.#items;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && items[child + 1]!.at < items[child]!.at) child += 1;
      if (items[child]!.at >= item.at) break;
      items[index] = items[child]!;
      index = child;
    }
    items[index] = item;
  }
}
