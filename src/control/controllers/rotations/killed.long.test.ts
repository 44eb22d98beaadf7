import { test } from 'node:test';
import { rotateKilled } from './test-killed.ts';

for (const atomic of [false, true]) {
  test(`a rotation killed at any write goes on where it was; atomic store: ${atomic}`, async () => {
    const all = await rotateKilled(Infinity, atomic);
    for (let kill = 1; kill < all; kill += 1) await rotateKilled(kill, atomic);
  });
}
