import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isCoded } from '#errors';
import type { Kv, KvChange } from './kv.ts';

interface Written {
  readonly key: string;
  readonly text: string | null;
  readonly terms: readonly string[];
}

/** The contract at its simplest: the list of everything that was ever written. */
export class KvModel {
  readonly written: Written[] = [];
  compacted = 0;

  get newest(): number {
    return this.written.length;
  }

  standing(key: string, at = this.newest): { rev: number; text: string } | undefined {
    const index = this.written.slice(0, at).findLastIndex((write) => write.key === key);
    const text = this.written[index]?.text ?? null;
    return text === null ? undefined : { rev: index + 1, text };
  }

  state(prefix: string, at: number): [key: string, rev: number, text: string][] {
    const keys = [...new Set(this.written.map(({ key }) => key))].filter((key) => key.startsWith(prefix)).sort();
    return keys.flatMap((key) => {
      const standing = this.standing(key, at);
      return standing ? [[key, standing.rev, standing.text] as [string, number, string]] : [];
    });
  }

  terms(): string[] {
    return this.state('', this.newest)
      .flatMap(([key, rev]) => this.written[rev - 1]!.terms.map((term) => `${term}=${key}`))
      .sort();
  }
}

const text = (value: Uint8Array | undefined) => (value ? new TextDecoder().decode(value) : null);

/** A change whose expectation is right or wrong by plan. */
interface PlannedChange {
  readonly key: string;
  readonly text: string | null;
  readonly terms: readonly string[];
  readonly stale: boolean;
}

class Commit implements fc.AsyncCommand<KvModel, Kv> {
  readonly #planned: readonly PlannedChange[];

  constructor(planned: readonly PlannedChange[]) {
    this.#planned = planned;
  }

  check(): boolean {
    return true;
  }

  async run(model: KvModel, kv: Kv): Promise<void> {
    const planned = this.#planned.filter(({ key, text }) => text !== null || model.standing(key) !== undefined);
    const answer = await kv.commit(planned.map((change) => toChange(model, change)));
    const failed = planned.findIndex(({ stale }) => stale);
    assert.equal(answer.ok ? -1 : answer.failed, failed);
    if (!answer.ok) return;
    model.written.push(...planned);
    assert.deepEqual(
      answer.revs,
      planned.map((_, index) => model.newest - planned.length + 1 + index),
    );
  }

  toString(): string {
    return `commit(${JSON.stringify(this.#planned)})`;
  }
}

function toChange(model: KvModel, { key, text, terms, stale }: PlannedChange): KvChange {
  const standing = model.standing(key)?.rev ?? 0;
  return {
    key,
    expect: stale ? standing + 1 : standing,
    value: text === null ? null : new TextEncoder().encode(text),
    terms,
  };
}

class List implements fc.AsyncCommand<KvModel, Kv> {
  readonly #prefix: string;
  readonly #back: number;
  readonly #limit: number;

  constructor(prefix: string, back: number, limit: number) {
    this.#prefix = prefix;
    this.#back = back;
    this.#limit = limit;
  }

  check(model: KvModel): boolean {
    return model.newest >= this.#back;
  }

  async run(model: KvModel, kv: Kv): Promise<void> {
    const at = model.newest - this.#back;
    if (at < model.compacted) {
      return assert.rejects(kv.list(this.#prefix, { at }), (error) => isCoded(error, 'gone'));
    }
    const listed: [string, number, string | null][] = [];
    for (let more = true; more;) {
      const page = await kv.list(this.#prefix, { at, limit: this.#limit, after: listed.at(-1)?.[0] ?? '' });
      listed.push(...page.entries.map(({ key, rev, value }) => [key, rev, text(value)] as [string, number, string]));
      more = page.more;
    }
    assert.deepEqual(listed, model.state(this.#prefix, at));
  }

  toString(): string {
    return `list(${this.#prefix}, newest - ${this.#back}, ${this.#limit})`;
  }
}

class Watch implements fc.AsyncCommand<KvModel, Kv> {
  readonly #prefix: string;
  readonly #back: number;

  constructor(prefix: string, back: number) {
    this.#prefix = prefix;
    this.#back = back;
  }

  check(model: KvModel): boolean {
    return model.newest - this.#back >= model.compacted && this.#back > 0;
  }

  async run(model: KvModel, kv: Kv): Promise<void> {
    const after = model.newest - this.#back;
    const seen: unknown[] = [];
    for await (const { rev, events } of kv.watch(this.#prefix, after, new AbortController().signal)) {
      for (const event of events) {
        seen.push([event.rev, event.key, text(event.value), event.previous?.rev, text(event.previous?.value)]);
      }
      if (rev === model.newest) break;
    }
    assert.deepEqual(seen, expectedEvents(model, this.#prefix, after));
  }

  toString(): string {
    return `watch(${this.#prefix}, newest - ${this.#back})`;
  }
}

function expectedEvents(model: KvModel, prefix: string, after: number): unknown[] {
  return model.written.slice(after).flatMap(({ key, text }, index) => {
    const previous = model.standing(key, after + index);
    return key.startsWith(prefix) ? [[after + index + 1, key, text, previous?.rev, previous?.text ?? null]] : [];
  });
}

class Compact implements fc.AsyncCommand<KvModel, Kv> {
  readonly #back: number;

  constructor(back: number) {
    this.#back = back;
  }

  check(model: KvModel): boolean {
    return model.newest >= this.#back;
  }

  async run(model: KvModel, kv: Kv): Promise<void> {
    const rev = model.newest - this.#back;
    await kv.compact(rev);
    model.compacted = Math.max(model.compacted, rev);
  }

  toString(): string {
    return `compact(newest - ${this.#back})`;
  }
}

class FindAll implements fc.AsyncCommand<KvModel, Kv> {
  check(): boolean {
    return true;
  }

  async run(model: KvModel, kv: Kv): Promise<void> {
    const found = await kv.find('', '\x7f', 1000);
    assert.deepEqual(
      found.map(({ term, key }) => `${term}=${key}`),
      model.terms(),
    );
  }

  toString(): string {
    return 'find()';
  }
}

const key = fc.constantFrom('/a', '/a/1', '/a/2', '/b', '/b/1');
const prefix = fc.constantFrom('', '/a', '/a/', '/b');
const change = fc.record({
  key,
  text: fc.option(fc.string({ maxLength: 3 }), { freq: 4 }),
  terms: fc.uniqueArray(fc.constantFrom('t1', 't2', 't3'), { maxLength: 2 }),
  stale: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
});

const commit = fc
  .uniqueArray(change, { maxLength: 3, selector: ({ key }) => key })
  .map((planned) => new Commit(planned));

/** Commits stand here more than once, so that there is a past to ask about between two compactions. */
export const kvCommands = [
  commit,
  commit,
  commit,
  fc
    .tuple(prefix, fc.nat(8), fc.integer({ min: 1, max: 4 }))
    .map(([prefix, back, limit]) => new List(prefix, back, limit)),
  fc.tuple(prefix, fc.nat(8)).map(([prefix, back]) => new Watch(prefix, back)),
  fc.nat(12).map((back) => new Compact(back)),
  fc.constant(new FindAll()),
];
