import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rotateKilled } from './test-killed.ts';

/** Every so many writes; the long suite tries all. */
const strides = { steps: 23, commits: 17 } as const;

test('a rotation killed between two writes of a store that is not atomic goes on where it was', async () => {
  const all = await rotateKilled(Infinity, false);
  assert(all > 40, `a rotation takes ${all} writes`);
  for (let kill = 5; kill < all; kill += strides.steps) await rotateKilled(kill, false);
});

test('a rotation killed between two commits of an atomic store goes on where it was', async () => {
  const all = await rotateKilled(Infinity, true);
  for (let kill = 3; kill < all; kill += strides.commits) await rotateKilled(kill, true);
});
