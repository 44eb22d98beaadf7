import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { LateAnswers } from './late-answers.ts';

function collecting(underWay: number): { late: LateAnswers<number>; sent: (readonly number[])[] } {
  const sent: (readonly number[])[] = [];
  const late = new LateAnswers<number>((answers) => sent.push(answers));
  for (let i = 0; i < underWay; i += 1) late.expect();
  return { late, sent };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(1);
}

test('LateAnswers sends an answer at the end of the turn when few are under way', async () => {
  const { late, sent } = collecting(3);
  late.add(1);
  late.add(2);
  assert.deepEqual(sent, []);
  await turn();
  assert.deepEqual(sent, [[1, 2]]);
});

test('LateAnswers keeps answers until there is a group while a crowd is under way', async () => {
  const { late, sent } = collecting(100);
  for (let i = 1; i < 8; i += 1) late.add(i);
  await turn();
  assert.deepEqual(sent, []);
  late.add(8);
  await turn();
  assert.deepEqual(sent, [[1, 2, 3, 4, 5, 6, 7, 8]]);
});

test('LateAnswers keeps no answer for ever when the rest of the crowd takes long', async () => {
  const { late, sent } = collecting(100);
  late.add(1);
  await until(() => sent.length > 0);
  assert.deepEqual(sent, [[1]]);
});

test('LateAnswers sends what it kept with the first answer after the crowd has shrunk', async () => {
  const { late, sent } = collecting(25);
  late.add(1);
  await turn();
  assert.deepEqual(sent, [], 'one more than the crowd');
  late.add(2);
  await turn();
  assert.deepEqual(sent, [[1, 2]]);
});
