import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { causesOf, fieldErrorText, formatFieldErrors, type FieldError } from './field-error.ts';

const required: FieldError = { type: 'FieldValueRequired', field: 'spec.secretName', detail: 'must be specified' };
const unsupported: FieldError = {
  type: 'FieldValueNotSupported',
  field: 'spec.usages[0]',
  value: 'x',
  detail: 'supported values: "any"',
};
const subject = { group: 'cert-manager.io', kind: 'Certificate', name: 'x' };

describe('field errors', () => {
  const cases: readonly (readonly [error: FieldError, text: string])[] = [
    [required, 'spec.secretName: Required value: must be specified'],
    [{ ...required, detail: '' }, 'spec.secretName: Required value'],
    [unsupported, 'spec.usages[0]: Unsupported value: "x": supported values: "any"'],
    [{ type: 'FieldValueInvalid', field: 'a', value: 7, detail: 'no' }, 'a: Invalid value: 7: no'],
    [{ type: 'FieldValueInvalid', field: 'a', value: 'say "x"', detail: 'no' }, 'a: Invalid value: "say \\"x\\"": no'],
    [
      { type: 'FieldValueTooLong', field: 'a', value: 'secret', detail: 'may not be more than 3 bytes' },
      'a: Too long: may not be more than 3 bytes',
    ],
    [{ type: 'FieldValueForbidden', field: 'a', value: 'x', detail: 'no' }, 'a: Forbidden: no'],
    [{ type: 'FieldValueDuplicate', field: 'a', value: 'x', detail: '' }, 'a: Duplicate value: "x"'],
  ];
  for (const [error, text] of cases) test(text, () => assert.equal(fieldErrorText(error), text));

  test('one error stands alone in the message', () => {
    assert.equal(
      formatFieldErrors(subject, [required]),
      'Certificate.cert-manager.io "x" is invalid: spec.secretName: Required value: must be specified',
    );
  });

  test('several stand in brackets, each once; core kinds have no group', () => {
    assert.equal(
      formatFieldErrors({ group: '', kind: 'Secret', name: 'x' }, [required, unsupported, required]),
      'Secret "x" is invalid: [spec.secretName: Required value: must be specified, spec.usages[0]: Unsupported value: "x": supported values: "any"]',
    );
  });

  test('causes carry reason, field and the text without the field', () => {
    assert.deepEqual(causesOf([required]), [
      { reason: 'FieldValueRequired', message: 'Required value: must be specified', field: 'spec.secretName' },
    ]);
  });
});
