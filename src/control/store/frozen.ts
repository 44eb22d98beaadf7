/**
 * A deeply frozen copy of a JSON value, as JSON would carry it: properties that are undefined are left out. Subtrees that
 * are frozen already are shared, so a copy of a stored object with one field changed costs as much as that field.
 */
export function frozenCopy<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((item: unknown) => frozenCopy(item))) as T;
  return Object.freeze(copyOf(value));
}

/** The same, but the outermost object stays open for its last fields. */
export function copyOf<T extends object>(value: T): T {
  const copy: Record<string, unknown> = {};
  for (const key in value) {
    const item: unknown = value[key];
    if (item !== undefined) setOwn(copy, key, frozenCopy(item));
  }
  return copy as T;
}

/** Assignment would take a key called `__proto__`, which JSON allows, for the prototype. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Freezes a value that nobody else holds, such as one fresh from JSON.parse. */
export function freezeDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) for (const item of value) freezeDeep(item);
  else for (const key in value) freezeDeep(value[key]);
  return Object.freeze(value);
}
