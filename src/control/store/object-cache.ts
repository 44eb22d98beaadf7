import type { KubeObject } from '#model/objects';

/** One known version of a key. Without an object: the key was deleted at `rev`. */
export interface KnownVersion {
  readonly rev: number;
  readonly object: KubeObject | undefined;
  /** Bytes of the encoded object; stands for its size in the heap. */
  readonly size: number;
}

interface Known {
  readonly latest: KnownVersion;
  /** The version before, which watch events ask for as their `previous`. */
  readonly before: KnownVersion | undefined;
}

const entryOverhead = 200;

/**
 * Decoded objects by key, newest version and the one before, bounded by bytes. Two generations stand for recency: what
 * is asked for moves to the young one; when that is full, the old one is forgotten whole.
 */
export class ObjectCache {
  readonly #generationBytes: number;
  #young = new Map<string, Known>();
  #old = new Map<string, Known>();
  #youngBytes = 0;

  constructor(maxBytes: number) {
    this.#generationBytes = maxBytes / 2;
  }

  latest(key: string): KnownVersion | undefined {
    return this.#find(key)?.latest;
  }

  /** The object that `key` held from `rev` on; undefined when it is not remembered. */
  version(key: string, rev: number): KubeObject | undefined {
    const known = this.#find(key);
    if (known === undefined) return undefined;
    return known.latest.rev === rev ? known.latest.object : known.before?.rev === rev ? known.before.object : undefined;
  }

  /** Remembers a version; one older than what is known changes nothing. */
  put(key: string, version: KnownVersion): void {
    const known = this.#find(key);
    if (known !== undefined && known.latest.rev >= version.rev) return;
    this.#keep(key, { latest: version, before: known?.latest });
  }

  /** Forgets what is known of `key` when that is older than `rev`: somebody wrote it, and has not told yet what. */
  forgetBefore(key: string, rev: number): void {
    const known = this.#young.get(key) ?? this.#old.get(key);
    if (known === undefined || known.latest.rev >= rev) return;
    this.#young.delete(key);
    this.#old.delete(key);
  }

  #find(key: string): Known | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.#keep(key, old);
    return old;
  }

  #keep(key: string, known: Known): void {
    this.#young.set(key, known);
    this.#youngBytes += entryOverhead + known.latest.size + (known.before?.size ?? 0);
    if (this.#youngBytes < this.#generationBytes) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngBytes = 0;
  }
}
