import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deadEnds, explore } from './test-checker.ts';
import { scenarios, withoutGuards } from './test-scenarios.ts';
import type { ScenarioName } from './test-scenarios.ts';
import { settingWith } from './test-world.ts';
import type { Setting } from './test-world.ts';

for (const [name, setting] of Object.entries(scenarios)) {
  test(`in no world that can come about is anybody refused: ${name}`, (context) => {
    const { states, violation, complete, results } = explore(setting());
    context.diagnostic(`${states} worlds`);
    assert.equal(violation, undefined);
    assert.ok(complete);
    assert.ok(results.has('succeeded') || name === 'an engine that refuses what the next CA signs');
  });
}

const ending: readonly ScenarioName[] = [
  'three nodes that crash',
  'a rollback, and another try',
  'a node that nobody can look at',
  'leaves that are from the next CA already',
  'an emergency',
  'two rotations of one CA at once',
];
for (const name of ending) {
  test(`from every world there is a way to an end: ${name}`, () => {
    assert.deepEqual(deadEnds(scenarios[name]()), []);
  });
}

test('an engine that refuses what the next CA signs holds the rotation up, and a rollback ends it', () => {
  const { results } = explore(settingWith(['ours', 'unfit']));
  assert.deepEqual([...results], ['']);
  assert.deepEqual(deadEnds(settingWith(['ours', 'unfit'], { rollbacks: 1 })), []);
});

/** No guard looks at an acknowledgement, and nothing goes beyond the issue of the new leaves. */
function withoutAcks(setting: Setting): Setting {
  const blind = withoutGuards(setting, ({ name }) => /persisted|proven|exclusive/.test(name));
  const staged = blind.rules.staged.filter(({ from }) => !['Drain', 'Distrust', 'Flush'].includes(from));
  return { ...blind, rules: { ...blind.rules, staged } };
}

test('cross-certificates both ways need no acknowledgement while the old CA is valid', () => {
  const setting = settingWith(['ours', 'ours'], {}, { crossSign: 'both' });
  const { violation, complete } = explore(withoutAcks(setting));
  assert.equal(violation, undefined);
  assert.ok(complete);
});

test('the same key needs no acknowledgement while the old CA is valid', () => {
  const setting = settingWith(['ours', 'ours'], {}, { sameKey: true });
  const { violation, complete } = explore(withoutAcks(setting));
  assert.equal(violation, undefined);
  assert.ok(complete);
});

test('another key without cross-certificates does need acknowledgements', () => {
  assert.notEqual(explore(withoutAcks(settingWith(['ours', 'ours']))).violation, undefined);
});
