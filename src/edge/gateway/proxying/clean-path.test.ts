import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cleanPath } from './clean-path.ts';

describe('cleanPath()', () => {
  const cases: [target: string, clean: string | undefined, why: string][] = [
    ['/a/b?c=d', '/a/b?c=d', 'what is clean stays as it is'],
    ['/', '/', 'the root'],
    ['/a/./b', '/a/b', 'a dot segment is removed'],
    ['/a/../b', '/b', 'two dots go up'],
    ['/a/b/..', '/a/', 'the last dot segment leaves its slash'],
    ['/a/%2e%2E/b', '/b', 'encoded dots are dots'],
    ['/a/.%2e/b?x=/../y', '/b?x=/../y', 'the query is not a path'],
    ['/../a', undefined, 'above the root there is nothing'],
    ['/a/../../b', undefined, 'above the root there is nothing'],
    ['/a%2fb', '/a%2fb', 'an encoded slash is data'],
    ['/a/..%2fb', undefined, 'an encoded slash beside dots'],
    ['/a/x%2f..%2fb', undefined, 'an encoded slash beside dots, inside'],
    ['/a/..;x=1/b', undefined, 'servlet containers drop the parameter'],
    ['/a/.;/b', undefined, 'the same with one dot'],
    ['/a\\..\\b', undefined, 'some servers take a backslash for a slash'],
    ['/a%5c..%5cb', undefined, 'the same encoded'],
    ['/a/.hidden/..b/c..', '/a/.hidden/..b/c..', 'dots in names are names'],
    ['/a%00b', undefined, 'NUL ends strings in C'],
    ['/a//b', '/a//b', 'empty segments are kept'],
    ['/a b', undefined, 'a space would end the path in the request line'],
    ['/a\r\nhost: x', undefined, 'a line break would write a header'],
    ['/a#b', undefined, 'a fragment is never sent'],
    ['*', undefined, 'not a path'],
    ['a/b', undefined, 'not an absolute path'],
    ['', undefined, 'nothing'],
  ];
  for (const [target, clean, why] of cases) {
    it(`answers ${JSON.stringify(clean)} to ${JSON.stringify(target)}: ${why}`, () => {
      assert.equal(cleanPath(target), clean);
    });
  }

  it('never lets a path out that still climbs, and is settled after one pass', () => {
    const piece = fc.constantFrom('a', '.', '..', '%2e', '%2F', '/', '//', ';', '%5c', '\\', '?', '%', 'b');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const clean = cleanPath(`/${pieces.join('')}`);
        if (clean === undefined) return;
        assert.equal(cleanPath(clean), clean);
        const path = clean.split('?')[0]!;
        const segments = decodeURIComponent(path.replaceAll(/%(?![\da-f]{2})/giu, '%25')).split(/[/\\]/u);
        assert.ok(!segments.includes('..') && !segments.includes('.'), clean);
      }),
    );
  });
});
