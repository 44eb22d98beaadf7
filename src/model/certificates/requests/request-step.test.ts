import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionOf } from '#model/objects';
import type { CertificateRequest, Issuer } from '#model/resources';
import { decodeText } from '../material.ts';
import type { Remark, Step, WriteStep } from '../step.ts';
import type { SignedCertificate } from '../tasks.ts';
import { caMaterial, certificate, issue, requestOf, secret, start } from '../test-material.ts';
import { nextRequestStep } from './request-step.ts';
import type { RequestChange, RequestSnapshot } from './request-snapshot.ts';

const material = issue();
const request = requestOf(certificate(), 1, material.requestPEM);
const approved = [{ type: 'Approved', status: 'True' as const, reason: 'cert-manager.io' }];
const issuer = (spec: Issuer['spec'], ready = true): Issuer => ({
  apiVersion: 'cert-manager.io/v1',
  kind: 'Issuer',
  metadata: { name: 'ca', namespace: 'apic', uid: 'uid-ca', resourceVersion: '1', creationTimestamp: '' },
  spec,
  status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});
const ca = issuer({ ca: { secretName: 'ca-pair' } });
const caSecret = secret({ 'tls.key': caMaterial.keyPEM, 'tls.crt': caMaterial.chainPEM });
const base: RequestSnapshot = {
  now: start,
  request: { ...request, status: { conditions: approved } },
  autoApprove: true,
  issuerNamespace: 'apic',
  issuer: ca,
  issuerSecret: caSecret,
};

function ready(step: Step<RequestChange>): {
  reason?: string;
  message?: string;
  failureTime?: string;
  remarks: readonly Remark[];
} {
  assert.equal(step.do, 'write');
  const { change, remarks } = step;
  const { reason, message } = conditionOf(change.request.status?.conditions, 'Ready') ?? {};
  const { failureTime } = change.request.status ?? {};
  return {
    ...(reason && { reason }),
    ...(message !== undefined && { message }),
    ...(failureTime && { failureTime }),
    remarks,
  };
}

test('a request is approved by itself, in the words of cert-manager', () => {
  const step = nextRequestStep({ ...base, request }) as WriteStep<RequestChange>;
  const condition = conditionOf(step.change.request.status?.conditions, 'Approved');
  assert.equal(condition?.reason, 'cert-manager.io');
  assert.equal(condition?.message, 'Certificate request has been approved by cert-manager.io');
});

test('without the own approver a request waits, and says so', () => {
  const step = nextRequestStep({ ...base, request, autoApprove: false });
  assert.deepEqual(step, {
    do: 'wait',
    remarks: [
      { type: 'Normal', reason: 'WaitingForApproval', message: 'Not signing CertificateRequest until it is Approved' },
    ],
  });
});

test('a denied request is closed, even when it is approved too', () => {
  const conditions = [...approved, { type: 'Denied', status: 'True' as const }];
  const { reason, message, failureTime } = ready(
    nextRequestStep({ ...base, request: { ...request, status: { conditions } } }),
  );
  assert.deepEqual(
    [reason, message, failureTime],
    ['Denied', 'The CertificateRequest was denied by an approval controller', '2026-01-01T00:00:00Z'],
  );
});

const untouched: readonly { why: string; request: CertificateRequest }[] = [
  {
    why: 'another group',
    request: { ...request, spec: { ...request.spec, issuerRef: { name: 'x', group: 'pca.example' } } },
  },
  { why: 'invalid', request: { ...request, status: { conditions: [{ type: 'InvalidRequest', status: 'True' }] } } },
  {
    why: 'issued',
    request: { ...request, status: { conditions: [...approved, { type: 'Ready', status: 'True', reason: 'Issued' }] } },
  },
  {
    why: 'failed',
    request: {
      ...request,
      status: { conditions: [...approved, { type: 'Ready', status: 'False', reason: 'Failed' }] },
    },
  },
];
for (const { why, request: given } of untouched) {
  test(`a request is left alone when it is ${why}`, () => {
    assert.deepEqual(nextRequestStep({ ...base, request: given }), { do: 'wait', remarks: [] });
  });
}

const waits: readonly { why: string; given: Partial<RequestSnapshot>; event: string; message: string }[] = [
  {
    why: 'the issuer is missing',
    given: { issuer: undefined },
    event: 'IssuerNotFound',
    message: 'Referenced "Issuer" not found: issuer.cert-manager.io "ca" not found',
  },
  {
    why: 'the issuer is not ready',
    given: { issuer: issuer({ ca: { secretName: 'ca-pair' } }, false) },
    event: 'IssuerNotReady',
    message: 'Referenced issuer does not have a Ready status condition',
  },
  {
    why: 'the Secret of the CA is missing',
    given: { issuerSecret: undefined },
    event: 'SecretMissing',
    message: 'Referenced secret apic/ca-pair not found: secrets "ca-pair" not found',
  },
  {
    why: 'the key of a self-signed certificate is missing',
    given: { issuer: issuer({ selfSigned: {} }) },
    event: 'MissingSecret',
    message: 'Referenced secret apic/web-next not found: secrets "web-next" not found',
  },
];
for (const { why, given, event, message } of waits) {
  test(`a request is pending when ${why}`, () => {
    const verdict = ready(nextRequestStep({ ...base, ...given }));
    assert.deepEqual([verdict.reason, verdict.message, verdict.remarks[0]?.reason], ['Pending', message, event]);
  });
}

