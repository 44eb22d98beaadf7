import type { Json } from '#model/objects';

/** One write of a scenario, as the oracle reads it. */
export interface Operation {
  readonly op: 'apply' | 'update';
  readonly manager: string;
  readonly force: boolean;
  readonly object: Json;
}

/** A stream of numbers in [0, 1) that is the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

type JsonObject = { [key: string]: Json };

/** Random objects of the scenario schema: small alphabets, so that managers meet in the same fields. */
export class ObjectMaker {
  readonly #random: () => number;
  /** Whether a field is null now and then, as in configurations that want a default back. */
  nulls = false;

  constructor(random: () => number) {
    this.#random = random;
  }

  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#random() * choices.length)]!;
  }

  object(density = this.pick([0.15, 0.35, 0.6])): JsonObject {
    const object: JsonObject = {};
    if (this.chance(0.95)) object['spec'] = this.spec(density);
    if (this.chance(0.1)) object['status'] = this.inner(density);
    return object;
  }

  spec(density: number): JsonObject {
    return this.#some(density, {
      text: () => this.word(),
      number: () => this.digit(),
      flag: () => this.chance(0.5),
      labels: () => this.words(),
      whole: () => this.words(),
      names: () => this.list(() => this.word()),
      numbers: () => this.list(() => this.digit()),
      order: () => this.list(() => this.word()),
      items: () => this.items(density),
      inner: () => this.inner(density),
      inners: () => this.map(() => this.inner(density)),
      any: () => this.any(2),
    });
  }

  inner(density: number): JsonObject {
    return this.#some(density, {
      a: () => this.word(),
      b: () => this.digit(),
      map: () => this.words(),
      set: () => this.list(() => this.word()),
    });
  }

  items(density: number): Json[] {
    return this.list(() => this.word()).map((name) => this.item(name, density));
  }

  item(name: Json, density: number): JsonObject {
    const rest = this.#some(density, {
      value: () => this.word(),
      inner: () => this.inner(density),
      tags: () => this.list(() => this.word()),
      ports: () => this.list(() => this.digit()).map((port) => this.port(port)),
    });
    return { name, ...rest };
  }

  /** The key `protocol` is never null: a null that goes at the end would leave two items with one key. */
  port(port: Json): JsonObject {
    const protocol: JsonObject = this.chance(0.5) ? { protocol: this.pick(['TCP', 'UDP']) } : {};
    return { port, ...protocol, ...this.#some(0.5, { note: () => this.word() }) };
  }

  any(depth: number): Json {
    if (depth === 0 || this.chance(0.3)) return this.pick<Json>([1, 2, 'x', 'y', true]);
    if (this.chance(0.2)) return this.list(() => this.word());
    return this.map(() => this.any(depth - 1));
  }

  word(): string {
    return this.pick(['a', 'b', 'c']);
  }

  digit(): number {
    return this.pick([1, 2, 3]);
  }

  words(): JsonObject {
    return this.map(() => this.word());
  }

  map(value: () => Json): JsonObject {
    return this.#some(0.4, { a: value, b: value, c: value });
  }

  /** Up to three different items. */
  list(item: () => Json): Json[] {
    const length = this.pick([0, 1, 1, 2, 2, 3]);
    return [...new Set(Array.from({ length }, item))];
  }

  #some(density: number, parts: Record<string, () => Json>): JsonObject {
    const object: JsonObject = {};
    for (const [key, make] of Object.entries(parts)) {
      if (this.chance(density)) object[key] = this.nulls && this.chance(0.15) ? null : make();
    }
    return object;
  }
}

/** Changes an object here and there, as a client does that reads, edits and writes back. */
export function edited(maker: ObjectMaker, live: Json): Json {
  const other = maker.object() as { spec?: JsonObject };
  const { spec = {}, ...rest } = structuredClone(live) as { spec?: JsonObject };
  for (const key of Object.keys(spec)) if (maker.chance(0.1)) delete spec[key];
  for (const [key, value] of Object.entries(other.spec ?? {})) if (maker.chance(0.4)) spec[key] = value;
  return { ...rest, spec };
}

/** The next write of a scenario, given the object as it is now. */
export function nextOperation(maker: ObjectMaker, live: Json | undefined): Operation {
  const op = maker.chance(0.65) ? 'apply' : 'update';
  const manager = maker.pick(['one', 'two', 'three']);
  maker.nulls = op === 'apply' && maker.chance(0.15);
  const edit = op === 'update' && live !== undefined && maker.chance(0.8);
  const object = edit ? edited(maker, live) : maker.object();
  return { op, manager: `${manager}/${op === 'apply' ? 'Apply' : 'Update'}`, force: maker.chance(0.5), object };
}
