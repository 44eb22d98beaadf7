import type { Json } from '../object.ts';
import { defineKey, isJsonObject } from '../values/json-values.ts';

type JsonObject = { [key: string]: Json | undefined };

/** JSON merge patch (RFC 7386): null removes a key, objects merge, everything else replaces. */
export function applyMergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const merged: JsonObject = isJsonObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) delete merged[key];
    else defineKey(merged, key, applyMergePatch(Object.hasOwn(merged, key) ? merged[key] : undefined, value));
  }
  return merged;
}
