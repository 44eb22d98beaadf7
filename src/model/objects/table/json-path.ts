import type { Json } from '../object.ts';
import { isJsonObject } from '../values/json-values.ts';
import { parseJsonPath, type Operand, type Step } from './json-path-syntax.ts';

type Find = (value: Json) => Json[];

/**
 * All values at a path in Kubernetes' JSONPath subset: `.a.b`, `['a.b']`, `.a\.b`, `[0]`, `[-1]`, `[*]`, and filters
 * `[?(@.type=="Ready")]` with == != < <= > >= or mere presence. Compile once. Fails with bad-request on anything else.
 */
export function compileJsonPath(path: string): (object: object) => Json[] {
  const find = compileSteps(parseJsonPath(path));
  return (object) => find(object as { [key: string]: Json });
}

function compileSteps(steps: readonly Step[]): Find {
  const [step, ...rest] = steps;
  if (step === undefined) return (value) => [value];
  const select = compileStep(step);
  if (rest.length === 0) return select;
  const next = compileSteps(rest);
  return (value) => follow(select(value), next);
}

function follow(values: readonly Json[], next: Find): Json[] {
  return values.length === 1 ? next(values[0]!) : values.flatMap(next);
}

function compileStep(step: Step): Find {
  if (step.kind === 'field') return (value) => fieldOf(value, step.name);
  if (step.kind === 'index') return (value) => elementOf(value, step.index);
  return step.kind === 'all' ? childrenOf : compileFilter(step);
}

function fieldOf(value: Json, name: string): Json[] {
  if (!isJsonObject(value) || !Object.hasOwn(value, name)) return [];
  const found = value[name];
  return found === undefined ? [] : [found];
}

function elementOf(value: Json, index: number): Json[] {
  const found = Array.isArray(value) ? value.at(index) : undefined;
  return found === undefined ? [] : [found];
}

function childrenOf(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? Object.values(value).filter((child) => child !== undefined) : [];
}

function compileFilter(step: Extract<Step, { kind: 'filter' }>): Find {
  const left = compileOperand(step.left);
  const right = step.right === undefined ? undefined : compileOperand(step.right);
  const test = (item: Json) =>
    right === undefined ? left(item).length > 0 : compare(step.operator, left(item), right(item));
  return (value) => childrenOf(value).filter(test);
}

function compileOperand(operand: Operand): Find {
  if (operand.kind === 'path') return compileSteps(operand.steps);
  return () => [operand.value];
}

function compare(operator: string | undefined, left: readonly Json[], right: readonly Json[]): boolean {
  const [a] = left;
  const [b] = right;
  if (a === undefined || b === undefined) return false;
  if (operator === '==') return a === b;
  if (operator === '!=') return a !== b;
  return isOrdered(operator, a, b);
}

function isOrdered(operator: string | undefined, a: Json, b: Json): boolean {
  const comparable =
    (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string');
  if (!comparable) return false;
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}
