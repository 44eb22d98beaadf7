import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  difference,
  emptySet,
  insertNode,
  intersection,
  isMember,
  leaf,
  self,
  union,
  type FieldSet,
} from './field-set.ts';

type Path = readonly string[];

function setOf(paths: readonly Path[]): FieldSet {
  const set: { [element: string]: FieldSet } = {};
  for (const path of paths) insertNode(set, path, leaf);
  return set;
}

/** The member paths of a set, as texts. */
function pathsOf(set: FieldSet, prefix: Path = []): Set<string> {
  const paths = new Set<string>();
  for (const element of Object.keys(set)) {
    if (element === self) continue;
    const path = [...prefix, element];
    if (isMember(set[element]!)) paths.add(path.join(' '));
    for (const deeper of pathsOf(set[element]!, path)) paths.add(deeper);
  }
  return paths;
}

/** No node says what it need not say: a leaf is `{}`, and every other node has something beneath it. */
function isCanonical(set: FieldSet): boolean {
  return Object.keys(set).every((element) => {
    const node = set[element]!;
    return (
      Object.keys(node).length === 0 ||
      (!(Object.keys(node).length === 1 && self in node) && isCanonical(withoutSelf(node)))
    );
  });
}

function withoutSelf(node: FieldSet): FieldSet {
  return Object.fromEntries(Object.entries(node).filter(([element]) => element !== self));
}

const element = fc.constantFrom('f:a', 'f:b', 'v:"x"', 'k:{"n":1}');
const paths = fc.array(fc.array(element, { minLength: 1, maxLength: 4 }), { maxLength: 12 });

describe('a field set behaves as the set of its paths', () => {
  const operations = [
    ['union()', union, (a: Set<string>, b: Set<string>) => a.union(b)],
    ['difference()', difference, (a: Set<string>, b: Set<string>) => a.difference(b)],
    ['intersection()', intersection, (a: Set<string>, b: Set<string>) => a.intersection(b)],
  ] as const;
  for (const [name, operation, model] of operations) {
    test(`in ${name}, which changes neither input and leaves no idle node`, () => {
      fc.assert(
        fc.property(paths, paths, (left, right) => {
          const [a, b] = [setOf(left), setOf(right)];
          const before = JSON.stringify([a, b]);
          const result = operation(a, b);
          assert.deepEqual(pathsOf(result), model(pathsOf(a), pathsOf(b)));
          assert.equal(JSON.stringify([a, b]), before);
          assert.ok(isCanonical(result), JSON.stringify(result));
        }),
        { numRuns: 500 },
      );
    });
  }

  test('an operation that changes nothing answers its input', () => {
    const set = setOf([['f:a', 'f:b'], ['f:a']]);
    assert.equal(union(set, emptySet), set);
    assert.equal(union(set, setOf([['f:a']])), set);
    assert.equal(difference(set, setOf([['f:b']])), set);
  });
});
