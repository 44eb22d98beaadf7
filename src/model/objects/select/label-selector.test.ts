import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CodedError } from '#errors';
import { matchesLabels, type LabelRequirement } from './label-selector.ts';
import { parseLabelSelector } from './parse-label-selector.ts';

const labels = { app: 'web', tier: 'edge', empty: '', count: '10', 'example.com/owner': 'team' };

describe('a label selector', () => {
  const cases: readonly (readonly [selector: string, matches: boolean, why: string])[] = [
    ['', true, 'nothing is asked'],
    ['   ', true, 'white space is nothing'],
    ['app=web', true, 'equal'],
    ['app==web', true, 'equal, spelled with two signs'],
    ['app = web , tier = edge', true, 'white space separates'],
    ['app=api', false, 'another value'],
    ['missing=x', false, 'no such label'],
    ['missing!=x', true, 'a missing label is not x'],
    ['app!=web', false, 'it is web'],
    ['app in (api,web)', true, 'one of them'],
    ['app in ( api , db )', false, 'none of them'],
    ['app notin (api)', true, 'not among them'],
    ['missing notin (api)', true, 'a missing label is not among them'],
    ['app', true, 'present'],
    ['missing', false, 'not present'],
    ['!missing', true, 'absent'],
    ['!app', false, 'present, but must not be'],
    ['! missing', true, 'white space after the sign'],
    ['empty=', true, 'the empty value'],
    ['empty', true, 'present, though empty'],
    ['empty in (,x)', true, 'the empty value in a set'],
    ['count>9', true, 'numbers compare as numbers'],
    ['count<9', false, 'not less'],
    ['count > 9223372036854775807', false, 'beyond what a double can tell apart'],
    ['app>1', false, 'not a number'],
    ['in in (in)', false, 'a label may be called in'],
    ['example.com/owner=team,app', true, 'both hold'],
    ['app=web,!tier', false, 'one does not'],
  ];
  for (const [selector, matches, why] of cases) {
    test(`${JSON.stringify(selector)} ${matches ? 'matches' : 'does not match'}: ${why}`, () => {
      assert.equal(matchesLabels(parseLabelSelector(selector), labels), matches);
    });
  }

  test('does not take inherited properties for labels', () => {
    assert.equal(matchesLabels(parseLabelSelector('constructor'), {}), false);
    assert.equal(matchesLabels(parseLabelSelector('app'), undefined), false);
  });
});

describe('parseLabelSelector() refuses', () => {
  const cases: readonly (readonly [selector: string, message: string])[] = [
    [',', "found ',', expected: !, identifier, or 'end of string'"],
    ['=x', "found '=', expected: !, identifier, or 'end of string'"],
    ['a,', "found '', expected: identifier after ','"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['a in b', "unable to parse requirement: found 'b', expected: '('"],
    ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['a in (b c)', "unable to parse requirement: found 'c', expected: ',' or ')'"],
    [
      'a in ()',
      "unable to parse requirement: values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
    ],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    ['!a=b', "found '=', expected: ',' or 'end of string'"],
    ['a==(', "unable to parse requirement: found '(', expected: identifier"],
    [
      'a>x',
      "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
    [
      '-a=b',
      'unable to parse requirement: key: Invalid value: "-a": name part must consist of alphanumeric characters',
    ],
    [
      'a=-b',
      'unable to parse requirement: values[0][a]: Invalid value: "-b": a valid label must be an empty string or',
    ],
  ];
  for (const [selector, message] of cases) {
    test(JSON.stringify(selector), () => {
      assert.throws(
        () => parseLabelSelector(selector),
        (error) => {
          assert.ok(error instanceof CodedError && error.code === 'bad-request');
          assert.equal(error.message.slice(0, message.length), message);
          return true;
        },
      );
    });
  }
});

function printed({ key, operator, values }: LabelRequirement): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  if (operator === 'GreaterThan' || operator === 'LessThan')
    return `${key} ${operator === 'LessThan' ? '<' : '>'} ${values[0]}`;
  return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
}

describe('parseLabelSelector() in general', () => {
  const name = fc.stringMatching(/^[a-z]([-a-z0-9]{0,5}[a-z0-9])?$/);
  const requirement: fc.Arbitrary<LabelRequirement> = fc.oneof(
    fc.record({
      key: name,
      operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const),
      values: fc.constant([]),
    }),
    fc.record({
      key: name,
      operator: fc.constantFrom('In' as const, 'NotIn' as const),
      values: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      key: name,
      operator: fc.constantFrom('GreaterThan' as const, 'LessThan' as const),
      values: fc.nat().map((n) => [String(n)]),
    }),
  );

  test('reads back what was printed', () => {
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 5 }), (requirements) => {
        const parsed = parseLabelSelector(requirements.map(printed).join(','));
        assert.equal(JSON.stringify(parsed), JSON.stringify(requirements));
      }),
    );
  });

  test('answers or fails with bad-request for any text', () => {
    const text = fc
      .array(fc.constantFrom('a', 'in', 'notin', '(', ')', ',', '=', '!', '>', '<', ' ', 'é', '\u0000'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (selector) => {
        try {
          parseLabelSelector(selector);
        } catch (error) {
          assert.ok(error instanceof CodedError && error.code === 'bad-request');
        }
      }),
    );
  });
});
