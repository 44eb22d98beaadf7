import type { KubeObject, OwnerReference } from '#model/objects';
import type { Kind } from '#model/resources';
import { foregroundFinalizer, orphanFinalizer, ownerIndex } from '#control/store';
import type { WorkResult } from '#control/runtime';
import { isCoded } from '#errors';
import { writeOptions } from '../context.ts';
import type { LoopChange, LoopContext } from '../context.ts';
import { QueueLoop, keyOf } from '../queue-loop.ts';

const ownerGone = 'gone:';
const pageSize = 200;

interface Dependent {
  readonly kind: Kind;
  readonly object: KubeObject;
}

/**
 * Deletes objects whose owners are gone, and carries out deletions that wait for dependents (foreground) or set them
 * free first (orphan). Keys: `gone:<uid>` of an owner, and `<group>/<plural>|ns/name` of an object to look at.
 */
export class GarbageLoop extends QueueLoop {
  readonly #withOwners = new Map<Kind, boolean>();

  constructor(context: LoopContext, concurrency: number) {
    super(context, {
      name: 'garbage-collection',
      concurrency,
      backOff: { firstMilliseconds: 500, longestMilliseconds: 30_000 },
    });
  }

  override onChange(change: LoopChange): void {
    const { metadata } = change.object;
    if (change.type === 'DELETED') {
      this.queue.add(`${ownerGone}${metadata.uid}`, metadata.resourceVersion);
      return;
    }
    const isOwned = (metadata.ownerReferences ?? []).length > 0;
    if (isOwned) this.#withOwners.set(change.kind, true);
    const isNew = isOwned && change.type === 'ADDED' && !change.own;
    if (isNew || isHeldByUs(change.object)) this.queue.add(objectKey(change), metadata.resourceVersion);
  }

  protected override async work(key: string): Promise<WorkResult> {
    if (key.startsWith(ownerGone)) {
      await this.#ownerIsGone(key.slice(ownerGone.length));
      return {};
    }
    const found = await this.#find(key);
    if (found === undefined) return {};
    const { metadata } = found.object;
    if (metadata.deletionTimestamp !== undefined && isHeldByUs(found.object)) return this.#finishDeletion(found);
    if ((metadata.ownerReferences ?? []).length > 0) await this.#settleDependent(found);
    return {};
  }

