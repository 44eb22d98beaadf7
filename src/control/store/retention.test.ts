import assert from 'node:assert/strict';
import { it } from 'node:test';
import { planCompaction } from './retention.ts';

const policy = { keepRevisions: 10, keepMilliseconds: 100 };

const cases = [
  { why: 'nothing is old enough', samples: [[50, 400]], now: [100, 500], compactTo: undefined },
  { why: 'no sample yet', samples: [], now: [1000, 500], compactTo: undefined },
  {
    why: 'the newest sample that is old enough counts',
    samples: [
      [0, 100],
      [40, 200],
      [60, 300],
    ],
    now: [145, 500],
    compactTo: 200,
  },
  { why: 'a sample is old enough at the very instant', samples: [[0, 100]], now: [100, 500], compactTo: 100 },
  { why: 'the newest revisions stay, however old', samples: [[0, 495]], now: [200, 500], compactTo: 490 },
  { why: 'a young store keeps everything', samples: [[0, 5]], now: [200, 9], compactTo: undefined },
] as const;

for (const { why, samples, now, compactTo } of cases) {
  it(`planCompaction(): ${why}`, () => {
    const plan = planCompaction(
      samples.map(([at, rev]) => ({ at, rev })),
      { at: now[0], rev: now[1] },
      policy,
    );
    assert.equal(plan.compactTo, compactTo);
  });
}

it('planCompaction() called at a steady pace keeps a bounded number of samples, and follows the writes', () => {
  let samples: ReturnType<typeof planCompaction>['samples'] = [];
  let compacted = 0;
  for (let at = 0; at < 10_000; at += 10) {
    const plan = planCompaction(samples, { at, rev: at * 3 }, policy);
    samples = plan.samples;
    assert.ok(samples.length <= 12);
    compacted = plan.compactTo ?? compacted;
    assert.ok(compacted <= Math.max(0, (at - 100) * 3));
  }
  assert.equal(compacted, (9990 - 100) * 3);
});
