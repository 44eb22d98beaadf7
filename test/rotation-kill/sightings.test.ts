import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RotationStatus } from '#model/resources';
import { stageProblem } from './sightings.ts';

type Stage = NonNullable<RotationStatus['stage']>;

const at = '2027-01-01T00:00:00Z';

/** A rotation that went through these stages. */
const after = (...stages: readonly Stage[]): RotationStatus => ({
  stage: stages.at(-1) ?? 'Stable',
  generation: stages.length,
  history: stages.map((stage, index) => ({ stage, generation: index + 1, at })),
});

for (const { before, next, says, why } of [
  { before: after(), next: after('TrustBoth'), says: undefined, why: 'it begins' },
  { before: after('TrustBoth'), next: after('TrustBoth'), says: undefined, why: 'only its words changed' },
  { before: after('TrustBoth', 'Issue'), next: after('TrustBoth', 'Issue', 'Rollback'), says: undefined, why: 'back' },
  { before: after('TrustBoth'), next: after('TrustBoth', 'Drain'), says: /not a step/, why: 'a stage was skipped' },
  {
    before: after('TrustBoth'),
    next: { ...after('TrustBoth', 'Issue'), generation: 3 },
    says: /not a step/,
    why: 'a generation was skipped',
  },
  {
    before: after('TrustBoth', 'Issue'),
    next: after('TrustBoth'),
    says: /rewrote its history/,
    why: 'what had been written was lost',
  },
  {
    before: after('TrustBoth', 'Issue', 'Drain', 'Distrust'),
    next: after('TrustBoth', 'Issue', 'Drain', 'Distrust', 'Rollback'),
    says: /not a step/,
    why: 'there is no way back any more',
  },
  {
    before: { ...after('TrustBoth'), completedTime: at },
    next: after('TrustBoth', 'Issue'),
    says: /after its end/,
    why: 'it was over',
  },
]) {
  test(`stageProblem(): ${why}`, () => {
    const problem = stageProblem(before, next);
    if (says === undefined) assert.equal(problem, undefined);
    else assert.match(problem ?? '', says);
  });
}
