import type { KubeObject } from '#model/objects';
import type { Kind } from '#model/resources';
import { modifiedMeanwhile } from './failures.ts';
import { kindOfKey, objectKey, rootPrefix, splitKey } from './keys.ts';
import type { Kv, KvCommit } from './kv.ts';
import { ObjectCache } from './object-cache.ts';
import { ObjectCodec } from './object-codec.ts';
import type { ValueCipher } from './object-codec.ts';
import { ObjectReader } from './object-reader.ts';
import { kindPreparer } from './prepared-kind.ts';
import { listObjects } from './read/list-objects.ts';
import { readPages } from './read/pages.ts';
import { compileSelection } from './read/selection.ts';
import type * as api from './resource-store.ts';
import type { Draft } from '#model/objects';
import { termPrefix } from './terms.ts';
import { WatchHub } from './watch/hub.ts';
import { Watcher } from './watch/watcher.ts';
import { Attempt } from './write/attempt.ts';
import type { Answer } from './write/attempt.ts';
import { PendingWrites, sealCopy } from './write/pending-writes.ts';
import type { EncodedWrite } from './write/pending-writes.ts';
import type { PlanEnvironment } from './write/plan-write.ts';

export interface KeyValueStoreParts extends Omit<PlanEnvironment, 'prepare'> {
  readonly kv: Kv;
  /** Encrypts the values of confidential kinds. */
  readonly cipher?: ValueCipher;
  /** Whether every write to the kv passes through this store. */
  readonly exclusive: boolean;
  /** Bytes of decoded objects to keep. */
  readonly cacheBytes: number;
  /** Bytes of recent events to keep for watchers. */
  readonly eventBytes: number;
  readonly bookmarkSeconds: number;
  /** Lets go of what lies below the kv, after it is closed. */
  readonly onClose?: () => Promise<void>;
}

/** A write that loses so many races in a row is given up. */
const maxTries = 64;

