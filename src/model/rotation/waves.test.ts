import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ackRules } from './acks.ts';
import type { RotationSnapshot } from './snapshot.ts';
import {
  issuing,
  reissued,
  seconds,
  testCA,
  testInstance,
  testLeaf,
  testLink,
  testMaterial,
  testSnapshot,
} from './test-snapshots.ts';
import type { SnapshotParts } from './test-snapshots.ts';
import { tiersOf } from './tiers.ts';
import { viewOf } from './view.ts';
import { nextWave } from './waves.ts';
import type { Wave } from './waves.ts';

const snapshotIn = (parts: SnapshotParts): RotationSnapshot => testSnapshot({ progress: issuing(), ...parts });

function waveIn(parts: SnapshotParts, spreadSeconds = 0): Wave {
  return nextWave(viewOf(snapshotIn(parts)), testCA('next'), ackRules, spreadSeconds);
}

const placesOf = ({ leaves }: Wave): string[] => leaves.map(({ place }) => place);

/** A workload whose instances have a leaf each. */
function fleet(workload: string, size: number): Pick<RotationSnapshot, 'leaves' | 'instances'> {
  const places = Array.from({ length: size }, (_, index) => `${workload}${index}`);
  return {
    leaves: places.map((place) => testLeaf(place)),
    instances: places.map((place) => testInstance(workload, place, [testMaterial('identity', place)])),
  };
}

const sizes: readonly { size: number; wave: number; why: string }[] = [
  { size: 1, wave: 1, why: 'there is no other to spare' },
  { size: 2, wave: 1, why: 'one of two goes on as it is' },
  { size: 3, wave: 1, why: 'most go on as they are' },
  { size: 8, wave: 4, why: 'half of them may move' },
];
for (const { size, wave, why } of sizes) {
  test(`nextWave() moves ${wave} of ${size} instances of a workload: ${why}`, () => {
    assert.equal(waveIn(fleet('a', size)).leaves.length, wave);
  });
}

test('nextWave() waits until those on the way have proven their leaves', () => {
  const { leaves, instances } = fleet('a', 2);
  assert.deepEqual(placesOf(waveIn({ instances, leaves: [reissued('a0'), leaves[1]!] })), []);
  const proven = testInstance('a', 'a0', [testMaterial('identity', 'a0', ['persisted', 'proven'], 2)]);
  assert.deepEqual(placesOf(waveIn({ instances: [proven, instances[1]!], leaves: [reissued('a0'), leaves[1]!] })), [
    'a1',
  ]);
});

test('nextWave() takes a leaf that all instances share, since none can be spared', () => {
  const instances = ['0', '1'].map((name) => testInstance('a', name, [testMaterial('identity', 'shared')]));
  assert.deepEqual(placesOf(waveIn({ instances, leaves: [testLeaf('shared')] })), ['shared']);
});

test('nextWave() has no more leaves without proof than the Rotation allows', () => {
  const { leaves, instances } = fleet('a', 10);
  const parts = { instances, leaves: [{ ...leaves[0]!, issuing: true }, ...leaves.slice(1)] };
  assert.deepEqual(placesOf(waveIn({ ...parts, wish: { maxUnproven: 3 } })), ['a1', 'a2']);
  assert.equal(waveIn({ ...parts, wish: { maxUnproven: 1 } }).leaves.length, 0);
});

test('nextWave() begins with callers, and goes on to whom they call when they are settled', () => {
  const client = testInstance('client', '0', [testMaterial('identity', 'c')]);
  const server = testInstance('server', '0', [testMaterial('identity', 's')]);
  const links = [testLink('client', 'server', 's')];
  const instances = [server, client];
  assert.deepEqual(placesOf(waveIn({ instances, links, leaves: [testLeaf('s'), testLeaf('c')] })), ['c']);
  assert.deepEqual(placesOf(waveIn({ instances, links, leaves: [testLeaf('s'), reissued('c')] })), []);
  const settled = testInstance('client', '0', [testMaterial('identity', 'c', ['persisted', 'proven'], 2)]);
  const after = { instances: [server, settled], links, leaves: [testLeaf('s'), reissued('c')] };
  assert.deepEqual(placesOf(waveIn(after)), ['s']);
});

test('nextWave() leaves for the end what no workload presents', () => {
  const parts = fleet('a', 1);
  assert.deepEqual(placesOf(waveIn({ ...parts, leaves: [testLeaf('unknown'), ...parts.leaves] })), ['a0']);
});

test('nextWave() spreads the re-issues evenly, and says when the next is due', () => {
  const { leaves, instances } = fleet('a', 4);
  const at = (after: number): Wave => waveIn({ leaves, instances, now: seconds(after) }, 400);
  assert.deepEqual(placesOf(at(0)), ['a0']);
  assert.deepEqual(at(0).until, seconds(100));
  assert.deepEqual(placesOf(at(150)), ['a0', 'a1']);
});

test('nextWave() takes everything at once in an emergency', () => {
  assert.equal(waveIn({ ...fleet('a', 8), wish: { emergency: true, maxUnproven: 1 } }).leaves.length, 8);
});

test('nextWave() looks at 10,000 leaves of 200 instances in less than 100 ms', () => {
  const places = Array.from({ length: 10_000 }, (_, index) => `leaf${index}`);
  const instances = Array.from({ length: 200 }, (_, index) =>
    testInstance(
      `w${index % 50}`,
      `${index}`,
      places.slice(index * 50, index * 50 + 50).map((place) => testMaterial('identity', place)),
    ),
  );
  const view = viewOf(snapshotIn({ instances, leaves: places.map((place) => testLeaf(place)) }));
  nextWave(view, testCA('next'), ackRules);
  const from = performance.now();
  nextWave(view, testCA('next'), ackRules);
  assert.ok(performance.now() - from < 100);
});

test('tiersOf() puts callers before those they call, and a circle into one tier', () => {
  const links = [
    testLink('a', 'b', 'b'),
    testLink('b', 'c', 'c'),
    testLink('c', 'b', 'b'),
    testLink('c', 'd', 'd'),
    { ...testLink('a', 'd', 'a'), side: 'client' as const, presenter: 'a', verifier: 'd' },
  ];
  assert.deepEqual(Object.fromEntries(tiersOf(links)), { a: 0, b: 1, c: 1, d: 2 });
});
