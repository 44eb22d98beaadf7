import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { mergedOrder } from './merge.ts';

describe('mergedOrder()', () => {
  const cases: readonly (readonly [why: string, live: string, config: string, merged: string])[] = [
    ['shared items take the order of the configuration', 'ab', 'ba', 'ba'],
    ['new items stand where the configuration has them', 'ab', 'axb', 'axb'],
    ['live items stay before the shared item that they preceded', 'xayb', 'ab', 'xayb'],
    ['live items at the end stay there', 'abx', 'ab', 'abx'],
    ['no configuration changes nothing', 'abc', '', 'abc'],
    ['nothing live is the configuration', '', 'abc', 'abc'],
    ['strangers come after what is live', 'ab', 'xy', 'abxy'],
  ];
  for (const [why, live, config, merged] of cases) {
    test(`${why}: ${live} and ${config}`, () =>
      assert.equal(mergedOrder(live.split(''), config.split('')).join(''), merged));
  }

  test('has every item once, and those of the configuration in its order', () => {
    const items = fc.uniqueArray(fc.constantFrom<string[]>('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), { maxLength: 8 });
    fc.assert(
      fc.property(items, items, (live, config) => {
        const order = mergedOrder(live, config);
        assert.deepEqual(order.toSorted(), [...new Set([...live, ...config])].toSorted());
        assert.deepEqual(
          order.filter((item) => config.includes(item)),
          config,
        );
      }),
    );
  });
});
