import type { KvEntry } from './kv.ts';

interface Version {
  readonly rev: number;
  readonly value: Uint8Array | null;
}

/** The versions of every key, oldest first, a deletion being a version without a value. */
export class MemoryVersions {
  readonly #byKey = new Map<string, Version[]>();
  #sorted: string[] | undefined = [];

  current(key: string): KvEntry | undefined {
    return this.#at(key, Infinity);
  }

  add(key: string, rev: number, value: Uint8Array | null): void {
    const versions = this.#byKey.get(key);
    if (versions) versions.push({ rev, value });
    else {
      this.#byKey.set(key, [{ rev, value }]);
      this.#sorted = undefined;
    }
  }

  list(
    prefix: string,
    { at, after, limit }: { readonly at: number; readonly after: string; readonly limit: number },
  ): KvEntry[] {
    const entries: KvEntry[] = [];
    for (const key of this.#keys()) {
      if (entries.length >= limit) break;
      if (!key.startsWith(prefix) || key <= after) continue;
      const entry = this.#at(key, at);
      if (entry) entries.push(entry);
    }
    return entries;
  }

  /** Drops what was superseded at or below `rev`. */
  forget(key: string, rev: number): void {
    const versions = this.#byKey.get(key);
    if (!versions) return;
    const newestOld = versions.findLastIndex((version) => version.rev <= rev);
    if (newestOld < 0) return;
    const kept = versions.slice(versions[newestOld]!.value === null ? newestOld + 1 : newestOld);
    if (kept.length > 0) this.#byKey.set(key, kept);
    else this.#remove(key);
  }

  #remove(key: string): void {
    this.#byKey.delete(key);
    this.#sorted = undefined;
  }

  #keys(): readonly string[] {
    this.#sorted ??= [...this.#byKey.keys()].sort();
    return this.#sorted;
  }

  #at(key: string, rev: number): KvEntry | undefined {
    const version = this.#byKey.get(key)?.findLast((version) => version.rev <= rev);
    return version?.value ? { key, rev: version.rev, value: version.value } : undefined;
  }
}
