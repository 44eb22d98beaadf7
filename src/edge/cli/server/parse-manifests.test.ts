import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import { parseManifests } from './parse-manifests.ts';

const twoDocuments = `# comment
apiVersion: v1
kind: Namespace
metadata: {name: a}
---
---
apiVersion: v1
kind: ConfigMap
metadata: {name: b, namespace: a}
`;

test('parseManifests() reads every document and says where each stands', () => {
  const found = parseManifests(twoDocuments, 'x.yaml');
  assert.deepEqual(
    found.map(({ object, place }) => [object.kind, place]),
    [
      ['Namespace', 'x.yaml, document 1 (line 2)'],
      ['ConfigMap', 'x.yaml, document 3 (line 7)'],
    ],
  );
});

test('parseManifests() unfolds a List', () => {
  const list = {
    apiVersion: 'v1',
    kind: 'List',
    items: [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } }],
  };
  assert.equal(parseManifests(JSON.stringify(list), 'x.json')[0]!.object.kind, 'Secret');
});

const refused: [string, string, RegExp, string][] = [
  ['a duplicate key', 'apiVersion: v1\nkind: A\nkind: B\n', /unique/i, 'the second value would win silently'],
  ['no kind', 'apiVersion: v1\nmetadata: {name: a}\n', /kind is missing/, 'nothing says what it is'],
  ['no name', 'apiVersion: v1\nkind: A\nmetadata: {}\n', /metadata.name is missing/, 'nothing says which it is'],
  ['a bare text', 'hello', /must be an object/, 'a wrong file was given'],
  ['broken YAML', 'a: [1', /./, 'the parser’s words are passed on'],
  [
    'an alias bomb',
    `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((key, i) => `${key}: &${key} [${`*${'abcdefgh'[i]},`.repeat(9)}]`)
      .join('\n')}`,
    /./,
    'expansion has a limit',
  ],
];

for (const [name, text, message, why] of refused) {
  test(`parseManifests() refuses ${name}: ${why}`, () => {
    assert.throws(
      () => parseManifests(text, 'x.yaml'),
      (error) => isCoded(error, 'bad-request') && message.test(error.message),
    );
  });
}

test('parseManifests() fails with nothing but coded errors, whatever the text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...Array.from('a: -[]{}&*!|>\'"\n#%@`,?v1')), maxLength: 60 }),
      (text) => {
        try {
          parseManifests(text, 'x');
        } catch (error) {
          assert.ok(isCoded(error), String(error));
        }
      },
    ),
  );
});
