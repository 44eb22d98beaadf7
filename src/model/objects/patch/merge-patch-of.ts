import { deepEqual, isJsonObject } from '../values/json-values.ts';
import type { Json } from '../object.ts';

type Fields = Readonly<Record<string, Json | undefined>>;

/** The merge patch (RFC 7396) that makes `after` of `before`, where neither has a null; empty when they are equal. */
export function mergePatchOf(before: object, after: object): Record<string, Json> {
  const [was, is] = [before, after] as [Fields, Fields];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return Object.fromEntries(
    names.flatMap((name) => {
      const [old, now] = [was[name], is[name]];
      if (now === undefined) return old === undefined ? [] : [[name, null]];
      if (old !== undefined && deepEqual(old, now)) return [];
      return [[name, isJsonObject(old) && isJsonObject(now) ? mergePatchOf(old, now) : now]];
    }),
  );
}
