import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionOf } from '#model/objects';
import type { Issuer, Secret } from '#model/resources';
import { caMaterial, issue, secret, start } from '../test-material.ts';
import { nextIssuerStep } from './issuer-step.ts';

const issuer = (spec: Issuer['spec']): Issuer => ({
  apiVersion: 'cert-manager.io/v1',
  kind: 'Issuer',
  metadata: { name: 'ca', namespace: 'apic', uid: 'uid', resourceVersion: '1', generation: 3, creationTimestamp: '' },
  spec,
});
const byCA = issuer({ ca: { secretName: 'pair' } });
const pair = { 'tls.key': caMaterial.keyPEM, 'tls.crt': caMaterial.chainPEM };
const leaf = issue();

function verdict(given: Issuer, stored?: Secret, now = start) {
  const step = nextIssuerStep({ now, issuer: given, secretNamespace: 'apic', secret: stored });
  assert.equal(step.do, 'write');
  const { change, remarks } = step;
  const { status, reason, message, observedGeneration } = conditionOf(change.issuer.status?.conditions, 'Ready')!;
  return {
    ready: status,
    reason,
    message,
    observedGeneration,
    ca: change.issuer.status?.ca,
    next: change.issuer,
    remarks,
  };
}

test('a SelfSigned issuer is ready', () => {
  const { ready, reason, message, observedGeneration } = verdict(issuer({ selfSigned: {} }));
  assert.deepEqual([ready, reason, message, observedGeneration], ['True', 'IsReady', '', 3]);
});

test('a CA issuer is ready with a sound pair, and tells of its CA', () => {
  const { ready, reason, message, ca } = verdict(byCA, secret(pair));
  assert.deepEqual([ready, reason, message], ['True', 'KeyPairVerified', 'Signing CA verified']);
  assert.equal(ca?.subject, 'CN=test ca');
  assert.equal(ca?.notAfter, '2035-12-30T00:00:00Z');
  assert.equal(ca?.fingerprint, caMaterial.certificate.fingerprint);
});

const wrong: readonly { why: string; stored?: Secret; now?: Date; reason: string; message: string | RegExp }[] = [
  {
    why: 'no Secret',
    reason: 'ErrGetKeyPair',
    message: 'Error getting keypair for CA issuer: secrets "pair" not found',
  },
  {
    why: 'no key',
    stored: secret({ 'tls.crt': caMaterial.chainPEM }),
    reason: 'ErrGetKeyPair',
    message: `Error getting keypair for CA issuer: no data for "tls.key" in secret 'apic/pair'`,
  },
  {
    why: 'no certificate',
    stored: secret({ 'tls.key': caMaterial.keyPEM }),
    reason: 'ErrGetKeyPair',
    message: /no data for "tls\.crt"/,
  },
  {
    why: 'an unreadable key',
    stored: secret({ ...pair, 'tls.key': 'junk' }),
    reason: 'ErrInvalidKeyPair',
    message: /^Error getting keypair for CA issuer: /,
  },
  {
    why: 'a leaf instead of a CA',
    stored: secret({ 'tls.key': leaf.key.toPEM('PKCS8'), 'tls.crt': leaf.chainPEM }),
    reason: 'ErrInvalidKeyPair',
    message: /certificate is not a CA/,
  },
  {
    why: 'the key of another',
    stored: secret({ ...pair, 'tls.key': leaf.key.toPEM('PKCS8') }),
    reason: 'ErrInvalidKeyPair',
    message: /the private key is not the key of the certificate/,
  },
  {
    why: 'an expired CA',
    stored: secret(pair),
    now: new Date('2040-01-01T00:00:00Z'),
    reason: 'ErrInvalidKeyPair',
    message: /expired/,
  },
  {
    why: 'a stranger in the chain',
    stored: secret({ ...pair, 'tls.crt': caMaterial.chainPEM + leaf.chainPEM }),
    reason: 'ErrInvalidKeyPair',
    message: /chain/,
  },
];
for (const { why, stored, now, reason, message } of wrong) {
  test(`a CA issuer is not ready with ${why}`, () => {
    const found = verdict(byCA, stored, now);
    assert.deepEqual([found.ready, found.reason], ['False', reason]);
    if (typeof message === 'string') assert.equal(found.message, message);
    else assert.match(found.message ?? '', message);
    assert.equal(found.remarks[0]?.type, 'Warning');
  });
}

for (const type of ['acme', 'vault', 'venafi'] as const) {
  test(`an issuer of type ${type} is kept, and says that it does not sign`, () => {
    const { ready, reason, message } = verdict(issuer({ [type]: {} }));
    assert.deepEqual([ready, reason], ['False', 'UnsupportedType']);
    assert.equal(message, `Issuers of type ${type} are accepted and kept, but this version does not sign with them`);
  });
}

test('an issuer whose status says it all is looked at again when its CA expires', () => {
  const { next } = verdict(byCA, secret(pair));
  const step = nextIssuerStep({ now: start, issuer: next, secretNamespace: 'apic', secret: secret(pair) });
  assert.deepEqual(step, { do: 'wait', until: new Date('2035-12-30T00:00:01Z'), remarks: [] });
});

test('a CA that is lost takes its description with it', () => {
  const { next } = verdict(byCA, secret(pair));
  assert.equal(verdict(next).ca, undefined);
});
