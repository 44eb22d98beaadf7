import type { Json, ManagedFieldsEntry } from '../object.ts';
import { isCoded } from '#errors';
import { leaf, self, type FieldSet } from '../fields/field-set.ts';
import { isJsonObject } from '../values/json-values.ts';
import { parseTimestamp } from '../values/timestamps.ts';
import { readOwners, type Owner, type Owners } from './owners.ts';

/**
 * The owners that a write starts from: those the client sent, when they are well formed and any, else those of the live
 * object. The single empty entry `[{}]` asks to forget all owners.
 */
export function startingOwners(
  live: readonly ManagedFieldsEntry[] | undefined,
  sent: readonly ManagedFieldsEntry[] | undefined,
  apiVersion: string,
): Owners {
  if (!Array.isArray(sent)) return readOrForget(live, apiVersion);
  if (isReset(sent)) return new Map();
  const owners = readOrForget(sent, apiVersion);
  return owners.size === 0 ? readOrForget(live, apiVersion) : cleaned(owners);
}

function isReset(sent: readonly ManagedFieldsEntry[]): boolean {
  return sent.length === 1 && isJsonObject(sent[0]) && Object.keys(sent[0]).length === 0;
}

function readOrForget(entries: readonly ManagedFieldsEntry[] | undefined, apiVersion: string): Owners {
  try {
    return readOwners(entries, apiVersion);
  } catch (error) {
    if (isCoded(error, 'bad-request')) return new Map();
    throw error;
  }
}

function cleaned(owners: Owners): Owners {
  return new Map([...owners].map(([id, owner]) => [id, cleanOwner(owner)]));
}

function cleanOwner(owner: Owner): Owner {
  const isTime = typeof owner.time === 'string' && parseTimestamp(owner.time) !== undefined;
  return { ...owner, time: isTime ? owner.time : undefined, fields: cleanSet(owner.fields) };
}

/** A set that came from outside: path elements in canonical spelling, unknown ones dropped. */
function cleanSet(set: unknown): FieldSet {
  const clean: { [element: string]: FieldSet } = {};
  if (!isJsonObject(set)) return clean;
  for (const [key, value] of Object.entries(set)) {
    const element = canonicalElement(key);
    if (element !== undefined) clean[element] = element === self ? leaf : cleanSet(value);
  }
  return Object.keys(clean).length === 1 && clean[self] !== undefined ? leaf : clean;
}

function canonicalElement(key: string): string | undefined {
  if (key === self || key.startsWith('f:')) return key;
  if (/^i:\d+$/.test(key)) return key;
  if (!key.startsWith('k:') && !key.startsWith('v:')) return undefined;
  const value = parsed(key.slice(2));
  if (key.startsWith('v:')) return value === undefined ? undefined : `v:${JSON.stringify(value)}`;
  return isJsonObject(value) ? `k:${JSON.stringify(sorted(value))}` : undefined;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function sorted(value: { [key: string]: Json | undefined }): object {
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
