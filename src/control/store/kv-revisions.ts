import assert from 'node:assert/strict';
import { CodedError } from '#errors';
import type { KvChange } from './kv.ts';

/** What a store still knows: events in (compacted, newest], and the state at any revision in [compacted, newest]. */
export interface RevisionRange {
  readonly compacted: number;
  readonly newest: number;
}

/** Throws gone or revision-too-large when nothing can be answered about `rev`. */
export function assertKnownRevision(rev: number, { compacted, newest }: RevisionRange): void {
  if (rev < compacted) {
    throw new CodedError('gone', `revision ${rev} was compacted; the oldest known is ${compacted}`, {
      hint: 'List again and continue from the revision of that list.',
    });
  }
  if (rev > newest) {
    throw new CodedError('revision-too-large', `revision ${rev} is not written yet; the newest is ${newest}`, {
      hint: 'Retry in a second, or list again.',
    });
  }
}

export function closedError(): CodedError {
  return new CodedError('store-closed', 'the store is closed');
}

const printableASCII = /^[\x20-\x7e]+$/;

/** The end of the range of keys under `prefix`: keys are printable ASCII, so none sorts at or above it. */
export function prefixEnd(prefix: string): string {
  return `${prefix}\x7f`;
}

/** A commit that breaks these rules is a fault of the caller's code, never of its input. */
export function assertChanges(changes: readonly KvChange[]): void {
  for (const { key, expect, value } of changes) {
    assert.match(key, printableASCII, 'a key is printable ASCII');
    assert.ok(expect >= 0, 'expect is a revision, or 0 for absent');
    assert.ok(value !== null || expect > 0, 'a delete names the revision it deletes');
  }
  if (changes.length > 1) {
    assert.equal(new Set(changes.map(({ key }) => key)).size, changes.length, 'a commit names each key once');
  }
}

/** JavaScript compares UTF-16 units, which sorts characters above U+FFFF wrongly; most texts have none. */
export function compareAsBytes(a: string, b: string): number {
  if (surrogate.test(a) || surrogate.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : Number(a > b);
}

const surrogate = /[\uD800-\uDFFF]/;
