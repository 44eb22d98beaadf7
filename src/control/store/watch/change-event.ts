import type { KubeObject } from '#model/objects';
import type { Kind } from '#model/resources';
import { splitKey } from '../keys.ts';
import type { KvEvent } from '../kv.ts';
import type { ObjectReader } from '../object-reader.ts';

/** One change of one object, shared by all who watch it; decoded when the first of them looks. */
export interface ChangeEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly key: string;
  readonly rev: number;
  /** Bytes that the event keeps alive, roughly. */
  readonly size: number;
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
}

const overhead = 300;

/** Keeps the bytes only until they are decoded. */
export function changeEvent(kind: Kind, source: KvEvent, reader: ObjectReader): ChangeEvent {
  const { key, rev } = source;
  let { value, previous: before } = source;
  let object: KubeObject | undefined;
  let previous: KubeObject | undefined;
  return {
    type: value === undefined ? 'DELETED' : before === undefined ? 'ADDED' : 'MODIFIED',
    key,
    rev,
    size: overhead + (value ?? before?.value ?? []).length,
    get previous() {
      if (before !== undefined) previous = reader.decode(kind, before);
      before = undefined;
      return previous;
    },
    get object() {
      if (object !== undefined) return object;
      if (value !== undefined) object = reader.decodeVersion(kind, key, rev, value);
      else object = withRevision(this.previous ?? unknownObject(kind, key), rev);
      value = undefined;
      return object;
    },
  };
}

/** The object as it was, under the revision of a later event; what a DELETED event shows. */
export function withRevision<T extends KubeObject>(object: T, rev: number): T {
  const metadata = Object.freeze({ ...object.metadata, resourceVersion: String(rev) });
  return Object.freeze({ ...object, metadata });
}

/** Stands for a deleted object whose last value was compacted away: a watcher needs its name to forget it. */
function unknownObject(kind: Kind, key: string): KubeObject {
  const { namespace, name } = splitKey(kind, key);
  const place = namespace === '' ? { name } : { name, namespace };
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  return { apiVersion, kind: kind.kind, metadata: { ...place, uid: '', resourceVersion: '', creationTimestamp: '' } };
}
