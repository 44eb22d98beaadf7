import assert from 'node:assert/strict';
import { test } from 'node:test';
import { References } from './references.ts';

const readers = (references: References, term: string): string[] => [...references.readersOf(term)].toSorted();

test('a change finds everybody who looked, and nobody who looks elsewhere now', () => {
  const references = new References();
  references.add('Keystore a/one', 'Secret a/x');
  references.add('Keystore a/one', 'Secret a/y');
  references.add('Keystore a/two', 'Secret a/x');
  assert.deepEqual(readers(references, 'Secret a/x'), ['Keystore a/one', 'Keystore a/two']);
  references.keepOnly('Keystore a/one', new Set(['Secret a/y']));
  assert.deepEqual(readers(references, 'Secret a/x'), ['Keystore a/two']);
  assert.deepEqual(readers(references, 'Secret a/y'), ['Keystore a/one']);
  references.forget('Keystore a/two');
  assert.deepEqual(readers(references, 'Secret a/x'), []);
});
