import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CodedError } from '#errors';
import type { KubeObject } from '../object.ts';
import { matchesFields, parseFieldSelector } from './field-selector.ts';

const object = {
  apiVersion: 'v1',
  kind: 'Test',
  metadata: { name: 'x', namespace: 'ns', uid: 'u', resourceVersion: '1', creationTimestamp: '' },
  spec: { issuerRef: { name: 'a,b=c' }, isCA: true, count: 3 },
} as KubeObject;
const selectable = ['.spec.issuerRef.name', 'spec.isCA', 'spec.count', 'spec.gone', 'spec.issuerRef'];

describe('a field selector', () => {
  const cases: readonly (readonly [selector: string, matches: boolean, why: string])[] = [
    ['', true, 'nothing is asked'],
    ['metadata.name=x', true, 'equal'],
    ['metadata.name==x', true, 'equal, spelled with two signs'],
    ['metadata.name=x,metadata.namespace=ns', true, 'both hold'],
    ['metadata.name=x,metadata.namespace!=ns', false, 'one does not'],
    ['metadata.name!=x', false, 'it is x'],
    ['spec.issuerRef.name=a\\,b\\=c', true, 'escapes'],
    ['spec.isCA=true', true, 'booleans by their text'],
    ['spec.count!=4', true, 'numbers by their text'],
    ['spec.gone=', true, 'a missing field is the empty text'],
    ['spec.gone!=x', true, 'a missing field is not x'],
    ['spec.issuerRef=', true, 'an object has no text'],
  ];
  for (const [selector, matches, why] of cases) {
    test(`${JSON.stringify(selector)} ${matches ? 'matches' : 'does not match'}: ${why}`, () => {
      assert.equal(matchesFields(parseFieldSelector(selector, selectable), object), matches);
    });
  }

  const refused: readonly (readonly [selector: string, message: string])[] = [
    ['spec.secretName=x', 'field label not supported: spec.secretName'],
    ['__proto__=x', 'field label not supported: __proto__'],
    ['metadata.name', "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
    ['metadata.name=a\\b', "invalid field selector: invalid escape sequence or unescaped character in 'a\\b'"],
    ['metadata.name=a=b', "invalid field selector: invalid escape sequence or unescaped character in 'a=b'"],
  ];
  for (const [selector, message] of refused) {
    test(`${JSON.stringify(selector)} is refused: ${message}`, () => {
      assert.throws(
        () => parseFieldSelector(selector, selectable),
        (error) => error instanceof CodedError && error.code === 'bad-request' && error.message === message,
      );
    });
  }
});