  async #ownerIsGone(uid: string): Promise<void> {
    for (const dependent of await this.#dependentsOf(uid)) {
      await this.#settleDependent(dependent);
      // An owner that waits for its dependents may have waited for this one.
      for (const owner of dependent.object.metadata.ownerReferences ?? []) await this.#lookAtOwner(owner, dependent);
    }
  }

  async #finishDeletion(owner: Dependent): Promise<WorkResult> {
    const dependents = await this.#dependentsOf(owner.object.metadata.uid);
    if ((owner.object.metadata.finalizers ?? []).includes(orphanFinalizer)) {
      for (const dependent of dependents) await this.#disown(dependent, [owner.object.metadata.uid]);
      await this.#removeFinalizer(owner, orphanFinalizer);
      return {};
    }
    const blocking = dependents.filter(({ object }) => blocks(object, owner.object.metadata.uid));
    if (blocking.length === 0) {
      await this.#removeFinalizer(owner, foregroundFinalizer);
      return {};
    }
    for (const dependent of blocking) await this.#delete(dependent, 'Foreground');
    // Each dependent that goes is an event, but of an owner that is not gone: look again.
    return { again: new Date(this.context.clock.now().getTime() + 500) };
  }

  /** Deletes an object none of whose owners is left; forgets the owners that are not. */
  async #settleDependent({ kind, object }: Dependent): Promise<void> {
    const references = object.metadata.ownerReferences ?? [];
    const gone: string[] = [];
    for (const reference of references) {
      if (!(await this.#exists(reference, object.metadata.namespace))) gone.push(reference.uid);
    }
    if (gone.length === 0) return;
    if (gone.length === references.length) await this.#delete({ kind, object }, 'Background');
    else await this.#disown({ kind, object }, gone);
  }

  async #lookAtOwner({ apiVersion, kind, name }: OwnerReference, { object }: Dependent): Promise<void> {
    const found = this.context.registry.byKind(apiVersion, kind);
    if (found === undefined) return;
    const namespace = found.namespaced ? (object.metadata.namespace ?? '') : '';
    const owner = await this.context.store.get({ kind: found, namespace, name });
    if (owner !== undefined && isHeldByUs(owner)) this.queue.add(`${found.group}/${found.plural}|${namespace}/${name}`);
  }

  /** An owner of a kind that is not known here cannot be judged, and counts as there. */
  async #exists({ apiVersion, kind, name, uid }: OwnerReference, namespace = ''): Promise<boolean> {
    const found = this.context.registry.byKind(apiVersion, kind);
    if (found === undefined) return true;
    const owner = await this.context.store.get({ kind: found, namespace: found.namespaced ? namespace : '', name });
    return owner?.metadata.uid === uid;
  }

  async #dependentsOf(uid: string): Promise<Dependent[]> {
    const dependents: Dependent[] = [];
    for (const kind of this.context.registry.kinds) {
      if (!(await this.#hasOwners(kind))) continue;
      const { items } = await this.context.store.list(
        { kind },
        { index: { name: ownerIndex, value: uid }, limit: pageSize },
      );
      for (const object of items) dependents.push({ kind, object });
    }
    return dependents;
  }

  /** Whether any object of the kind may have an owner; of most kinds none ever has, and they need not be searched. */
  async #hasOwners(kind: Kind): Promise<boolean> {
    const known = this.#withOwners.get(kind);
    if (known !== undefined) return known;
    const range = { from: '', to: '\u{10ffff}', limit: 1 };
    const found = await this.context.store.scan(kind, ownerIndex, range);
    // An event may have told of one meanwhile.
    const has = found.length > 0 || this.#withOwners.get(kind) === true;
    this.#withOwners.set(kind, has);
    return has;
  }

  async #delete({ kind, object }: Dependent, propagation: 'Background' | 'Foreground'): Promise<void> {
    const { metadata } = object;
    if (propagation === 'Foreground' && metadata.deletionTimestamp !== undefined) return;
    const options = { ...writeOptions, uid: metadata.uid, propagation } as const;
    await unlessGone(this.context.store.delete(refOf(kind, object), options));
  }

  async #disown({ kind, object }: Dependent, uids: readonly string[]): Promise<void> {
    const ownerReferences = (object.metadata.ownerReferences ?? []).filter(({ uid }) => !uids.includes(uid));
    const next = { ...object, metadata: { ...object.metadata, ownerReferences } };
    await unlessGone(this.context.store.update(refOf(kind, object), next, writeOptions));
  }

  async #removeFinalizer({ kind, object }: Dependent, finalizer: string): Promise<void> {
    const finalizers = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
    const next = { ...object, metadata: { ...object.metadata, finalizers } };
    await unlessGone(this.context.store.update(refOf(kind, object), next, writeOptions));
  }

  async #find(key: string): Promise<Dependent | undefined> {
    const [type = '', place = ''] = key.split('|');
    const [group = '', plural = ''] = type.split('/');
    const kind = this.context.registry.kinds.find((one) => one.group === group && one.plural === plural);
    if (kind === undefined) return undefined;
    const [namespace = '', name = ''] = place.split('/');
    const object = await this.context.store.get({ kind, namespace, name });
    return object === undefined ? undefined : { kind, object };
  }
}

function objectKey(change: LoopChange): string {
  return `${change.kind.group}/${change.kind.plural}|${keyOf(change)}`;
}

function isHeldByUs({ metadata }: KubeObject): boolean {
  if (metadata.deletionTimestamp === undefined) return false;
  return (metadata.finalizers ?? []).some((one) => one === foregroundFinalizer || one === orphanFinalizer);
}

function blocks({ metadata }: KubeObject, uid: string): boolean {
  return (metadata.ownerReferences ?? []).some((one) => one.uid === uid && one.blockOwnerDeletion === true);
}

function refOf(kind: Kind, { metadata }: KubeObject): { kind: Kind; namespace: string; name: string } {
  return { kind, namespace: metadata.namespace ?? '', name: metadata.name };
}

async function unlessGone(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!isCoded(error, 'not-found')) throw error;
  }
}
