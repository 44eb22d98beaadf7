import { setImmediate as nextTurn } from 'node:timers/promises';
import { CodedError } from '#errors';
import { rewrap, sealedStart } from './envelope.ts';
import { newKey, readKeyFile, writeKeyFile } from './key-file.ts';
import { keyEncryptionKey } from './keyring.ts';
import { renewWitness } from './open-keyring.ts';
import type { Keyring } from './keyring.ts';
import type { KeySource, Notes } from './open-keyring.ts';

/** A store whose values, those of the past too, can be replaced in place: for values that mean the same as before. */
export interface RewritableValues {
  /**
   * Offers the values after revision `after` that begin with `start`, some at a time, and stores what `change` answers
   * in their place, durably. `done` once there are no more.
   */
  rewriteValues(
    after: number,
    start: Uint8Array,
    change: (key: string, value: Uint8Array) => Uint8Array | undefined,
  ): { readonly rev: number; readonly done: boolean };
  /** Makes sure that no older copy of a replaced value is left in the store's files, as far as it can. */
  scrub(): void;
}

export interface Rotation {
  /** Id of the key that everything is wrapped with now. */
  readonly keyId: string;
  /** How many data keys were wrapped anew. */
  readonly rewrapped: number;
}

/**
 * Makes a new key, wraps every data key with it, and drops the old key from the file. With keys from the environment
 * it makes no key: give the new key before the old one there, call this, then leave out the old one. Safe to run beside
 * readers and writers. When it is cut off both keys are in the file, and the next call finishes the work of this one.
 *
 * Pages that the database has freed may hold older copies wrapped with the old key until they are used again.
 */
export async function rotateKeys(
  store: RewritableValues & Notes,
  keyring: Keyring,
  { file, environment }: KeySource,
): Promise<Rotation> {
  const fromFile = environment === undefined || environment === '';
  const primary = fromFile ? beginRotation(keyring, file) : undefined;
  const rewrapped = await rewrapAll(store, keyring);
  renewWitness(store, keyring);
  store.scrub();
  if (primary) writeKeyFile(file, [primary]);
  return { keyId: keyring.primary.id, rewrapped };
}

/** The new primary key, which is in the file before anything is sealed with it. */
function beginRotation(keyring: Keyring, file: string): Uint8Array {
  const keys = readKeyFile(file);
  if (keys === undefined) {
    throw new CodedError('key-file-missing', `${file} is missing, so its key cannot be replaced`, {
      field: file,
      hint: 'Put the key file back into the data directory.',
    });
  }
  const unfinished = keys.length > 1;
  const primary = unfinished ? keys[0]! : newKey();
  if (!unfinished) writeKeyFile(file, [primary, ...keys]);
  keyring.promote(keyEncryptionKey(primary));
  return primary;
}

/**
 * Wraps every data key with the primary key, slice by slice, until a whole pass has found nothing to do: a writer may
 * have sealed a value just before the primary key changed, and committed it behind the first pass. Answers how many.
 */
async function rewrapAll(store: RewritableValues, keyring: Keyring): Promise<number> {
  let total = 0;
  for (let found = -1; found !== 0;) {
    await nextTurn();
    found = await rewrapPass(store, keyring);
    total += found;
  }
  return total;
}

async function rewrapPass(store: RewritableValues, keyring: Keyring): Promise<number> {
  let rewrapped = 0;
  const change = (key: string, value: Uint8Array) => {
    const renewed = rewrap(keyring, key, value);
    if (renewed) rewrapped++;
    return renewed;
  };
  for (let rev = 0, done = false; !done;) {
    ({ rev, done } = store.rewriteValues(rev, sealedStart, change));
    await nextTurn();
  }
  return rewrapped;
}
