import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Certificate, Issuer } from '#model/resources';
import { isUnderway, type Watched } from './settling.ts';

const metadata = {
  name: 'x',
  namespace: 'apic',
  uid: '1',
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
};
const lastTransitionTime = '2026-01-01T00:00:00Z';

function certificate(status?: Certificate['status']): Certificate {
  const spec = { secretName: 'x', issuerRef: { name: 'ca' } };
  return { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata, spec, status };
}

function issuer(ready: 'True' | 'False'): Issuer {
  const conditions = [{ type: 'Ready', status: ready, lastTransitionTime }];
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Issuer',
    metadata: { ...metadata, name: 'ca' },
    spec: {},
    status: { conditions },
  };
}

const ready = certificate({ conditions: [{ type: 'Ready', status: 'True', lastTransitionTime }] });
const failed = certificate({
  conditions: [{ type: 'Issuing', status: 'False', lastTransitionTime }],
  lastFailureTime: lastTransitionTime,
});

const cases: [string, Watched, Issuer | undefined, boolean, string][] = [
  ['a new certificate', certificate(), issuer('True'), true, 'its issuer can sign it'],
  ['a ready certificate', ready, issuer('True'), false, 'there is nothing left to do'],
  ['a failed certificate', failed, issuer('True'), false, 'it is tried again in an hour'],
  ['a certificate whose issuer is not ready', certificate(), issuer('False'), false, 'it waits for somebody else'],
  ['a certificate whose issuer is missing', certificate(), undefined, false, 'it waits for somebody else'],
  ['an issuer', issuer('False'), undefined, false, 'it waits for its CA, which is a certificate'],
];

for (const [name, object, of, expected, why] of cases) {
  test(`isUnderway() of ${name} is ${expected}: ${why}`, () => {
    const all = new Map<string, Watched>(of === undefined ? [] : [['Issuer/apic/ca', of]]);
    assert.equal(isUnderway(object, all), expected);
  });
}
