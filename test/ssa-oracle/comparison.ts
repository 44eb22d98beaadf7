import assert from 'node:assert/strict';
import {
  applyServerSide,
  compileFieldSchema,
  recordUpdate,
  type Draft,
  type Json,
  type KubeObject,
} from '#model/objects';
import type { OracleAnswer } from './oracle.ts';
import { scenarioSchema } from './scenario-schema.ts';
import { nextOperation, ObjectMaker, seeded, type Operation } from './scenarios.ts';

const schema = compileFieldSchema(scenarioSchema);
const envelope = { apiVersion: 'v1', kind: 'Scenario' };
const now = new Date('2026-01-02T03:04:05Z');

/** Our own answer: the same shape as the oracle's. */
interface State {
  readonly live: KubeObject | undefined;
  readonly conflicts: readonly string[];
}

export interface Scenario {
  readonly seed: number;
  readonly operations: readonly Operation[];
  readonly answers: readonly OracleAnswer[];
}

/** Plays a random scenario of up to eight writes with our own code. Writes depend on the state before them. */
export function playScenario(seed: number): Scenario {
  const maker = new ObjectMaker(seeded(seed));
  const operations: Operation[] = [];
  const answers: OracleAnswer[] = [];
  let state: State = { live: undefined, conflicts: [] };
  for (let count = 2 + Math.floor(6 * seeded(seed + 1)()); count > 0; count -= 1) {
    const operation = nextOperation(maker, contentOf(state.live));
    state = play(state, operation);
    operations.push(operation);
    answers.push(answerOf(state));
  }
  return { seed, operations, answers };
}

function play({ live }: State, { op, manager, force, object }: Operation): State {
  const sent = { ...envelope, ...(object as object), metadata: { name: 'x' } } as unknown as Draft;
  const by = { manager: manager.split('/')[0]!, apiVersion: 'v1', schema, now };
  if (op === 'update') {
    const managedFields = recordUpdate({ live, next: sent, ...by });
    return { live: stored(sent, managedFields), conflicts: [] };
  }
  const outcome = applyServerSide({ live, applied: sent, force, ...by });
  if (outcome.object === undefined)
    return { live, conflicts: outcome.conflicts.map((one) => `${one.manager}/${one.operation} ${one.field}`) };
  return { live: withoutNulls(outcome.object as unknown as Json) as unknown as KubeObject, conflicts: [] };
}

/** As the API server drops nulls from fields that may not be null. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, child]) => child !== null && child !== undefined);
  return Object.fromEntries(kept.map(([key, child]) => [key, withoutNulls(child!)]));
}

function stored(draft: Draft, managedFields: KubeObject['metadata']['managedFields']): KubeObject {
  const metadata = { ...draft.metadata, ...(managedFields === undefined ? {} : { managedFields }) };
  return { ...draft, metadata } as KubeObject;
}

function contentOf(live: KubeObject | undefined): Json | undefined {
  if (live === undefined) return undefined;
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...content } = live;
  return content;
}

function answerOf({ live, conflicts }: State): OracleAnswer {
  const entries = live?.metadata.managedFields ?? [];
  const owners = entries.map((entry) => [`${entry.manager}/${entry.operation}`, entry.fieldsV1 as Json] as const);
  return { live: contentOf(live) ?? null, owners: Object.fromEntries(owners), conflicts: conflicts.toSorted() };
}

/**
 * Fails with the scenario where the two differ. Against an `old` library (4.1) lists that merge are compared as sets,
 * since it orders them otherwise, and of conflicts only whose they are: it reports some paths twice in place of others.
 */
export function assertSame(scenario: Scenario, expected: readonly OracleAnswer[], old: boolean): void {
  const view = (answer: OracleAnswer): object => ({
    conflicts: old ? answer.conflicts.map((conflict) => conflict.split(' ')[0]) : answer.conflicts,
    owners: answer.owners,
    live: old ? unordered(answer.live) : answer.live,
    error: answer.error,
  });
  scenario.answers.forEach((answer, index) => {
    const message = (): string =>
      `seed ${scenario.seed}, operation ${index}: ${JSON.stringify(scenario.operations.slice(0, index + 1))}`;
    try {
      assert.deepEqual(view({ ...answer }), view(expected[index]!));
    } catch (error) {
      throw new assert.AssertionError({ message: `${message()}\n${(error as Error).message}` });
    }
  });
}

const merging = new Set(['names', 'numbers', 'items', 'set', 'tags', 'ports']);

function unordered(value: Json, key = ''): Json {
  if (Array.isArray(value)) {
    const items = value.map((item) => unordered(item));
    return merging.has(key) ? items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, child]) => [name, unordered(child!, name)]));
}
