/**
 * The little of the decorator metadata proposal that @peculiar/x509's container asks for when it is loaded: values by
 * target and key, inherited along the prototypes. Import it before that library.
 */
const values = new WeakMap<object, Map<unknown, unknown>>();

function defineMetadata(key: unknown, value: unknown, target: object): void {
  const own = values.get(target) ?? new Map<unknown, unknown>();
  values.set(target, own.set(key, value));
}

function getOwnMetadata(key: unknown, target: object): unknown {
  return values.get(target)?.get(key);
}

function getMetadata(key: unknown, target: object): unknown {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    if (values.get(at)?.has(key)) return getOwnMetadata(key, at);
  }
  return undefined;
}

Object.assign(Reflect, { defineMetadata, getOwnMetadata, getMetadata });
