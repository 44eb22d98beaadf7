import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ackRules } from './acks.ts';
import { nextRotationStep } from './next-rotation-step.ts';
import { nextRestarts } from './restarts.ts';
import type { Restarts } from './restarts.ts';
import type { InstanceState } from './snapshot.ts';
import { issuing, reissued, seconds, testInstance, testMaterial, testNow, testSnapshot } from './test-snapshots.ts';
import { viewOf } from './view.ts';

const waiting = testMaterial('identity', 'leaf', ['persisted'], 2);
const settled = testMaterial('identity', 'leaf', ['persisted', 'proven'], 2);

function portal(name: string, site: string, changes: Partial<InstanceState> = {}, material = waiting): InstanceState {
  return testInstance('portal', name, [material], { site, restarts: true, ...changes });
}

/** What the instances are asked with while the leaf is at its second issue. */
const key = nextKey();
const asked = { asked: { restart: { key, at: testNow } } };

function nextKey(): string {
  return restartsOf([portal('a', 'east')]).instances[0]!.key;
}

function restartsOf(instances: readonly InstanceState[], now = testNow): Restarts {
  return nextRestarts(
    viewOf(testSnapshot({ now, progress: issuing(), instances, leaves: [reissued('leaf')] })),
    ackRules,
  );
}

const namesOf = ({ instances }: Restarts): string[] => instances.map(({ instance }) => instance);

test('nextRestarts() begins with the first instance of the first site', () => {
  assert.deepEqual(namesOf(restartsOf([portal('b', 'east'), portal('a', 'west'), portal('c', 'east')])), ['b']);
});

test('nextRestarts() waits for the one that was restarted', () => {
  assert.deepEqual(namesOf(restartsOf([portal('a', 'east', asked), portal('b', 'west')])), []);
  assert.deepEqual(namesOf(restartsOf([portal('a', 'east', asked, settled), portal('b', 'west')])), ['b']);
});

test('nextRestarts() begins when all sites can be restarted, unless there is no way back', () => {
  const unwritten = testMaterial('identity', 'leaf', ['delivered'], 2);
  const instances = [portal('a', 'east'), portal('b', 'west', {}, unwritten)];
  assert.deepEqual(namesOf(restartsOf(instances)), []);
  const flushing = testSnapshot({ progress: issuing({ stage: 'Flush' }), instances, leaves: [reissued('leaf')] });
  assert.deepEqual(namesOf(nextRestarts(viewOf(flushing), ackRules)), ['a']);
});

test('nextRestarts() restarts nobody who would come back without the new material', () => {
  const unwritten = testMaterial('identity', 'leaf', ['delivered', 'loaded'], 2);
  assert.deepEqual(namesOf(restartsOf([portal('a', 'east', {}, unwritten)])), []);
});

test('nextRestarts() asks again for other material only', () => {
  const before = { asked: { restart: { key: 'other', at: testNow } } };
  assert.deepEqual(namesOf(restartsOf([portal('a', 'east', before)])), ['a']);
  assert.deepEqual(namesOf(restartsOf([portal('a', 'east', asked)])), []);
});

test('a workload that is not restarted in all sites within the window rolls the rotation back', () => {
  const instances = [portal('a', 'east', asked, settled), portal('b', 'west')];
  const at = (now: Date) =>
    nextRotationStep(
      testSnapshot({ now, progress: issuing({ stage: 'Drain' }), instances, leaves: [reissued('leaf')] }),
    );
  assert.deepEqual(restartsOf(instances, seconds(10)).until, seconds(300));
  assert.equal(at(seconds(299)).do, 'act');
  const late = at(seconds(300));
  assert.ok(late.do === 'write');
  assert.equal(late.change.stage, 'Rollback');
  assert.match(late.why, /restarts of portal took longer than their window/);
});
