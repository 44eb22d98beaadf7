import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explore } from './test-checker.ts';
import { largeScenarios } from './test-scenarios.ts';

for (const [name, setting] of Object.entries(largeScenarios)) {
  test(`in no world that can come about is anybody refused: ${name}`, (context) => {
    const { states, violation, complete } = explore(setting(), 3_000_000);
    context.diagnostic(`${states} worlds`);
    assert.equal(violation, undefined);
    assert.ok(complete);
  });
}
