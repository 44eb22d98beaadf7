import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodedError, isCoded } from '#errors';
import type { ErrorCode } from '#errors';
import { failureFromStatus, statusFromError, StatusError } from './failures.ts';
import { makeStatus } from './status.ts';

const subject = { group: 'cert-manager.io', plural: 'certificates', name: 'web' };

for (const { code, http, reason } of [
  { code: 'not-found', http: 404, reason: 'NotFound' },
  { code: 'already-exists', http: 409, reason: 'AlreadyExists' },
  { code: 'conflict', http: 409, reason: 'Conflict' },
  { code: 'forbidden', http: 403, reason: 'Forbidden' },
  { code: 'gone', http: 410, reason: 'Expired' },
  { code: 'revision-too-large', http: 504, reason: 'Timeout' },
  { code: 'too-many-requests', http: 429, reason: 'TooManyRequests' },
  { code: 'bad-request', http: 400, reason: 'BadRequest' },
  { code: 'unsupported-media-type', http: 415, reason: 'UnsupportedMediaType' },
  { code: 'too-large', http: 413, reason: 'RequestEntityTooLarge' },
  { code: 'unauthorized', http: 401, reason: 'Unauthorized' },
] satisfies { code: ErrorCode; http: number; reason: string }[]) {
  test(`${code} travels as ${http} ${reason} and comes back as ${code}`, () => {
    const status = statusFromError(new CodedError(code, 'the words'), subject);
    assert.deepEqual([status.code, status.reason, status.message], [http, reason, 'the words']);
    const { name, group, kind } = status.details!;
    assert.deepEqual({ name, group, kind }, { name: 'web', group: 'cert-manager.io', kind: 'certificates' });
    assert.equal(failureFromStatus(http, status).code, code);
  });
}

test('an invalid object is named by its kind and its own name, with its causes', () => {
  const causes = [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.secretName' }];
  const message = 'Certificate.cert-manager.io "own" is invalid: spec.secretName: Required value';
  const { details } = statusFromError(new CodedError('invalid', message, { causes }), subject);
  assert.deepEqual(details, { name: 'own', group: 'cert-manager.io', kind: 'Certificate', causes });
});

test('what is invalid without being an object is a cause by itself', () => {
  const { details } = statusFromError(new CodedError('invalid', 'the test failed'), subject);
  assert.deepEqual(details, { causes: [{ reason: 'UnexpectedServerResponse', message: 'the test failed' }] });
});

test('conflicts of an apply keep their causes in both directions', () => {
  const causes = [{ reason: 'FieldManagerConflict', message: 'conflict with "a"', field: '.spec.secretName' }];
  const status = statusFromError(new CodedError('conflict', 'Apply failed with 1 conflict', { causes }), subject);
  assert.deepEqual(status.details?.causes, causes);
  assert.deepEqual(failureFromStatus(409, status).causes, causes);
});

test('the words of a fault stay in the server', () => {
  const status = statusFromError(new Error('password is hunter2'));
  assert.deepEqual([status.code, status.message], [500, 'Internal error occurred']);
});

test('a Status that was made on purpose is sent as it is', () => {
  const status = makeStatus('Forbidden', 'no', { name: 'x' });
  assert.equal(statusFromError(new StatusError(status)), status);
});

for (const { http, body, code, message } of [
  { http: 404, body: 'page not found\n', code: 'not-found', message: 'page not found' },
  { http: 502, body: '<html>', code: 'internal', message: '<html>' },
  { http: 503, body: null, code: 'internal', message: 'HTTP 503' },
  { http: 401, body: { kind: 'Status', reason: 'Unauthorized' }, code: 'unauthorized', message: 'Unauthorized' },
] as const) {
  test(`an answer ${http} with ${JSON.stringify(body)} is the failure ${code}`, () => {
    const failure = failureFromStatus(http, body);
    assert.ok(isCoded(failure, code));
    assert.equal(failure.message, message);
  });
}
