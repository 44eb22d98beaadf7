import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCurrent, nextRotationStep } from './next-rotation-step.ts';
import { leafCounts } from './progress.ts';
import type { RotationStep, WriteStatus } from './step.ts';
import {
  issuing,
  reissued,
  testBundle,
  testCA,
  testInstance,
  testLeaf,
  testMaterial,
  testNow,
  testProgress,
  testSnapshot,
} from './test-snapshots.ts';
import type { SnapshotParts } from './test-snapshots.ts';

const stepIn = (parts: SnapshotParts): RotationStep => nextRotationStep(testSnapshot(parts));
const trusting = testProgress({ stage: 'TrustBoth', generation: 1, old: testCA('old') });
const both = { anchors: ['old', 'next'] };

const actions: readonly { parts: SnapshotParts; act: object; why: string }[] = [
  { parts: { progress: trusting, nextCA: undefined }, act: { action: 'makeNextCA' }, why: 'there is no next CA' },
  {
    parts: {
      progress: { ...trusting, next: testCA('next') },
      bundles: [testBundle('a', both), testBundle('b'), testBundle('c', { anchors: ['other'] })],
    },
    act: { action: 'addAnchor', bundle: 'b', fingerprint: 'next' },
    why: 'only bundles with the old CA get the next one',
  },
  {
    parts: {
      progress: issuing(),
      signer: { current: 'old', previousKept: false, nextKept: true },
      leaves: [testLeaf('l')],
    },
    act: { action: 'swapSigner', to: 'next' },
    why: 'no leaf is issued before the signer is swapped',
  },
  {
    parts: { progress: issuing(), leaves: [testLeaf('l')] },
    act: { action: 'reissue', leaves: ['l'] },
    why: 'of a wave',
  },
  {
    parts: { progress: issuing({ stage: 'Distrust' }), bundles: [testBundle('a', both)] },
    act: { action: 'withdrawAnchor', bundle: 'a', fingerprint: 'old' },
    why: 'everybody presents the next one',
  },
  {
    parts: {
      progress: issuing({ stage: 'Rollback' }),
      signer: { current: 'next', previousKept: true, nextKept: false },
    },
    act: { action: 'restoreSigner', to: 'old' },
    why: 'back is the signer first',
  },
  {
    parts: { progress: issuing({ stage: 'Withdraw' }), bundles: [testBundle('a', both)] },
    act: { action: 'withdrawAnchor', bundle: 'a', fingerprint: 'next' },
    why: 'all leaves are back',
  },
];
for (const { parts, act, why } of actions) {
  test(`nextRotationStep() in ${parts.progress!.stage} acts: ${JSON.stringify(act)}, for ${why}`, () => {
    const step = stepIn(parts);
    assert.ok(step.do === 'act');
    assert.deepEqual(step.act, act);
    assert.equal(step.generation, parts.progress!.generation);
  });
}

test('nextRotationStep() writes the stage, its generation and the old CA before it does anything', () => {
  const { gates, ...step } = stepIn({}) as WriteStatus;
  assert.deepEqual(
    gates.map(({ name, open }) => [name, open]),
    [['alone', true]],
  );
  assert.deepEqual(step, {
    do: 'write',
    change: {
      stage: 'TrustBoth',
      generation: 1,
      stageSince: testNow,
      history: [{ stage: 'TrustBoth', generation: 1, at: testNow }],
      old: testCA('old'),
      startedTime: testNow,
    },
    why: 'TrustBoth: the rotation begins',
  });
});

const third = { current: 'third', previousKept: false, nextKept: false };
const superseded: readonly { parts: SnapshotParts; why: string }[] = [
  { parts: { progress: testProgress() }, why: 'before it has begun' },
  { parts: { progress: trusting, nextCA: undefined }, why: 'before there is a next CA' },
  { parts: { progress: issuing() }, why: 'when leaves of the next CA are there already' },
  { parts: { progress: issuing({ stage: 'Drain' }) }, why: 'when all leaves are' },
  { parts: { progress: issuing({ stage: 'Rollback' }) }, why: 'on its way back' },
  { parts: { progress: issuing(), wish: { rollback: true } }, why: 'rather than put the old CA in its place' },
];
for (const { parts, why } of superseded) {
  test(`nextRotationStep() fails in ${parts.progress!.stage} when a third CA signs, ${why}`, () => {
    const step = stepIn({ ...parts, signer: third });
    assert.ok(step.do === 'write');
    const { stage, result, message, completedTime } = step.change;
    assert.deepEqual([stage, result, completedTime], ['Stable', 'failed', testNow]);
    assert.match(message ?? '', /third signs now.*another rotation/);
  });
}

test('nextRotationStep() destroys a next CA that has signed nothing before it fails', () => {
  const step = stepIn({ progress: trusting, signer: { ...third, nextKept: true } });
  assert.deepEqual(step.do === 'act' && step.act, { action: 'deleteNext' });
});

for (const { parts, why } of [
  { parts: { progress: issuing({ stage: 'Distrust' }) }, why: 'the old CA may be withdrawn already' },
  { parts: { progress: issuing({ stage: 'Withdraw' }) }, why: 'the next CA may be withdrawn already' },
  { parts: { progress: issuing(), wish: { emergency: true } }, why: 'an emergency has withdrawn the old CA' },
]) {
  test(`nextRotationStep() goes on in ${parts.progress.stage} although a third CA signs: ${why}`, () => {
    const step = stepIn({ ...parts, signer: third });
    assert.notEqual(step.do === 'write' && step.change.result, 'failed');
  });
}

