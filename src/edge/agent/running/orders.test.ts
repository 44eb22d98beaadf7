import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { InstanceOrders, Workload } from '#model/resources';
import { flushAsked, restartTurn } from './orders.ts';

const now = new Date('2026-01-01T01:00:00Z');
const ago = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();

const workload = (behind: readonly string[], ...asked: readonly InstanceOrders[]): Workload =>
  ({ metadata: { name: 'w' }, spec: {}, status: { behind, asked } }) as unknown as Workload;

const asked = (name: string, seconds: number): InstanceOrders => ({
  name,
  restart: { generation: 3, key: 'k', at: ago(seconds) },
});

const written = (seconds: number) => [
  { name: 'own', kind: 'identity' as const, persisted: { generation: 2, at: ago(seconds) } },
];

describe('restartTurn()', () => {
  const cases = [
    { why: 'nobody asked, and it is the first', from: workload(['b', 'a']), turn: '' },
    { why: 'one before it is behind', from: workload(['0', 'a']), turn: undefined },
    { why: 'a Rotation is asking others', from: workload(['a', 'b'], asked('b', 30)), turn: undefined },
    {
      why: 'a Rotation asks it, though others are behind',
      from: workload(['0', 'a'], asked('a', 1)),
      turn: `k 3 ${ago(1)}`,
    },
    {
      why: 'what a Rotation asked was done',
      from: workload(['a'], asked('a', 1)),
      answered: { restart: `k 3 ${ago(1)}` },
      turn: undefined,
    },
    {
      why: 'a Rotation of long ago says nothing',
      from: workload(['a'], asked('a', 3600)),
      answered: { restart: `k 3 ${ago(3600)}` },
      turn: '',
    },
    {
      why: 'the files are so new that a Rotation may still ask',
      from: workload(['a']),
      materials: written(2),
      turn: undefined,
    },
    { why: 'nobody knows yet that it is behind', from: workload(['b']), turn: undefined },
  ];
  for (const { why, from, turn, materials = written(60), answered = {} } of cases) {
    test(why, () => assert.equal(restartTurn(from, { instance: 'a', materials }, answered, now), turn));
  }
});

test('flushAsked() names a request once', () => {
  const one = workload([], { name: 'a', flush: { generation: 3, at: ago(1) } });
  const key = flushAsked(one, 'a', {});
  assert.ok(key !== undefined);
  assert.equal(flushAsked(one, 'a', { flush: key }), undefined);
  assert.equal(flushAsked(one, 'b', {}), undefined);
});
