import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateName } from './generate-name.ts';

test('generateName() appends five characters of an alphabet of 27', () => {
  const asked: number[] = [];
  const name = generateName('cert-', (below) => asked.push(below) - 1);
  assert.equal(name, 'cert-bcdfg');
  assert.deepEqual(asked, [27, 27, 27, 27, 27]);
  assert.equal(
    generateName('x-', (below) => below - 1),
    'x-99999',
  );
});

test('generateName() cuts the base to 58 characters, so that the name is a DNS label', () => {
  assert.equal(
    generateName('a'.repeat(70), () => 0),
    `${'a'.repeat(58)}bbbbb`,
  );
});
