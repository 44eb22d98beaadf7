import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ackRules } from './acks.ts';
import { joinGuards, stagedTransitions } from './guards.ts';
import { explore } from './test-checker.ts';
import { scenarios, withoutGuards, withoutRule } from './test-scenarios.ts';
import type { ScenarioName } from './test-scenarios.ts';

/** For each guard a world in which it is missed. */
const guards: Readonly<Record<string, ScenarioName>> = {
  alone: 'two rotations of one CA at once',
  'bundles-hold-next': 'a next CA that was brought along',
  'verifiers-fit-next': 'an engine that refuses what the next CA signs',
  'both-persisted': 'three nodes that crash',
  'both-proven': 'three nodes that crash',
  'both-exclusive': 'three nodes that crash',
  'externals-trust-both': 'a node that nobody can look at',
  'next-signs': 'leaves that are from the next CA already',
  'leaves-from-next': 'three nodes that crash',
  'leaves-persisted': 'three nodes that crash',
  'leaves-proven': 'three nodes that crash',
  'leaves-exclusive': 'three nodes that crash',
  'externals-present-next': 'a node that nobody can look at',
  'old-withdrawn': 'three nodes that crash',
  'withdrawal-persisted': 'three nodes that crash',
  'withdrawal-proven': 'three nodes that crash',
  'old-refused': 'three nodes that crash',
  'old-signs-again': 'a renewal and a rollback',
  'leaves-from-old': 'a rollback at any time',
  'return-persisted': 'a rollback at any time',
  'return-proven': 'a rollback at any time',
  'return-exclusive': 'a rollback at any time',
  'externals-present-old': 'a node that nobody can look at',
  'next-withdrawn': 'a rollback at any time',
  'return-trust-persisted': 'a rollback at any time',
  'return-trust-proven': 'a rollback at any time',
  'next-refused': 'a rollback at any time',
  'join-trust-persisted': 'a node made anew from an old image',
  'join-trust-proven': 'a node made anew from an old image',
  'join-trust-exclusive': 'a node made anew from an old image',
  'join-leaves-persisted': 'a node made anew from an old image',
  'join-leaves-proven': 'a node made anew from an old image',
  'join-leaves-exclusive': 'a node made anew from an old image',
};

const rules: Readonly<Record<string, ScenarioName>> = {
  'names-the-content': 'three nodes that crash',
  'of-this-generation': 'a rollback, and another try',
  'since-the-start': 'a node made anew from an old image',
  'gone-after-proof': 'three nodes that crash',
};

test('every guard and every rule has its world', () => {
  const all = [...stagedTransitions.flatMap((transition) => transition.guards), ...joinGuards];
  assert.deepEqual(
    all.map(({ name }) => name),
    Object.keys(guards),
  );
  assert.deepEqual(
    ackRules.map(({ name }) => name),
    Object.keys(rules),
  );
});

for (const [name, scenario] of Object.entries(guards)) {
  test(`without the guard ${name} somebody is refused, or let in: ${scenario}`, (context) => {
    const { violation } = explore(withoutGuards(scenarios[scenario](), (guard) => guard.name === name));
    assert.ok(violation);
    context.diagnostic([...violation.trace, violation.wrong].join('\n'));
  });
}

for (const [name, scenario] of Object.entries(rules)) {
  test(`without the rule ${name} somebody is refused, or let in: ${scenario}`, (context) => {
    const { violation } = explore(withoutRule(scenarios[scenario](), name));
    assert.ok(violation);
    context.diagnostic([...violation.trace, violation.wrong].join('\n'));
  });
}

test('without the end of one whose CA was replaced meanwhile, it swaps the signer and changes no trust', (context) => {
  const setting = scenarios['two rotations of one CA at once']();
  const { violation } = explore({ ...setting, rules: { ...setting.rules, leavesSuperseded: false } });
  assert.ok(violation);
  context.diagnostic([...violation.trace, violation.wrong].join('\n'));
});

test('without the fence a controller that was stopped undoes what others have proven', (context) => {
  const setting = scenarios['a controller that stops, and goes on when all has changed']();
  const { violation } = explore({ ...setting, fenced: false });
  assert.ok(violation);
  context.diagnostic([...violation.trace, violation.wrong].join('\n'));
});