/** The embedded and the clustered store: objects with Kubernetes' semantics over a revisioned key-value store. */
export class KeyValueStore implements api.ResourceStore {
  readonly atomic: boolean;
  readonly #kv: Kv;
  readonly #cache: ObjectCache;
  readonly #codec: ObjectCodec;
  readonly #reader: ObjectReader;
  readonly #hub: WatchHub;
  readonly #environment: PlanEnvironment;
  readonly #bookmarks: NodeJS.Timeout;
  readonly #onClose: (() => Promise<void>) | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: KeyValueStoreParts) {
    const { kv, cipher, exclusive, cacheBytes, eventBytes, bookmarkSeconds, onClose, ...environment } = parts;
    this.#onClose = onClose;
    this.atomic = kv.atomic;
    this.#kv = kv;
    this.#cache = new ObjectCache(cacheBytes);
    this.#codec = new ObjectCodec(cipher);
    this.#reader = new ObjectReader({ kv, codec: this.#codec, cache: this.#cache, exclusive });
    const kindOf = kindOfKey(environment.registry);
    this.#hub = new WatchHub({ kv, reader: this.#reader, kindOf, maxBytes: eventBytes });
    this.#environment = { ...environment, prepare: kindPreparer() };
    this.#bookmarks = setInterval(() => {
      this.#hub.sendBookmarks();
    }, bookmarkSeconds * 1000).unref();
  }

  async get<T extends KubeObject>({ kind, namespace, name }: api.Named<T>): Promise<T | undefined> {
    const { object } = await this.#reader.read(kind, objectKey(kind, namespace, name));
    return object as T | undefined;
  }

  async list<T extends KubeObject>(ref: api.Ref<T>, options: api.ListOptions = {}): Promise<api.ListResult<T>> {
    return (await listObjects(this.#kv, this.#reader, ref, options)) as api.ListResult<T>;
  }

  async scan(
    kind: Kind,
    index: string,
    { from, to, limit }: { readonly from: string; readonly to: string; readonly limit: number },
  ): Promise<{ value: string; namespace: string; name: string }[]> {
    const prefix = termPrefix(kind, index);
    const found = await this.#kv.find(prefix + from, prefix + to, limit);
    return found.map(({ term, key }) => {
      const { namespace, name } = splitKey(kind, key);
      return { value: term.slice(prefix.length), namespace, name };
    });
  }

  async create<T extends KubeObject>(ref: api.Ref<T>, object: Draft<T>, options: api.WriteOptions): Promise<T> {
    const [answer] = await this.#run([{ op: 'create', ref, object, options }]);
    return answer!.object as T;
  }

  async update<T extends KubeObject>(ref: api.Named<T>, object: Draft<T>, options: api.WriteOptions): Promise<T> {
    const [answer] = await this.#run([{ op: 'update', ref, object, options }]);
    return answer!.object as T;
  }

  async patch<T extends KubeObject>(
    ref: api.Named<T>,
    patch: api.Patch,
    options: api.WriteOptions,
  ): Promise<{ object: T; created: boolean }> {
    const [answer] = await this.#run([{ op: 'patch', ref: ref, patch, options }]);
    return { object: answer!.object as T, created: answer!.created };
  }

  async delete<T extends KubeObject>(ref: api.Named<T>, options: api.DeleteOptions): Promise<T | undefined> {
    const [answer] = await this.#run([{ op: 'delete', ref: ref, options }]);
    return answer!.object as T | undefined;
  }

  async sequence(writes: readonly api.Write[]): Promise<(KubeObject | undefined)[]> {
    if (this.atomic) return (await this.#run(writes)).map(({ object }) => object);
    const answers: (KubeObject | undefined)[] = [];
    for (const write of writes) answers.push((await this.#run([write]))[0]!.object);
    return answers;
  }

  watch<T extends KubeObject>(ref: api.Ref<T>, options: api.WatchOptions): AsyncIterable<api.StoreEvent<T>> {
    const { kind } = ref as api.Ref;
    const selection = compileSelection(ref, options);
    const parts = { kind, kv: this.#kv, hub: this.#hub, reader: this.#reader, selection, options };
    const request = { kind, selection, at: 0, after: '', limit: Infinity };
    const watcher = new Watcher({ ...parts, pages: () => readPages(this.#kv, this.#reader, request) });
    return watcher.events() as AsyncIterable<api.StoreEvent<T>>;
  }

  async currentRevision(): Promise<string> {
    return String((await this.#kv.get(rootPrefix)).rev);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#bookmarks);
    await this.#hub.close();
    await this.#kv.close();
    await this.#onClose?.();
  }

  /** Plans the writes in order and commits what they come to, again from the start when another writer was faster. */
  async #run(writes: readonly api.Write[]): Promise<Answer[]> {
    for (let tries = 1; ; tries += 1) {
      const attempt = new Attempt(new PendingWrites(this.#reader, tries > 1));
      for (const write of writes) await attempt.add(this.#environment, write);
      const encoded = attempt.encode(this.#codec);
      const commit = await this.#commit(encoded);
      if (commit.ok) return attempt.answers(this.#keep(encoded, commit.revs));
      const { kind, change } = encoded[commit.failed]!;
      if (tries >= maxTries) throw modifiedMeanwhile(kind, splitKey(kind, change.key).name);
    }
  }

  async #commit(encoded: readonly EncodedWrite[]): Promise<KvCommit> {
    return encoded.length === 0 ? { ok: true, revs: [] } : this.#kv.commit(encoded.map(({ change }) => change));
  }

  /** Gives the committed objects their revisions, and remembers them. */
  #keep(encoded: readonly EncodedWrite[], revs: readonly number[]): Map<string, KubeObject | undefined> {
    const kept = new Map<string, KubeObject | undefined>();
    for (const [index, { change, object, size }] of encoded.entries()) {
      const rev = revs[index]!;
      const sealed = object === undefined ? undefined : sealCopy(object, String(rev));
      this.#cache.put(change.key, { rev, object: sealed, size });
      kept.set(change.key, sealed);
    }
    return kept;
  }
}
