import assert from 'node:assert/strict';
import { test } from 'node:test';
import { servedKind } from '../../server/test-kinds.ts';
import { findField } from './explain.ts';
import { formatExplanation } from './explain-view.ts';
import type { Schema, Schemas } from './schema.ts';

const gate = servedKind('example.com', 'Gate', 'gates');
const root: Schema = {
  type: 'object',
  description: 'A gate.',
  required: ['spec'],
  properties: {
    spec: {
      type: 'object',
      description: 'What is wanted.',
      required: ['mode'],
      properties: {
        names: { type: 'array', items: { type: 'string' }, description: 'Its names.' },
        mode: { type: 'string', enum: ['Open', 'Shut'], description: 'How it stands.' },
        hinges: { type: 'array', items: { type: 'object', properties: { side: { type: 'string' } } } },
      },
    },
    metadata: { allOf: [{ $ref: '#/components/schemas/io.k8s.meta.v1.ObjectMeta' }], description: 'Metadata.' },
  },
};
const schemas: Schemas = {
  'io.k8s.meta.v1.ObjectMeta': {
    type: 'object',
    properties: { labels: { type: 'object', additionalProperties: { type: 'string' } } },
  },
};

test('formatExplanation() of a kind lists its fields in order, with their types and what they mean', () => {
  assert.equal(
    formatExplanation(schemas, { kind: gate, field: undefined, schema: root }, false),
    `GROUP:      example.com
KIND:       Gate
VERSION:    v1

DESCRIPTION:
    A gate.

FIELDS:
  metadata\t<ObjectMeta>
    Metadata.

  spec\t<Object> -required-
    What is wanted.


`,
  );
});

test('formatExplanation() lists all fields below when it is recursive', () => {
  const spec = findField(schemas, root, ['spec']);
  assert.match(
    formatExplanation(schemas, { kind: gate, field: 'spec', schema: spec }, true),
    /FIELDS:\n {2}hinges\t<\[\]Object>\n {4}side\t<string>\n {2}mode\t<string> -required-\n {2}enum: Open, Shut\n {2}names\t<\[\]string>\n/,
  );
});

test('formatExplanation() of a field shows its type and the values it may have', () => {
  const mode = findField(schemas, root, ['spec', 'mode']);
  assert.match(
    formatExplanation(schemas, { kind: gate, field: 'mode', schema: mode }, false),
    /FIELD: mode <string>\nENUM:\n {4}Open\n {4}Shut\n\nDESCRIPTION:\n {4}How it stands\.\n/,
  );
});

test('findField() goes through references, lists and maps', () => {
  assert.equal(findField(schemas, root, ['metadata', 'labels']).type, 'object');
  assert.equal(findField(schemas, root, ['spec', 'hinges', 'side']).type, 'string');
});

test('findField() of a wrong field names the ones that exist', () => {
  assert.throws(() => findField(schemas, root, ['spec', 'mood']), {
    code: 'not-found',
    message: 'field "mood" does not exist',
    hint: 'There is: hinges, mode, names.',
  });
});
