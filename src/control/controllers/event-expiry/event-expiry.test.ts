import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventKind } from '#model/resources';
import { startPlaneWithCA } from '../test-plane.ts';

test('events are forgotten an hour after they last happened', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  assert((await plane.events()).length > 5);
  await plane.pass(59 * 60_000);
  assert((await plane.all(eventKind)).length > 5);
  await plane.pass(2 * 60_000);
  await plane.pass(60_000);
  assert.deepEqual(await plane.all(eventKind), []);
});
