import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Type } from 'typebox';
import { compileFieldSchema } from './field-schema.ts';
import type { FieldSchema, MapSchema } from './schema-nodes.ts';

function specOf(schema: object): FieldSchema {
  const root = compileFieldSchema({ type: 'object', properties: { spec: schema } }) as MapSchema;
  return root.fields.get('spec')!;
}

const text = { type: 'string' };
const items = {
  type: 'object',
  properties: { port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' } },
};

describe('compileFieldSchema()', () => {
  const kinds: readonly (readonly [why: string, schema: object, kind: string])[] = [
    ['a text', text, 'scalar'],
    ['a number', { type: 'integer' }, 'scalar'],
    ['a nullable text', { type: ['null', 'string'] }, 'scalar'],
    [
      'a union of literals',
      {
        anyOf: [
          { const: 'a', type: 'string' },
          { const: 'b', type: 'string' },
        ],
      },
      'scalar',
    ],
    ['int or string', { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, text] }, 'scalar'],
    ['no type', {}, 'untyped'],
    ['a nullable object', { anyOf: [{ type: 'null' }, { type: 'object', properties: { a: text } }] }, 'map'],
    ['an object', { type: 'object' }, 'map'],
  ];
  for (const [why, schema, kind] of kinds) {
    test(`${why} is owned as ${kind}`, () => assert.equal(specOf(schema).kind, kind));
  }

  test('lists are atomic unless they say otherwise', () => {
    assert.equal((specOf({ type: 'array', items: text }) as { relation: string }).relation, 'atomic');
    assert.equal(
      (specOf({ type: 'array', items: text, 'x-kubernetes-list-type': 'set' }) as { relation: string }).relation,
      'set',
    );
  });

  test('keys of a keyed list are sorted, and have the defaults of their fields', () => {
    const schema = {
      type: 'array',
      items,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['protocol', 'port'],
    };
    const { keys, defaults } = specOf(schema) as unknown as { keys: string[]; defaults: object };
    assert.deepEqual({ keys, defaults }, { keys: ['port', 'protocol'], defaults: { protocol: 'TCP' } });
  });

  test('maps own their keys one by one, or as a whole when they are atomic', () => {
    const map = { type: 'object', additionalProperties: text };
    assert.equal((specOf(map) as MapSchema).rest.kind, 'scalar');
    assert.equal((specOf({ ...map, 'x-kubernetes-map-type': 'atomic' }) as MapSchema).atomic, true);
    assert.equal((specOf(Type.Record(Type.String(), Type.Number())) as MapSchema).rest.kind, 'scalar');
  });

  test('metadata has the rules of Kubernetes whatever the schema says', () => {
    const root = compileFieldSchema({ type: 'object', properties: { metadata: { type: 'object' } } }) as MapSchema;
    const metadata = root.fields.get('metadata') as MapSchema;
    assert.equal(metadata.fields.get('finalizers')?.kind, 'list');
    assert.equal(metadata.fields.get('uid')?.kind, 'unowned');
    assert.equal(root.fields.get('kind')?.kind, 'unowned');
  });
});
