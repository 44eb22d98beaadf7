import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Schedule } from './test-schedule.ts';
import { withoutGuards, withoutRule } from './test-scenarios.ts';
import { settingWith } from './test-world.ts';
import type { Setting } from './test-world.ts';

const choices = fc.array(fc.nat(9999), { minLength: 200, maxLength: 300 });

/** Runs it with these choices; answers what went wrong first. */
function run(setting: Setting, steps: readonly number[]): { schedule: Schedule; wrong: string | undefined } {
  const schedule = new Schedule(setting);
  for (const choice of steps) {
    schedule.step(choice);
    const wrong = schedule.wrong();
    if (wrong !== undefined) return { schedule, wrong };
  }
  return { schedule, wrong: undefined };
}

const everything = (): Setting =>
  settingWith(['ours', 'ours', 'ours'], { rollbacks: 1, rotations: 2, reimages: 2, renewals: 2, edits: 1 });

test('whatever becomes of the reports, nobody is refused', () => {
  fc.assert(
    fc.property(choices, (steps) => {
      const { wrong, schedule } = run(everything(), steps);
      assert.equal(wrong, undefined, schedule.steps.join('\n'));
    }),
    { numRuns: 150 },
  );
});

test('when the faults end, so does the rotation', () => {
  fc.assert(
    fc.property(choices, (steps) => {
      const { schedule } = run(everything(), steps);
      schedule.settle();
      assert.ok(schedule.world.rotations.every(({ result }) => result !== ''));
      assert.equal(schedule.wrong(), undefined);
    }),
    { numRuns: 50 },
  );
});

const two = (): Setting => settingWith(['ours', 'ours']);
const broken: Readonly<Record<string, Setting>> = {
  'the guards of trust': withoutGuards(two(), ({ name }) => name.startsWith('both-')),
  'the rule names-the-content': withoutRule(two(), 'names-the-content'),
};
for (const [name, setting] of Object.entries(broken)) {
  test(`such schedules find it when ${name} is missing`, () => {
    const { failed } = fc.check(
      fc.property(choices, (steps) => run(setting, steps).wrong === undefined),
      { numRuns: 500, endOnFailure: true },
    );
    assert.ok(failed);
  });
}
