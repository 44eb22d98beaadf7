import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RecentIndex } from './sqlite-recent-index.ts';

function noted(): RecentIndex {
  const index = new RecentIndex();
  index.note({ key: '/b', rev: 1, gone: [], come: ['x', 'y'] });
  index.note({ key: '/a', rev: 2, gone: ['x'], come: ['\u{1F600}', '\uFF5E'] });
  return index;
}

describe('RecentIndex', () => {
  it('answers keys and postings in byte order, with those that hide what the disk says', () => {
    const index = noted();
    assert.deepEqual(index.keysWithin('/a', '/c'), ['/a', '/b']);
    const found = index.postingsWithin('a', '\u{10FFFF}').map(({ term, key }) => term + key);
    assert.deepEqual(found, ['x/a', 'x/b', 'y/b', '\uFF5E/a', '\u{1F600}/a']);
    assert.equal(index.hasTerm({ term: 'x', key: '/a' }), false);
    assert.equal(index.hasTerm({ term: 'x', key: '/b' }), true);
  });

  it('finds one term without the others that begin like it', () => {
    const index = noted();
    index.note({ key: '/c', rev: 3, gone: [], come: ['xy'] });
    assert.deepEqual(
      index.postingsWithin('x', 'x\0').map(({ key }) => key),
      ['/a', '/b'],
    );
  });

  it('knows nothing any more once its contents are forgotten', () => {
    const index = noted();
    index.forget(index.contents());
    assert.equal(index.rev('/a'), undefined);
    assert.equal(index.hasTerm({ term: 'x', key: '/a' }), undefined);
    assert.deepEqual(index.contents(), []);
  });
});
