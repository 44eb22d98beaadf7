import { CodedError } from '#errors';
import type { Json } from '../object.ts';
import { cloneJson, deepEqual, defineKey, isJsonObject } from '../values/json-values.ts';
import { limitDepth, limitOperations, PatchBudget } from './json-patch-limits.ts';
import { parseOperation, type Operation } from './json-patch-operation.ts';
import { arrayIndex } from './json-pointer.ts';

type JsonObject = { [key: string]: Json | undefined };

/**
 * JSON patch (RFC 6902), all or nothing. Fails with bad-request when the patch is malformed; with too-large beyond
 * 10,000 operations, 3 MiB of copies, 200 levels, or too much shifting in long lists; with invalid when an operation
 * does not apply to this document or a `test` fails.
 */
export function applyJsonPatch(document: Json, patch: readonly Json[]): Json {
  limitOperations(patch.length);
  const operations = patch.map(parseOperation);
  const state = { root: cloneJson(document), budget: new PatchBudget() };
  for (const operation of operations) run(state, operation);
  return state.root;
}

interface State {
  root: Json;
  readonly budget: PatchBudget;
}

function run(state: State, operation: Operation): void {
  switch (operation.op) {
    case 'add':
      return add(state, operation, fresh(operation, operation.value));
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
  state.budget.spendShift(parent.length - index);
  parent.splice(index, 0, value);
}

function remove(state: State, operation: Operation, tokens: readonly string[]): Json {
  const key = tokens.at(-1);
  if (key === undefined) throw fails(operation, 'the whole document cannot be removed');
  const parent = containerOf(state, operation, tokens);
  const value = childOf(parent, key);
  if (value === undefined) throw fails(operation, `Unable to remove nonexistent key: ${key}: missing value`);
  if (Array.isArray(parent)) {
    state.budget.spendShift(parent.length);
    parent.splice(Number(key), 1);
  } else delete parent[key];
  return value;
}

function replace(state: State, operation: Operation): void {
  const key = operation.tokens.at(-1);
  const value = fresh(operation, operation.value);
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
  state.budget.spendCopy(value);
  add(state, operation, fresh(operation, value));
}

function move(state: State, operation: Operation): void {
  const { from, tokens } = operation;
  if (from.length < tokens.length && from.every((token, index) => token === tokens[index])) {
    throw fails(operation, 'a value cannot be moved into itself');
  }
  if (from.length === 0) return;
  const value = remove(state, operation, from);
  limitDepth(value, tokens.length);
  add(state, operation, value);
}

/** A copy of `value` for the place that the operation names. */
function fresh(operation: Operation, value: Json): Json {
  limitDepth(value, operation.tokens.length);
  return cloneJson(value);
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
