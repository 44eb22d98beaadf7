import { CodedError } from '#errors';
import type { Json } from '../object.ts';
import { cloneJson, deepEqual, defineKey, isJsonObject } from '../values/json-values.ts';
import { parseOperation, type Operation } from './json-patch-operation.ts';
import { arrayIndex } from './json-pointer.ts';

type JsonObject = { [key: string]: Json | undefined };

/** The API server's limit; each operation may cost as much as the document is large. */
const maximumOperations = 10_000;
/** What `copy` may add up to, in JSON characters: else a few copies of copies fill the memory. */
const maximumCopied = 3 * 1024 * 1024;

/**
 * JSON patch (RFC 6902), all or nothing. Fails with bad-request when the patch is malformed, too-large beyond 10,000
 * operations or 3 MiB of copies, invalid when an operation does not apply to this document or a `test` fails.
 */
export function applyJsonPatch(document: Json, patch: readonly Json[]): Json {
  if (patch.length > maximumOperations) {
    throw tooLarge(`The allowed maximum operations in a JSON patch is ${maximumOperations}, got ${patch.length}`);
  }
  const operations = patch.map(parseOperation);
  const state = { root: cloneJson(document), copied: 0 };
  for (const operation of operations) run(state, operation);
  return state.root;
}

interface State {
  root: Json;
  copied: number;
}

function run(state: State, operation: Operation): void {
  switch (operation.op) {
    case 'add':
      return add(state, operation, cloneJson(operation.value));
    case 'remove':
      return void remove(state, operation, operation.tokens);
    case 'replace':
      return replace(state, operation);
    case 'test':
      return test(state, operation);
    case 'copy':
      return copy(state, operation);
    case 'move':
      return move(state, operation);
  }
}

function add(state: State, operation: Operation, value: Json): void {
  const key = operation.tokens.at(-1);
  if (key === undefined) {
    state.root = value;
    return;
  }
  const parent = containerOf(state, operation, operation.tokens);
  if (!Array.isArray(parent)) return defineKey(parent, key, value);
  const index = key === '-' ? parent.length : arrayIndex(key, parent.length);
  if (index === undefined) throw fails(operation, `invalid index ${JSON.stringify(key)}`);
  parent.splice(index, 0, value);
}

function remove(state: State, operation: Operation, tokens: readonly string[]): Json {
  const key = tokens.at(-1);
  if (key === undefined) throw fails(operation, 'the whole document cannot be removed');
  const parent = containerOf(state, operation, tokens);
  const value = childOf(parent, key);
  if (value === undefined) throw fails(operation, `Unable to remove nonexistent key: ${key}: missing value`);
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return value;
}

function replace(state: State, operation: Operation): void {
  const key = operation.tokens.at(-1);
  const value = cloneJson(operation.value);
  if (key === undefined) {
    state.root = value;
    return;
  }
  const parent = containerOf(state, operation, operation.tokens);
  if (childOf(parent, key) === undefined)
    throw fails(operation, `doc is missing key: ${operation.path}: missing value`);
  if (Array.isArray(parent)) parent[Number(key)] = value;
  else defineKey(parent, key, value);
}

function test(state: State, operation: Operation): void {
  const found = valueAt(state.root, operation.tokens);
  if (deepEqual(found ?? null, operation.value)) return;
  throw new CodedError('invalid', `testing value ${operation.path} failed: test failed`, {
    field: operation.path,
    hint: 'Read the object again: it is not what the patch expects.',
  });
}

function copy(state: State, operation: Operation): void {
  const value = valueAt(state.root, operation.from);
  if (value === undefined) throw fails(operation, 'doc is missing from path: missing value');
  state.copied += JSON.stringify(value).length;
  if (state.copied > maximumCopied) throw tooLarge('the copy operations of the JSON patch exceed 3 MiB');
  add(state, operation, cloneJson(value));
}

function move(state: State, operation: Operation): void {
  const { from, tokens } = operation;
  if (from.length < tokens.length && from.every((token, index) => token === tokens[index])) {
    throw fails(operation, 'a value cannot be moved into itself');
  }
  if (from.length === 0) return;
  add(state, operation, remove(state, operation, from));
}

/** The object or list that holds the last token of a pointer. */
function containerOf(state: State, operation: Operation, tokens: readonly string[]): JsonObject | Json[] {
  const parent = valueAt(state.root, tokens.slice(0, -1));
  if (Array.isArray(parent) || isJsonObject(parent)) return parent;
  throw fails(operation, `doc is missing path: ${operation.path}: missing value`);
}

function valueAt(root: Json, tokens: readonly string[]): Json | undefined {
  let at: Json | undefined = root;
  for (const token of tokens) at = at === undefined ? undefined : childOf(at, token);
  return at;
}

function childOf(parent: Json, key: string): Json | undefined {
  if (Array.isArray(parent)) {
    const index = arrayIndex(key, parent.length - 1);
    return index === undefined ? undefined : parent[index];
  }
  return isJsonObject(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined;
}

function fails(operation: Operation, problem: string): CodedError {
  return new CodedError('invalid', `${operation.op} operation does not apply: ${problem}`, {
    field: operation.path,
    hint: 'Read the object again: the patch does not fit it.',
  });
}

function tooLarge(message: string): CodedError {
  return new CodedError('too-large', message, { hint: 'Send several smaller patches.' });
}
