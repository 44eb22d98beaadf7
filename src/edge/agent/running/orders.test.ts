import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { InstanceReport, Workload } from '#model/resources';
import { flushAsked, restartTurn } from './orders.ts';

const now = new Date('2026-01-01T01:00:00Z');
const ago = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();

function instance(name: string, loaded: string, more: Partial<InstanceReport> = {}): InstanceReport {
  const mark = (digest: string) => ({ digest, generation: 2, at: ago(60) });
  const material = { name: 'own', kind: 'identity' as const, desired: mark('new'), persisted: mark('new') };
  return { name, lastSeenTime: ago(5), materials: [{ ...material, loaded: mark(loaded) }], ...more };
}

const workload = (...instances: readonly InstanceReport[]): Workload =>
  ({ metadata: { name: 'w' }, spec: {}, status: { instances } }) as unknown as Workload;

const asked = (seconds: number, key = 'k') => ({ asked: { restart: { generation: 3, key, at: ago(seconds) } } });

describe('restartTurn()', () => {
  const cases = [
    { why: 'nobody asked, and it is the first', instances: [instance('a', 'old'), instance('b', 'old')], turn: '' },
    {
      why: 'one before it is behind',
      instances: [instance('0', 'old'), instance('a', 'old')],
      turn: undefined,
    },
    { why: 'the one before it is done', instances: [instance('0', 'new'), instance('a', 'old')], turn: '' },
    {
      why: 'the one before it is silent',
      instances: [instance('0', 'old', { lastSeenTime: ago(600) }), instance('a', 'old')],
      turn: '',
    },
    {
      why: 'a Rotation is asking others',
      instances: [instance('a', 'old'), instance('b', 'old', asked(30))],
      turn: undefined,
    },
    {
      why: 'a Rotation asks it, though others are behind',
      instances: [instance('0', 'old'), instance('a', 'old', asked(1))],
      turn: `k 3 ${ago(1)}`,
    },
    {
      why: 'what a Rotation asked was done',
      instances: [instance('a', 'old', asked(1))],
      answered: { restart: `k 3 ${ago(1)}` },
      turn: undefined,
    },
    {
      why: 'a Rotation of long ago says nothing',
      instances: [instance('a', 'old', asked(3600))],
      answered: { restart: `k 3 ${ago(3600)}` },
      turn: '',
    },
    {
      why: 'the files are so new that a Rotation may still ask',
      instances: [
        instance('a', 'old', {
          materials: [{ name: 'own', kind: 'identity', persisted: { generation: 2, at: ago(2) } }],
        }),
      ],
      turn: undefined,
    },
    { why: 'it has not reported yet', instances: [instance('b', 'old')], turn: undefined },
  ];
  for (const { why, instances, turn, answered = {} } of cases) {
    test(why, () => assert.equal(restartTurn(workload(...instances), 'a', answered, now), turn));
  }
});

test('flushAsked() names a request once', () => {
  const flush = { generation: 3, at: ago(1) };
  const one = workload({ name: 'a', asked: { flush } });
  const key = flushAsked(one, 'a', {});
  assert.ok(key !== undefined);
  assert.equal(flushAsked(one, 'a', { flush: key }), undefined);
  assert.equal(flushAsked(one, 'b', {}), undefined);
});
