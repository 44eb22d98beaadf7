import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldErrorText } from '#model/objects';
import type { Condition } from '#model/objects';
import {
  buildCertificateRequest,
  extendedKeyUsageExtension,
  formatCertificateRequestPEM,
  generateKey,
  keyUsageExtension,
  basicConstraintsExtension,
} from '#pki/x509';
import type { Extension } from '#pki/x509';
import type { CertificateRequest } from '../certificate-request.ts';
import { context, request } from '../test-objects.ts';
import { stampRequester } from './certificate-request-admission.ts';
import { validateCertificateRequest } from './certificate-request.ts';

const key = generateKey({ algorithm: 'ECDSA', size: 256 });

const encoded = (extensions: readonly Extension[] = []): string =>
  Buffer.from(formatCertificateRequestPEM(buildCertificateRequest(key, { extensions }))).toString('base64');

const errorsOf = (next: CertificateRequest, previous?: CertificateRequest): string[] =>
  validateCertificateRequest(next, previous).map(fieldErrorText);

const usual = keyUsageExtension(['digital signature', 'key encipherment']);

const created: readonly { why: string; spec: Partial<CertificateRequest['spec']>; errors: readonly RegExp[] }[] = [
  { why: 'no request', spec: {}, errors: [/^spec\.request: Required value: must be specified$/] },
  { why: 'no base64', spec: { request: '!' }, errors: [/illegal base64 data at input byte 0$/] },
  {
    why: 'no PEM',
    spec: { request: Buffer.from('hello').toString('base64') },
    errors: [/error decoding certificate request PEM block: no PEM data was found in given input$/],
  },
  {
    why: 'a request without extensions fits everything',
    spec: { request: encoded(), usages: ['server auth'], isCA: true },
    errors: [],
  },
  { why: 'the default usages', spec: { request: encoded([usual]) }, errors: [] },
  {
    why: 'signing is digital signature',
    spec: { request: encoded([usual]), usages: ['signing', 'key encipherment'] },
    errors: [],
  },
  {
    why: 'an extended usage in the spec alone, beside a request that names usages',
    spec: { request: encoded([usual]), usages: ['digital signature', 'key encipherment', 'client auth'] },
    errors: [/encoded CSR error: the ExtKeyUsages \[\] do not match the expected ExtKeyUsages \[ 'client auth' \]$/],
  },
  {
    why: 'extended usages alone',
    spec: { request: encoded([extendedKeyUsageExtension(['client auth'])]), usages: ['client auth'] },
    errors: [],
  },
  {
    why: 'an extended usage that has no name',
    spec: { request: encoded([usual, extendedKeyUsageExtension(['1.2.3.4'])]) },
    errors: [],
  },
  {
    why: 'a key usage too few',
    spec: { request: encoded([keyUsageExtension(['digital signature'])]) },
    errors: [
      /encoded CSR error: the KeyUsages \[ 'digital signature' \] do not match the expected KeyUsages \[ 'digital signature', 'key encipherment' \]$/,
    ],
  },
  {
    why: 'an extended usage in the request alone',
    spec: { request: encoded([usual, extendedKeyUsageExtension(['client auth'])]) },
    errors: [/encoded CSR error: the ExtKeyUsages \[ 'client auth' \] do not match the expected ExtKeyUsages \[\]$/],
  },
  {
    why: 'a CA that the spec does not say',
    spec: { request: encoded([basicConstraintsExtension({ isCA: true })]) },
    errors: [/encoded CSR error: IsCA true does not match expected value false$/],
  },
  {
    why: 'an issuer of no kind',
    spec: { request: encoded(), issuerRef: { name: 'a', kind: 'X' } },
    errors: [/^spec\.issuerRef\.kind: .*must be one of Issuer or ClusterIssuer/],
  },
  { why: 'days', spec: { request: encoded(), duration: '1d' }, errors: [/^spec\.duration: .*unknown unit "d"/] },
];

