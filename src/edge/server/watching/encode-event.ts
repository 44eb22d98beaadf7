import { apiVersionOf } from '#model/resources';
import { encodeOnce } from './encode-once.ts';
import type { StoreEvent } from '#control/store';
import { encodeObject } from '../answers/encode-object.ts';
import type { Rendering } from '../answers/encode-object.ts';

type ObjectEvent = Exclude<StoreEvent, { type: 'BOOKMARK' }>;
type Bookmark = Extract<StoreEvent, { type: 'BOOKMARK' }>;

/** One event as a line. Watchers who want the same thing of the same event share one encoding. */
export function encodeEvent(event: ObjectEvent, rendering: Rendering): Buffer {
  const encode = (): Buffer => ownBuffer(wrap(event.type, encodeObject(event.object, rendering)));
  return encodeOnce(event, formKey(rendering), encode);
}

/** Node cuts small buffers from large ones, and this one is kept, and would keep the whole of it. */
function ownBuffer(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

// A table shows ages, so it is shared by those only who see it within the same second.
function formKey({ form, includeObject, now }: Rendering): string {
  if (form.as === 'object') return 'object';
  if (form.as === 'partial') return `partial ${form.version}`;
  return `table ${form.version} ${includeObject} ${Math.trunc(now.getTime() / 1000)}`;
}

function lineOf(type: string, object: object): string {
  return wrap(type, JSON.stringify(object));
}

function wrap(type: string, object: string): string {
  return `{"type":"${type}","object":${object}}\n`;
}

/** A bookmark as a line: an object of the kind with nothing but its revision, and in a table with no cells. */
export function encodeBookmark(bookmark: Bookmark, { kind, form }: Rendering): string {
  const annotations = bookmark.initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
  const metadata = { resourceVersion: bookmark.resourceVersion, creationTimestamp: null, ...annotations };
  if (form.as === 'object') return lineOf('BOOKMARK', { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata });
  const apiVersion = `meta.k8s.io/${form.version}`;
  const object = { kind: 'PartialObjectMetadata', apiVersion, metadata };
  if (form.as === 'partial') return lineOf('BOOKMARK', object);
  const { resourceVersion } = metadata;
  const rows = [{ cells: [], object }];
  return lineOf('BOOKMARK', { kind: 'Table', apiVersion, columnDefinitions: [], rows, metadata: { resourceVersion } });
}

/** The last line of a watch that failed. */
export function encodeFailure(status: object): string {
  return lineOf('ERROR', status);
}
