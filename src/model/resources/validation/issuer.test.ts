import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldErrorText } from '#model/objects';
import type { IssuerSpec } from '../issuer-spec.ts';
import { validateIssuer, warnOfIssuer } from './issuer.ts';

const cases: readonly { why: string; spec: IssuerSpec; errors: readonly string[] }[] = [
  { why: 'no way to sign', spec: {}, errors: ['spec: Required value: at least one issuer must be configured'] },
  { why: 'self-signed', spec: { selfSigned: {} }, errors: [] },
  { why: 'a CA', spec: { ca: { secretName: 'ca' } }, errors: [] },
  {
    why: 'a CA without Secret',
    spec: { ca: { secretName: '' } },
    errors: ['spec.ca.secretName: Required value'],
  },
  {
    why: 'URLs that are none',
    spec: { ca: { secretName: 'ca', ocspServers: ['http://a', ''], issuingCertificateURLs: [''] } },
    errors: [
      'spec.ca.ocspServers[1]: Invalid value: "": must be a valid URL, e.g., http://ocsp.int-x3.letsencrypt.org',
      'spec.ca.issuingCertificateURLs[0]: Invalid value: "": must be a valid URL',
    ],
  },
  {
    why: 'two ways: the later in the order of the fields is refused',
    spec: { selfSigned: {}, ca: { secretName: 'ca' } },
    errors: ['spec.selfSigned: Forbidden: may not specify more than one issuer type'],
  },
  { why: 'ACME is kept', spec: { acme: { server: 'https://acme.example', solvers: [{ http01: {} }] } }, errors: [] },
];

for (const { why, spec, errors } of cases) {
  test(`validateIssuer(): ${why}`, () => assert.deepEqual(validateIssuer({ spec }).map(fieldErrorText), errors));
}

test('warnOfIssuer() says when an issuer cannot sign yet', () => {
  assert.deepEqual(warnOfIssuer({ spec: { vault: {} } }), [
    'spec.vault: this version keeps such an issuer but does not sign with it',
  ]);
  assert.deepEqual(warnOfIssuer({ spec: { ca: { secretName: 'ca' } } }), []);
});