test('what a pending request waits for is told once', () => {
  const first = nextRequestStep({ ...base, issuer: undefined }) as WriteStep<RequestChange>;
  assert.deepEqual(nextRequestStep({ ...base, issuer: undefined, ...first.change }), { do: 'wait', remarks: [] });
});

test('a self-signed request must name its key, and must be made with it', () => {
  const selfSigned = issuer({ selfSigned: {} });
  const unnamed = { ...base.request, metadata: { ...request.metadata, annotations: {} } };
  assert.equal(ready(nextRequestStep({ ...base, issuer: selfSigned, request: unnamed })).reason, 'Failed');
  const keySecret = secret({ 'tls.key': issue().key.toPEM('PKCS8') });
  const { message } = ready(nextRequestStep({ ...base, issuer: selfSigned, keySecret }));
  assert.equal(
    message,
    'Referenced private key in Secret does not match that in the request: CSR not signed by referenced private key',
  );
});

test('an empty subject under a SelfSigned issuer is warned of', () => {
  const keySecret = secret({ 'tls.key': material.key.toPEM('PKCS8') });
  const step = nextRequestStep({ ...base, issuer: issuer({ selfSigned: {} }), keySecret });
  assert(step.do === 'ask' && step.task.task === 'self-sign');
  const result = (step.answer as (signed: SignedCertificate) => WriteStep<RequestChange>)({
    chainPEM: 'x',
    caPEM: 'x',
    notAfter: start,
  });
  assert.equal(result.remarks[0]?.reason, 'BadConfig');
});

function signing(given: Partial<RequestSnapshot> = {}) {
  const step = nextRequestStep({ ...base, ...given });
  assert(step.do === 'ask' && step.task.task === 'sign');
  return {
    task: step.task,
    answer: step.answer as (result: SignedCertificate | { failed: string }) => WriteStep<RequestChange>,
  };
}

test('an approved request of a ready CA is signed with what request and issuer say', () => {
  const { task } = signing({
    request: { ...base.request, spec: { ...request.spec, duration: '1h', isCA: true, usages: ['server auth'] } },
  });
  assert.equal(task.durationSeconds, 3600);
  assert.equal(task.isCA, true);
  assert.deepEqual(task.usages, ['server auth']);
  assert.equal(task.mayOutliveCA, false);
  assert.equal(task.requestPEM, material.requestPEM);
});

test('without a duration 90 days are asked for', () => {
  assert.equal(signing().task.durationSeconds, 7_776_000);
});

test('a certificate may outlive its CA only by annotation', () => {
  const annotations = { ...request.metadata.annotations, 'chancery.dev/allow-outliving-ca': 'true' };
  assert.equal(
    signing({ request: { ...base.request, metadata: { ...request.metadata, annotations } } }).task.mayOutliveCA,
    true,
  );
});

test('a signed certificate is put into the status', () => {
  const step = signing().answer({ chainPEM: 'chain', caPEM: 'ca', notAfter: start });
  const { status } = step.change.request;
  assert.deepEqual([decodeText(status!.certificate!), decodeText(status!.ca!)], ['chain', 'ca']);
  const { reason, message, remarks } = ready(step);
  assert.deepEqual([reason, message], ['Issued', 'Certificate fetched from issuer successfully']);
  assert.deepEqual(
    remarks.map((remark) => remark.reason),
    ['CertificateIssued'],
  );
});

test('a certificate that was shortened to its CA says so in message and event', () => {
  const end = new Date('2026-02-01T00:00:00Z');
  const step = signing().answer({
    chainPEM: 'c',
    caPEM: '',
    notAfter: end,
    askedNotAfter: new Date('2026-04-01T00:00:00Z'),
  });
  const { message, remarks } = ready(step);
  assert.equal(
    message,
    'Certificate fetched from issuer successfully; it ends with its CA at 2026-02-01T00:00:00Z instead of 2026-04-01T00:00:00Z',
  );
  assert.deepEqual(
    remarks.map(({ type, reason }) => `${type} ${reason}`),
    ['Warning CAExpiresFirst', 'Normal CertificateIssued'],
  );
  assert.equal(step.change.request.status?.ca, undefined);
});

test('a lint failure fails the request with the name of the lint', () => {
  const { reason, message, failureTime } = ready(signing().answer({ failed: 'subject-or-san: no name' }));
  assert.deepEqual(
    [reason, message, failureTime],
    ['Failed', 'Error signing certificate: subject-or-san: no name', '2026-01-01T00:00:00Z'],
  );
});
