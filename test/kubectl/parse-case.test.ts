import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findProblem, parseCase } from './parse-case.ts';

const [step] = parseCase('# remark\n$ echo a\n> echo b\na\n/^b+$/\n! c\n[3]\n') as [ReturnType<typeof parseCase>[0]];

test('a case file gives commands with their lines, expectations and exit code', () => {
  assert.equal(step.command, 'echo a\necho b');
  assert.equal(step.exitCode, 3);
  assert.deepEqual(
    step.expected.map(({ text }) => text),
    ['a', '/^b+$/', '! c'],
  );
});

for (const { output, code, problem, why } of [
  { output: 'a\nbb\n', code: 3, problem: undefined, why: 'all is as expected' },
  { output: 'a\nbb\n', code: 0, problem: 'exit code 0, expected 3', why: 'the exit code counts' },
  { output: 'bb\na\n', code: 3, problem: 'missing: /^b+$/', why: 'the order counts' },
  { output: 'a\nbb\nxcx\n', code: 3, problem: 'unexpected: ! c', why: 'a forbidden text counts anywhere' },
]) {
  test(`findProblem() answers ${problem ?? 'nothing'} when ${why}`, () => {
    assert.equal(findProblem(step, output, code), problem);
  });
}
