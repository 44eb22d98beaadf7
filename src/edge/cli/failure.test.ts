import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeStatus, StatusError } from '#edge/api';
import { CodedError } from '#errors';
import { reportFailure, UsageError } from './failure.ts';

function report(error: unknown, context = {}): { text: string; code: number } {
  let text = '';
  const io = { err: (chunk: string) => void (text += chunk), isErrTerminal: false, env: {} };
  return { code: reportFailure(io, error, context), text };
}

test('reportFailure() says what, where and the mend', () => {
  const error = new CodedError('bad-request', 'kind is missing', { field: 'a.yaml, line 3', hint: 'Set kind.' });
  assert.deepEqual(report(error), {
    text: 'error: kind is missing\n  where: a.yaml, line 3\n  mend:  Set kind.\n',
    code: 1,
  });
});

test('reportFailure() tells the failures of the server in the words of kubectl', () => {
  const missing = new StatusError(makeStatus('NotFound', 'secrets "a" not found'));
  assert.equal(report(missing).text, 'Error from server (NotFound): secrets "a" not found\n');
});

test('reportFailure() lists every broken field of an invalid object', () => {
  const causes = [
    { reason: 'FieldValueRequired', field: 'spec.a', message: 'Required value' },
    { reason: 'FieldValueRequired', field: 'spec.b', message: 'Required value' },
  ];
  const invalid = new StatusError(makeStatus('Invalid', 'm', { kind: 'Certificate', name: 'x', causes }));
  assert.equal(
    report(invalid).text,
    'error: The Certificate "x" is invalid: \n* spec.a: Required value\n* spec.b: Required value\n',
  );
});

test('reportFailure() shows how conflicting fields are taken over', () => {
  const causes = [{ reason: 'FieldManagerConflict', field: '.data.a', message: 'conflict with "other"' }];
  const conflict = new StatusError(makeStatus('Conflict', 'Apply failed with 1 conflict', { causes }));
  assert.match(report(conflict, { place: 'a.yaml' }).text, /where: a\.yaml\n {2}mend: .*--force-conflicts/);
});

const codes: [unknown, number, string][] = [
  [new UsageError('no name'), 2, 'a wrong command line'],
  [new CodedError('unreachable', 'm'), 3, 'no server'],
  [new StatusError(makeStatus('Unauthorized', 'm')), 3, 'an unknown identity'],
  [new StatusError(makeStatus('Forbidden', 'm')), 1, 'a refusal'],
  [new Error('m'), 1, 'anything else'],
];

for (const [error, code, why] of codes) {
  test(`reportFailure() answers ${code} for ${why}`, () => assert.equal(report(error).code, code));
}