for (const { why, spec, errors } of created) {
  test(`validateCertificateRequest() on create: ${why}`, () => {
    const found = errorsOf(request(spec));
    assert.equal(found.length, errors.length, found.join('\n'));
    errors.forEach((wanted, index) => assert.match(found[index]!, wanted));
  });
}

const condition = (type: string, status: Condition['status'] = 'True', message = ''): Condition => ({
  type,
  status,
  message,
});
const judged = (...conditions: Condition[]): CertificateRequest => request({}, { status: { conditions } });

const verdicts: readonly {
  why: string;
  next: CertificateRequest;
  previous: CertificateRequest;
  errors: readonly string[];
}[] = [
  { why: 'approved once', next: judged(condition('Approved')), previous: judged(), errors: [] },
  { why: 'denied once', next: judged(condition('Denied')), previous: judged(), errors: [] },
  {
    why: 'not approved is no verdict',
    next: judged(condition('Approved', 'False')),
    previous: judged(),
    errors: ['status.conditions.Approved: Invalid value: "False": "Approved" condition may only be set to True'],
  },
  {
    why: 'both verdicts',
    next: judged(condition('Approved'), condition('Denied')),
    previous: judged(condition('Approved')),
    errors: ["status.conditions: Forbidden: both 'Denied' and 'Approved' conditions cannot coexist"],
  },
  {
    why: 'an approval taken back',
    next: judged(),
    previous: judged(condition('Approved')),
    errors: ["status.conditions: Forbidden: 'Approved' condition may not be modified once set"],
  },
  {
    why: 'a denial reworded',
    next: judged(condition('Denied', 'True', 'other')),
    previous: judged(condition('Denied')),
    errors: ["status.conditions: Forbidden: 'Denied' condition may not be modified once set"],
  },
  {
    why: 'other conditions come and go',
    next: judged(condition('Ready', 'False')),
    previous: judged(condition('Ready')),
    errors: [],
  },
];

for (const { why, next, previous, errors } of verdicts) {
  test(`validateCertificateRequest() on update: ${why}`, () => assert.deepEqual(errorsOf(next, previous), errors));
}

test('validateCertificateRequest() refuses any change of the spec', () => {
  const previous = request({ username: 'alice' });
  assert.deepEqual(errorsOf(request({ username: 'bob' }), previous), [
    'spec: Forbidden: cannot change spec after creation',
  ]);
  assert.deepEqual(errorsOf(request({ username: 'alice' }), previous), []);
});

const annotated = (annotations: Record<string, string>) => {
  const one = request();
  return { ...one, metadata: { ...one.metadata, annotations } };
};

test('validateCertificateRequest() refuses to change, add or remove annotations of cert-manager', () => {
  const key = 'cert-manager.io/certificate-name';
  const refusal = [`metadata.annotations.${key}: Forbidden: cannot change cert-manager annotation after creation`];
  assert.deepEqual(errorsOf(annotated({ [key]: 'b' }), annotated({ [key]: 'a' })), refusal);
  assert.deepEqual(errorsOf(annotated({}), annotated({ [key]: 'a' })), refusal);
  assert.deepEqual(errorsOf(annotated({ [key]: 'a' }), annotated({})), refusal);
  assert.deepEqual(errorsOf(annotated({ other: 'b' }), annotated({ other: 'a' })), []);
});

test('stampRequester() writes who asked, whatever the client claims', () => {
  const user = { username: 'alice', groups: ['a', 'b'], extra: { tenant: ['x'] } };
  const claimed = request({ username: 'root', uid: '0', groups: ['system:masters'] });
  const { spec } = stampRequester(claimed, undefined, { ...context, user });
  assert.deepEqual(spec, { request: '', issuerRef: { name: 'ca' }, ...user });
});

test('stampRequester() leaves updates alone', () => {
  const next = request({ username: 'bob' });
  assert.equal(stampRequester(next, request(), context), next);
});
