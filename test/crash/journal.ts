import { deepEqual, type Json, type KubeObject } from '#model/objects';

/** What an object may hold: its spec or data, or `undefined` for no object. */
export type Content = Json | undefined;

interface Entry {
  /** What it may hold: the last answer, and everything asked since. */
  possible: Content[];
  /** Of the last answer. */
  resourceVersion: number;
  deletionAnswered: boolean;
}

/** What the writers of this test asked the API for, and what was answered. Objects are named by `Kind/name`. */
export class Journal {
  readonly #entries = new Map<string, Entry>();
  readonly #renewals = new Map<string, number>();
  answers = 0;

  /** Call before a write is sent. */
  asks(key: string, content: Content): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) this.#entries.set(key, fresh([undefined, content]));
    else entry.possible.push(content);
  }

  answered(key: string, content: Content, resourceVersion: number): void {
    this.answers += 1;
    const deletionAnswered = content === undefined;
    this.#entries.set(key, { possible: [content], resourceVersion, deletionAnswered });
  }

  /** The server answered that it has not taken the last write. */
  refused(key: string): void {
    this.#entries.get(key)?.possible.pop();
  }

  /** An answered renewal must end in at least this revision. */
  renewed(name: string, revision: number): void {
    this.answers += 1;
    this.#renewals.set(name, Math.max(revision, this.leastRevision(name)));
  }

  leastRevision(name: string): number {
    return this.#renewals.get(name) ?? 0;
  }

  /** The last known content, when there is only one possibility. */
  content(key: string): Content {
    const { possible } = this.#entries.get(key) ?? fresh([]);
    return possible.length === 1 ? possible[0] : undefined;
  }

  /** Sentences about objects that hold what no answer and no open question explains. */
  compare(objects: readonly KubeObject[]): string[] {
    const found = new Map(objects.map((object) => [keyOf(object), object]));
    return [...this.#entries].flatMap(([key, entry]) => compareOne(key, entry, found.get(key)));
  }

  /** From now on what is there is what was answered. */
  accept(objects: readonly KubeObject[]): void {
    const found = new Map(objects.map((object) => [keyOf(object), object]));
    for (const key of this.#entries.keys()) {
      const object = found.get(key);
      if (object === undefined) this.#entries.delete(key);
      else this.#entries.set(key, { ...fresh([contentOf(object)]), resourceVersion: versionOf(object) });
    }
  }

  names(kind: string): string[] {
    const beginning = `${kind}/`;
    return [...this.#entries.keys()]
      .filter((key) => key.startsWith(beginning))
      .map((key) => key.slice(beginning.length));
  }
}

function fresh(possible: Content[]): Entry {
  return { possible, resourceVersion: 0, deletionAnswered: false };
}

function compareOne(key: string, entry: Entry, object: KubeObject | undefined): string[] {
  const content = object === undefined ? undefined : contentOf(object);
  if (!entry.possible.some((one) => deepEqual(one, content))) {
    const texts = [content, ...entry.possible].map((one) => JSON.stringify(one) ?? 'nothing');
    return [`${key} lost an answered write: it holds ${texts[0]}, and may hold ${texts.slice(1).join(' or ')}`];
  }
  if (object === undefined || versionOf(object) >= entry.resourceVersion) return [];
  return [`${key} went back: revision ${entry.resourceVersion} was answered, ${versionOf(object)} is there`];
}

export function keyOf({ kind, metadata }: { kind: string; metadata: { name?: string } }): string {
  return `${kind}/${metadata.name ?? ''}`;
}

export function contentOf(object: object): Content {
  const { spec, data } = object as { spec?: Json; data?: Json };
  return spec ?? data;
}

export function versionOf({ metadata }: KubeObject): number {
  return Number(metadata.resourceVersion);
}
