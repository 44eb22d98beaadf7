import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Expectation } from './expectation.ts';
import { Ledger } from './ledger.ts';

describe('an expectation', () => {
  test('is sure of what begins after a change has settled and ends before the next is sent', () => {
    const expectation = new Expectation('distrusted');
    expectation.changing('answered');
    expectation.settled('answered');
    const end = expectation.watch();
    assert.deepEqual([...end()], ['answered']);
    expectation.changing('distrusted');
    assert.deepEqual([...expectation.watch()()], ['answered', 'distrusted']);
  });

  test('allows both to what a change overlaps, whenever it comes', () => {
    const expectation = new Expectation('answered');
    const before = expectation.watch();
    expectation.changing('distrusted');
    const within = expectation.watch();
    expectation.settled('distrusted');
    for (const end of [before, within]) assert.deepEqual([...end()].toSorted(), ['answered', 'distrusted']);
    assert.deepEqual([...expectation.watch()()], ['distrusted']);
  });

  test('stays sure through changes that shall change nothing', () => {
    const expectation = new Expectation('answered');
    const end = expectation.watch();
    expectation.changing('answered');
    expectation.settled('answered');
    assert.deepEqual([...end()], ['answered']);
  });

  test('allows what a change passes through', () => {
    const expectation = new Expectation('answered');
    const end = expectation.watch();
    expectation.changing('distrusted', 'answered');
    expectation.settled('answered');
    assert.deepEqual([...end()].toSorted(), ['answered', 'distrusted']);
  });
});

describe('the ledger', () => {
  test('tells what failed and should have worked from what worked and should have failed', () => {
    const ledger = new Ledger();
    ledger.note('a', 'distrusted', new Set(['answered']));
    ledger.note('a', 'answered', new Set(['distrusted']));
    ledger.note('a', 'broken ECONNRESET', new Set(['answered', 'distrusted']));
    const { failedThatShouldHaveWorked, workedThatShouldHaveFailed, otherwiseWrong } = ledger.report();
    assert.deepEqual([failedThatShouldHaveWorked, workedThatShouldHaveFailed, otherwiseWrong], [1, 1, 1]);
    assert.equal(ledger.problems.length, 3);
  });

  test('counts what was sure apart from what a change overlapped', () => {
    const ledger = new Ledger();
    ledger.note('a', 'answered', new Set(['answered']));
    ledger.note('a', 'distrusted', new Set(['distrusted']));
    ledger.note('a', 'distrusted', new Set(['answered', 'distrusted']));
    const { sure, overlapping } = ledger.report();
    assert.deepEqual(sure, { answered: 1, distrusted: 1 });
    assert.deepEqual(overlapping, { distrusted: 1 });
    assert.deepEqual(ledger.problems, []);
  });
});
