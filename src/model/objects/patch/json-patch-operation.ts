import { CodedError } from '#errors';
import type { Json } from '../object.ts';
import { isJsonObject } from '../values/json-values.ts';
import { parsePointer } from './json-pointer.ts';

/** One operation with its pointers taken apart. `path` is kept as sent, for messages. */
export interface Operation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: string;
  readonly tokens: readonly string[];
  readonly from: readonly string[];
  readonly value: Json;
}

const operations: ReadonlySet<string> = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

/** Reads operation `index` of a patch. Fails with bad-request when it is not one of RFC 6902, section 4. */
export function parseOperation(operation: Json, index: number): Operation {
  if (!isJsonObject(operation)) throw bad(index, 'an operation must be an object');
  const { op, path, from, value } = operation;
  if (typeof op !== 'string' || !operations.has(op)) throw bad(index, `unexpected kind: ${JSON.stringify(op ?? null)}`);
  const needsFrom = op === 'move' || op === 'copy';
  const needsValue = op === 'add' || op === 'replace' || op === 'test';
  if (needsValue && value === undefined) throw bad(index, `operation ${op} is missing its value`);
  return {
    op: op as Operation['op'],
    path: path as string,
    tokens: pointerOf(path, 'path', index),
    from: needsFrom ? pointerOf(from, 'from', index) : [],
    value: value ?? null,
  };
}

function pointerOf(pointer: Json | undefined, name: string, index: number): string[] {
  const tokens = typeof pointer === 'string' ? parsePointer(pointer) : undefined;
  if (tokens === undefined) throw bad(index, `${name} must be a JSON pointer`);
  return tokens;
}

function bad(index: number, problem: string): CodedError {
  return new CodedError('bad-request', `error decoding patch: operation ${index}: ${problem}`, {
    field: `operation ${index}`,
    hint: 'Write operations as RFC 6902 defines them.',
  });
}
