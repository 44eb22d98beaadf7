import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKey } from '#pki/x509';
import type { CertificateSpec } from '#model/resources';
import { encodeText } from '../material.ts';
import type { CertificateSnapshot } from '../snapshot.ts';
import {
  certificate,
  issue,
  issuedAnnotations,
  issuedSnapshot,
  p256Spec,
  requestOf,
  secret,
  snapshot,
  start,
} from '../test-material.ts';
import { readinessChain, triggerChain } from './chains.ts';
import { firstViolation } from './policy.ts';

const sound = issuedSnapshot();
const other = issue(p256Spec);
const data = (replaced: Record<string, string | undefined>): CertificateSnapshot => ({
  ...sound,
  secret: {
    ...sound.secret!,
    data: Object.fromEntries(
      Object.entries({ ...sound.secret!.data, ...replaced }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    ),
  },
});
const annotated = (replaced: Record<string, string>): CertificateSnapshot => ({
  ...sound,
  secret: {
    ...sound.secret!,
    metadata: { ...sound.secret!.metadata, annotations: { ...issuedAnnotations, ...replaced } },
  },
});
const wanted = (spec: Partial<CertificateSpec>): CertificateSnapshot => ({
  ...sound,
  certificate: certificate(spec, { revision: 1 }),
});
const later = (now: string, spec: Partial<CertificateSpec> = {}): CertificateSnapshot => ({
  ...wanted(spec),
  now: new Date(now),
});

interface Case {
  readonly why: string;
  readonly given: CertificateSnapshot;
  readonly reason?: string;
  readonly message?: string | RegExp;
}

const faults: readonly Case[] = [
  { why: 'everything is in order', given: sound },
  {
    why: 'there is no Secret',
    given: snapshot(certificate()),
    reason: 'DoesNotExist',
    message: 'Issuing certificate as Secret does not exist',
  },
  {
    why: 'the Secret is empty',
    given: { ...sound, secret: secret({}) },
    reason: 'MissingData',
    message: 'Issuing certificate as Secret does not contain any data',
  },
  {
    why: 'the key is missing',
    given: data({ 'tls.key': undefined }),
    reason: 'MissingData',
    message: 'Issuing certificate as Secret does not contain a private key',
  },
  {
    why: 'the certificate is missing',
    given: data({ 'tls.crt': undefined }),
    reason: 'MissingData',
    message: 'Issuing certificate as Secret does not contain a certificate',
  },
  {
    why: 'both are corrupt: the key is told first',
    given: data({ 'tls.key': encodeText('x'), 'tls.crt': encodeText('x') }),
    reason: 'InvalidKeyPair',
    message: /^Issuing certificate as Secret contains invalid private key data: /,
  },
  {
    why: 'the certificate is corrupt',
    given: data({ 'tls.crt': encodeText('test') }),
    reason: 'InvalidCertificate',
    message: /^Issuing certificate as Secret contains an invalid certificate: /,
  },
  {
    why: 'the key is corrupt',
    given: data({ 'tls.key': encodeText('invalid') }),
    reason: 'InvalidKeyPair',
    message: /invalid private key data/,
  },
  {
    why: 'the key is another one',
    given: data({ 'tls.key': encodeText(other.key.toPEM('PKCS8')) }),
    reason: 'InvalidKeyPair',
    message: 'Issuing certificate as Secret contains a private key that does not match the certificate',
  },
  {
    why: 'another issuer is named',
    given: annotated({ 'cert-manager.io/issuer-name': 'old' }),
    reason: 'IncorrectIssuer',
    message: 'Issuing certificate as Secret was previously issued by "Issuer.cert-manager.io/old"',
  },
  {
    why: 'another kind of issuer is named',
    given: annotated({ 'cert-manager.io/issuer-kind': 'ClusterIssuer' }),
    reason: 'IncorrectIssuer',
    message: /"ClusterIssuer\.cert-manager\.io\/ca"$/,
  },
  {
    why: 'another group is named',
    given: annotated({ 'cert-manager.io/issuer-group': 'old.example.com' }),
    reason: 'IncorrectIssuer',
    message: /"Issuer\.old\.example\.com\/ca"$/,
  },
  { why: 'an empty kind means Issuer', given: annotated({ 'cert-manager.io/issuer-kind': '' }) },
  {
    why: 'a Secret without annotations counts as issued by nobody',
    given: { ...sound, secret: { ...sound.secret!, metadata: { ...sound.secret!.metadata, annotations: {} } } },
    reason: 'IncorrectIssuer',
  },
  {
    why: 'another issuer is wanted: told before the request that differs too',
    given: wanted({ issuerRef: { name: 'new' } }),
    reason: 'IncorrectIssuer',
  },
  {
    why: 'the Secret belongs to another Certificate',
    given: annotated({ 'cert-manager.io/certificate-name': 'other' }),
    reason: 'IncorrectCertificate',
    message:
      'Secret was issued for "other". If this message is not transient, you might have two conflicting Certificates pointing to the same secret.',
  },
  {
    why: 'another key algorithm is wanted',
    given: wanted({ privateKey: { algorithm: 'RSA' } }),
    reason: 'SecretMismatch',
    message: 'Existing private key is not up to date for spec: [spec.privateKey.algorithm]',
  },
  {
    why: 'another key size is wanted',
    given: wanted({ privateKey: { algorithm: 'ECDSA', size: 384 } }),
    reason: 'SecretMismatch',
    message: 'Existing private key is not up to date for spec: [spec.privateKey.size]',
  },
  {
    why: 'only the encoding of the key changed',
    given: wanted({ privateKey: { algorithm: 'ECDSA', encoding: 'PKCS8' } }),
  },
  {
    why: 'the request was made with another key',
    given: { ...sound, requests: [requestOf(sound.certificate, 1, other.requestPEM)] },
    reason: 'SecretMismatch',
    message: 'Secret contains a private key that does not match the current CertificateRequest',
  },
  {
    why: 'the request cannot be read',
    given: { ...sound, requests: [requestOf(sound.certificate, 1, 'nonsense')] },
    reason: 'InvalidCertificateRequest',
  },
  {
    why: 'a name was added',
    given: wanted({ dnsNames: ['web.example', 'www.example'] }),
    reason: 'RequestChanged',
    message: 'Fields on existing CertificateRequest resource not up to date: [spec.dnsNames]',
  },
  {
    why: 'several fields changed: in their fixed order',
    given: wanted({ commonName: 'web', dnsNames: ['new.example'], usages: ['server auth'] }),
    reason: 'RequestChanged',
    message: /\[spec\.dnsNames spec\.commonName spec\.usages\]$/,
  },
  {
    why: 'without a request, a name that the certificate lacks',
    given: { ...wanted({ dnsNames: ['new.example'] }), requests: [] },
    reason: 'SecretMismatch',
    message:
      /^Issuing certificate as Existing issued Secret is not up to date for spec: \[spec\.commonName spec\.dnsNames\]$/,
  },
  { why: 'without a request, a certificate that shows what is wanted', given: { ...sound, requests: [] } },
  {
    why: 'a request of an older revision is no request',
    given: {
      ...wanted({ usages: ['client auth'] }),
      requests: [requestOf(sound.certificate, 7, sound.material.requestPEM)],
    },
  },
];

for (const { why, given, reason, message } of faults) {
  test(`trigger and readiness agree when ${why}`, () => {
    for (const chain of [triggerChain, readinessChain]) {
      const violation = firstViolation(chain, given);
      assert.equal(violation?.reason, reason);
      if (typeof message === 'string') assert.equal(violation?.message, message);
      if (message instanceof RegExp) assert.match(violation?.message ?? '', message);
    }
  });
}

const due = '2026-03-01T23:59:57Z';
const dates: readonly (Case & { ready?: string })[] = [
  { why: 'a minute before it is due', given: later('2026-03-01T23:58:00Z') },
  {
    why: 'when it is due',
    given: later(due),
    reason: 'Renewing',
    message: 'Renewing certificate as renewal was scheduled at 2026-03-01 23:59:56 +0000 UTC',
  },
  { why: 'long after it was due', given: later('2026-03-20T00:00:00Z'), reason: 'Renewing' },
  { why: 'due, but renewal is disabled', given: later(due, { renewal: { policy: 'Disabled' } }) },
  {
    why: 'due outside its windows, of which none comes',
    given: later('2026-03-05T00:00:00Z', { renewal: { windows: [{ cron: '0 0 1 1 *', windowDuration: '1h' }] } }),
    reason: 'Renewing',
    message: /^Renewing certificate without satisfying renewal windows at: 2026-03-01 23:59:56 \+0000 UTC$/,
  },
  { why: 'expired', given: later('2026-04-01T00:00:01Z'), reason: 'Renewing', ready: 'Expired' },
];

for (const { why, given, reason, message, ready } of dates) {
  test(`a certificate that is otherwise sound, ${why}`, () => {
    const violation = firstViolation(triggerChain, given);
    assert.equal(violation?.reason, reason);
    if (typeof message === 'string') assert.equal(violation?.message, message);
    if (message instanceof RegExp) assert.match(violation?.message ?? '', message);
    assert.equal(firstViolation(readinessChain, given)?.reason, ready);
  });
}

test('the message of an expired certificate gives the date as RFC 1123', () => {
  const violation = firstViolation(readinessChain, later('2026-05-01T00:00:00Z'));
  assert.equal(violation?.message, 'Certificate expired on Wed, 01 Apr 2026 00:00:00 UTC');
});

test('a stale renewal time in the status does not trigger when the certificate itself is young', () => {
  const stale = {
    ...sound,
    now: start,
    certificate: certificate({}, { revision: 1, renewalTime: '2025-01-01T00:00:00Z' }),
  };
  assert.equal(firstViolation(triggerChain, stale), undefined);
});

test('the order of names makes no difference', () => {
  const spec = {
    dnsNames: ['a.example', 'b.example'],
    usages: ['server auth', 'signing'] as CertificateSpec['usages'] & {},
  };
  const given = issuedSnapshot(spec);
  const turned = certificate(
    { dnsNames: ['b.example', 'a.example'], usages: ['digital signature', 'server auth'] },
    { revision: 1 },
  );
  assert.equal(firstViolation(triggerChain, { ...given, certificate: turned }), undefined);
});

test('a private key never shows in a message', () => {
  const key = generateKey({ algorithm: 'ECDSA', size: 256 }).toPEM('PKCS8').replace('MIGH', 'MIGA');
  const violation = firstViolation(triggerChain, data({ 'tls.key': encodeText(key) }));
  assert.equal(violation?.reason, 'InvalidKeyPair');
  assert(!violation.message.includes(key.split('\n')[1]!));
});
