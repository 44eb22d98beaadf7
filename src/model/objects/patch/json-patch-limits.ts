import { CodedError } from '#errors';
import type { Json } from '../object.ts';

/** The API server's limit. */
const maximumOperations = 10_000;
/** What `copy` may add up to, in JSON characters: else a few copies of copies fill the memory. */
const maximumCopied = 3 * 1024 * 1024;
/** How deep a patch may nest values: deeper ones would exhaust the stack of whoever walks the object. */
const maximumDepth = 200;
/** List items that insertions and removals may shift, in all. */
const maximumShifted = 50_000_000;

export function limitOperations(count: number): void {
  if (count <= maximumOperations) return;
  throw tooLarge(`The allowed maximum operations in a JSON patch is ${maximumOperations}, got ${count}`);
}

/** Limits how deep `value` may reach when it stands `depth` levels down. */
export function limitDepth(value: Json, depth: number): void {
  if (isDeeperThan(maximumDepth - depth, value)) {
    throw tooLarge(`the JSON patch nests more than ${maximumDepth} levels`);
  }
}

function isDeeperThan(levels: number, value: Json): boolean {
  if (levels < 0) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((child) => child !== undefined && isDeeperThan(levels - 1, child));
}

/** What one patch has spent of the limits that its operations share. */
export class PatchBudget {
  #copied = 0;
  #shifted = 0;

  spendCopy(value: Json): void {
    this.#copied += JSON.stringify(value).length;
    if (this.#copied > maximumCopied) throw tooLarge('the copy operations of the JSON patch exceed 3 MiB');
  }

  spendShift(items: number): void {
    this.#shifted += items;
    if (this.#shifted > maximumShifted) throw tooLarge('the JSON patch inserts and removes too much in long lists');
  }
}

function tooLarge(message: string): CodedError {
  return new CodedError('too-large', message, { hint: 'Send several smaller patches, or replace the object.' });
}