test('nextRotationStep() writes down the next CA before any bundle gets it', () => {
  const step = stepIn({ progress: trusting, bundles: [testBundle('a')] });
  assert.ok(step.do === 'write');
  assert.deepEqual(step.change, { next: testCA('next') });
});

test('nextRotationStep() waits for an instance that has said nothing, and says what mends it', () => {
  const silent = testInstance('w', '0', [testMaterial('trust', 'a', [])], { lastSeenTime: undefined });
  const step = stepIn({
    progress: { ...trusting, next: testCA('next') },
    bundles: [testBundle('a', both)],
    instances: [silent],
  });
  assert.ok(step.do === 'wait');
  assert.deepEqual(
    step.gates.filter(({ open }) => !open).map(({ name }) => name),
    ['both-persisted', 'both-proven', 'both-exclusive'],
  );
  assert.equal(step.blockingTotal, 3);
  assert.deepEqual(step.blocking[0], {
    workload: 'w',
    instance: '0',
    material: 'a',
    wanted: 'persisted a-1 generation 1',
    has: 'not persisted',
    message: 'It is not where a restart would find it.',
    hint: 'Start the agent of this instance, or take the instance out of service.',
  });
});

test('nextRotationStep() says which proof opened a gate', () => {
  const step = stepIn({
    progress: { ...trusting, next: testCA('next') },
    bundles: [testBundle('a', both)],
    instances: [testInstance('w', '0', [testMaterial('trust', 'a', ['persisted', 'proven'])])],
  });
  assert.ok(step.do === 'wait');
  assert.deepEqual(step.gates.find(({ name }) => name === 'both-proven')!.evidence, [
    '1 of 1 materials proven',
    'w 0 a: proven a-1 generation 1 at 2026-11-22T12:00:00.000Z',
  ]);
});

const idle: readonly { parts: SnapshotParts; reason: string }[] = [
  { parts: { progress: testProgress({ result: 'succeeded' }) }, reason: 'done' },
  { parts: { progress: issuing(), wish: { paused: true }, leaves: [testLeaf('l')] }, reason: 'paused' },
  { parts: { progress: issuing(), wish: { paused: true, rollback: true } }, reason: 'paused' },
];
for (const { parts, reason } of idle) {
  test(`nextRotationStep() does nothing when it is ${reason}: ${JSON.stringify(parts.wish ?? {})}`, () => {
    assert.deepEqual(stepIn(parts), { do: 'wait', reason, gates: [], blocking: [], blockingTotal: 0 });
  });
}

for (const stage of ['TrustBoth', 'Issue', 'Drain'] as const) {
  test(`nextRotationStep() rolls back from ${stage} with a new generation`, () => {
    const step = stepIn({ progress: issuing({ stage, generation: 7 }), wish: { rollback: true } });
    assert.ok(step.do === 'write');
    assert.deepEqual([step.change.stage, step.change.generation], ['Rollback', 8]);
  });
}

for (const stage of ['Distrust', 'Flush'] as const) {
  test(`nextRotationStep() does not roll back from ${stage}: the old CA is trusted no more`, () => {
    const step = stepIn({ progress: issuing({ stage }), wish: { rollback: true } });
    assert.ok(step.do === 'write');
    assert.notEqual(step.change.stage, 'Rollback');
  });
}

test('the key of the old CA is deleted before the end is written', () => {
  const signer = { current: 'next', previousKept: true, nextKept: false };
  const step = stepIn({ progress: issuing({ stage: 'Flush' }), signer });
  assert.ok(step.do === 'act');
  assert.deepEqual(step.act, { action: 'deletePrevious' });
  const end = stepIn({ progress: issuing({ stage: 'Flush' }), signer: { ...signer, previousKept: false } });
  assert.ok(end.do === 'write');
  assert.deepEqual([end.change.stage, end.change.result], ['Stable', 'succeeded']);
});

test('isCurrent() refuses what was decided in another stage', () => {
  const step = stepIn({ progress: issuing(), leaves: [testLeaf('l')] });
  assert.ok(step.do === 'act');
  assert.equal(isCurrent(step, issuing()), true);
  assert.equal(isCurrent(step, issuing({ stage: 'Rollback', generation: 3 })), false);
});

test('a word given for trust does not stand for the leaves that come later', () => {
  const partner = testInstance('partner', '0', [testMaterial('identity', 'l', [])], { external: true });
  const history = [{ stage: 'Issue' as const, generation: 2, at: testNow }];
  const drained = (generation?: number): RotationStep => {
    const word = { consumer: 'partner', by: 'Ada', until: new Date('2027-01-01T00:00:00Z'), generation };
    const progress = issuing({ stage: 'Drain', generation: 3, history });
    return stepIn({ progress, leaves: [reissued('l')], instances: [partner], wish: { attestations: [word] } });
  };
  assert.equal(drained(undefined).do, 'wait');
  assert.equal(drained(1).do, 'wait');
  assert.equal(drained(2).do, 'write');
});

test('leafCounts() counts what is issued, what is shown, and what nobody presents', () => {
  const shown = testInstance('w', '0', [testMaterial('identity', 'a', ['persisted', 'proven'], 2)]);
  const behind = testInstance('w', '1', [testMaterial('identity', 'b')]);
  const leaves = [reissued('a'), reissued('b'), reissued('nobody'), testLeaf('c')];
  const snapshot = testSnapshot({ progress: issuing(), leaves, instances: [shown, behind] });
  assert.deepEqual(leafCounts(snapshot), { total: 4, issued: 3, proven: 1, undeclared: 2 });
});
