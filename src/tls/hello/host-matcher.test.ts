import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hostMatcher } from './index.ts';

describe('hostMatcher()', () => {
  const patterns = ['*', '*.example.com', 'a.example.com', '*.b.example.com', 'localhost'];
  const matcher = hostMatcher(patterns.map((pattern) => [pattern, pattern] as const));

  const cases: { name: string | undefined; fits: string; why: string }[] = [
    { name: 'a.example.com', fits: 'a.example.com', why: 'an exact name comes first' },
    { name: 'c.example.com', fits: '*.example.com', why: 'then the wildcard' },
    { name: 'c.b.example.com', fits: '*.b.example.com', why: 'of the label above' },
    { name: 'c.c.example.com', fits: '*', why: 'a wildcard stands for one label (RFC 6125)' },
    { name: 'example.com', fits: '*', why: 'and never for none' },
    { name: 'localhost', fits: 'localhost', why: 'a name of one label' },
    { name: 'com', fits: '*', why: 'which no wildcard fits' },
    { name: undefined, fits: '*', why: 'a client that names no host' },
  ];
  for (const { name, fits, why } of cases) test(`${name}: ${why}`, () => assert.equal(matcher.match(name), fits));

  test('without a default there is no answer for strangers', () => {
    assert.equal(hostMatcher([['a.x', 1]]).match('b.x'), undefined);
    assert.equal(hostMatcher([['a.x', 1]]).match(undefined), undefined);
  });

  test('the first of equal patterns counts', () => {
    const entries: [string, number][] = [
      ['a.x', 1],
      ['a.x', 2],
    ];
    assert.equal(hostMatcher(entries).match('a.x'), 1);
  });
});
