import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiClient } from '#edge/api';
import type { Rotation, RotationStatus } from '#model/resources';
import type { CliIO } from '../../io.ts';
import { followRotation } from './follow.ts';

const metadata = { name: 'ca-1', namespace: 'demo', uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z' };
const obstacle = (level: string) => ({
  workload: 'demo/server',
  instance: 'a',
  material: 'own',
  wanted: level,
  message: `Not ${level}.`,
  hint: 'Look at its port.',
});
const blocking = ['proven', 'exclusive'].map(obstacle);

async function follow(isTerminal: boolean, ...statuses: RotationStatus[]): Promise<{ out: string; code: number }> {
  let out = '';
  const io = {
    out: (text: string) => void (out += text),
    env: { NO_COLOR: '1' },
    isTerminal,
    now: () => new Date('2026-01-01T00:01:00Z'),
    signal: new AbortController().signal,
  } as unknown as CliIO;
  const left = [...statuses];
  const client = {
    get: async () => ({ metadata, spec: {}, status: left.shift() }),
    each: async function* none() {},
  } as unknown as ApiClient;
  const code = await followRotation(io, client, { metadata } as unknown as Rotation, new Set());
  return { out, code };
}

const running: RotationStatus = {
  stage: 'Drain',
  generation: 3,
  stageSince: '2026-01-01T00:00:30Z',
  leaves: { total: 2, issued: 1, proven: 1 },
  handshakes: { made: 420, failed: 3 },
  gates: [
    { name: 'leaves-persisted', open: true },
    { name: 'leaves-proven', open: false },
  ],
  blocking,
};
const over: RotationStatus = { stage: 'Stable', generation: 6, completedTime: '2026-01-01T00:00:58Z' };

test('followRotation() rewrites one screen where a person watches, whose lines do not wrap', async () => {
  const { out, code } = await follow(true, running, { ...over, result: 'succeeded' });
  assert.equal(code, 0);
  const [first, second, ...more] = out.split('\u001b[?7l');
  assert.equal(first, '');
  assert.deepEqual(more.length, 1);
  const height = second!.split('\n').length - 1;
  assert.ok(second!.endsWith(`\u001b[?7h\u001b[${height}A\u001b[J`));
  assert.match(
    second!,
    /blocked demo\/server a own: Not proven\. \(wants proven, has nothing\)\n +mend: Look at its port/,
  );
  assert.match(second!, /^Rotation demo\/ca-1: Drain since 30s, generation 3\n/);
  assert.match(second!, /Certificates: +1 of 2 issued anew, 1 proven\n +Handshakes: +420 made, 3 failed\n/);
  assert.match(second!, / waits for leaves-proven\n/);
  assert.equal(second!.includes('Not exclusive'), false);
  assert.match(more[0]!, /^Rotation demo\/ca-1: succeeded 2s ago\n/);
});

test('followRotation() prints a line once elsewhere, each stage too that it did not see, and fails with one that went back', async () => {
  const at = '2026-01-01T00:00:30Z';
  const drain = { ...running, history: [{ stage: 'Drain' as const, generation: 3, at }] };
  const more = [
    { stage: 'Rollback' as const, generation: 4, at },
    { stage: 'Stable' as const, generation: 5, at },
  ];
  const back: RotationStatus = { ...over, result: 'rolledBack', history: [...drain.history, ...more] };
  const { out, code } = await follow(false, { generation: 0 }, drain, drain, back);
  assert.equal(code, 1);
  const stages = out.split('\n').filter((line) => line.startsWith('Rotation'));
  assert.deepEqual(stages, [
    'Rotation demo/ca-1: not begun',
    'Rotation demo/ca-1: Drain, generation 3',
    'Rotation demo/ca-1: Rollback, generation 4',
    'Rotation demo/ca-1: rolledBack 2s ago',
  ]);
  assert.equal(out.match(/blocked/g)?.length, 1);
});
