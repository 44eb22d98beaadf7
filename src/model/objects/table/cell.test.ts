import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Json } from '../object.ts';
import { compileCell, type CellColumn } from './cell.ts';
import { humanAge, humanDuration } from './human-duration.ts';

const now = new Date('2026-01-01T00:05:03Z');

describe('compileCell()', () => {
  const cases: readonly (readonly [type: CellColumn['type'], value: Json | undefined, cell: Json, why: string])[] = [
    ['string', 'a', 'a', 'a text'],
    ['string', undefined, null, 'nothing there'],
    ['string', true, 'true', 'other values by their text'],
    ['string', ['a'], '["a"]', 'containers as JSON'],
    ['string', null, null, 'null'],
    ['integer', 3, 3, 'an integer'],
    ['integer', 3.7, 3, 'cut off'],
    ['integer', '3', null, 'a text is no integer'],
    ['number', 3.7, 3.7, 'a number'],
    ['boolean', false, false, 'a boolean'],
    ['boolean', 'false', null, 'a text is no boolean'],
    ['date', '2026-01-01T00:00:00Z', '5m3s', 'an age'],
    ['date', '2026-01-01T01:00:00+01:00', '5m3s', 'an age in another zone'],
    ['date', '2026-01-01T00:00:00.999999Z', '5m2s', 'fractions of a second'],
    ['date', '2027-01-01T00:00:00Z', '<invalid>', 'in the future'],
    ['date', 'yesterday', '<invalid>', 'not a time'],
    ['date', null, '<unknown>', 'no time'],
    ['date', undefined, null, 'nothing there'],
    ['date', 7, null, 'a number is no time'],
  ];
  for (const [type, value, cell, why] of cases) {
    test(`${type} of ${JSON.stringify(value)} is ${JSON.stringify(cell)}: ${why}`, () => {
      assert.equal(compileCell({ type, jsonPath: '.spec.value' })({ spec: { value } }, now), cell);
    });
  }
});

describe('humanDuration()', () => {
  const [second, minute, hour, day] = [1, 60, 3600, 86_400];
  const year = 365 * day;
  const cases: readonly (readonly [seconds: number, text: string])[] = [
    [-3, '<invalid>'],
    [-1.5, '0s'],
    [0, '0s'],
    [119 * second, '119s'],
    [2 * minute, '2m'],
    [5 * minute + 3, '5m3s'],
    [10 * minute + 3, '10m'],
    [179 * minute, '179m'],
    [3 * hour, '3h'],
    [3 * hour + 4 * minute, '3h4m'],
    [8 * hour + 4 * minute, '8h'],
    [47 * hour, '47h'],
    [48 * hour, '2d'],
    [3 * day + 4 * hour, '3d4h'],
    [8 * day + 4 * hour, '8d'],
    [729 * day, '729d'],
    [2 * year, '2y'],
    [2 * year + 10 * day, '2y10d'],
    [8 * year + 10 * day, '8y'],
  ];
  for (const [seconds, text] of cases) {
    test(`of ${seconds} s is ${text}`, () => assert.equal(humanDuration(seconds * 1000), text));
  }

  test('humanAge() of no time is <unknown>', () => assert.equal(humanAge(undefined, now), '<unknown>'));
});
