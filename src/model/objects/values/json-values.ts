import type { Json, KubeObject, ManagedFieldsEntry } from '../object.ts';

type JsonObject = { [key: string]: Json | undefined };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy that shares nothing with `value`. Keys whose value is undefined are left out. */
export function cloneJson<T>(value: T): T {
  if (Array.isArray(value)) return value.map(cloneJson) as T;
  if (!isJsonObject(value)) return value;
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) {
    if (value[key] !== undefined) defineKey(copy, key, cloneJson(value[key]));
  }
  return copy as T;
}

/** Sets `key` as an own property even when it is `__proto__`. */
export function defineKey(target: { [key: string]: unknown }, key: string, value: unknown): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Equality of JSON values: key order does not count, and a key whose value is undefined is absent. */
export function deepEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left)) return Array.isArray(right) && equalLists(left, right);
  return !Array.isArray(right) && equalMaps(left as JsonObject, right as JsonObject);
}

function equalLists(left: readonly unknown[], right: readonly unknown[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) {
    if (!deepEqual(left[index], right[index])) return false;
  }
  return true;
}

function equalMaps(left: JsonObject, right: JsonObject): boolean {
  let count = 0;
  for (const key in left) {
    if (left[key] === undefined) continue;
    if (!Object.hasOwn(right, key) || !deepEqual(left[key], right[key])) return false;
    count += 1;
  }
  for (const key in right) {
    if (right[key] !== undefined) count -= 1;
  }
  return count === 0;
}

/**
 * Whether two states of an object differ in nothing but the times of their managed fields and the revision: such a
 * write is no write.
 */
export function equalIgnoringManagedFieldTimes(left: KubeObject, right: KubeObject): boolean {
  for (const key of unionOfKeys(left, right)) {
    if (key !== 'metadata' && !deepEqual(left[key as keyof KubeObject], right[key as keyof KubeObject])) return false;
  }
  return equalMetadata(left.metadata, right.metadata);
}

function unionOfKeys(left: object, right: object): Set<string> {
  return new Set([...Object.keys(left), ...Object.keys(right)]);
}

function equalMetadata(left: KubeObject['metadata'], right: KubeObject['metadata']): boolean {
  const { managedFields: leftFields, resourceVersion: _left, ...leftRest } = left;
  const { managedFields: rightFields, resourceVersion: _right, ...rightRest } = right;
  return deepEqual(leftRest, rightRest) && equalEntries(leftFields ?? [], rightFields ?? []);
}

function equalEntries(left: readonly ManagedFieldsEntry[], right: readonly ManagedFieldsEntry[]): boolean {
  if (left === right) return true;
  return left.length === right.length && left.every((entry, index) => equalButTime(entry, right[index]!));
}

function equalButTime(left: ManagedFieldsEntry, right: ManagedFieldsEntry): boolean {
  return left === right || deepEqual({ ...left, time: undefined }, { ...right, time: undefined });
}
