import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionOf } from '#model/objects';
import type { CertificateRequest, CertificateSpec } from '#model/resources';
import { decodeText, encodeText, leafOf, readKey } from './material.ts';
import { nextStep } from './next-step.ts';
import { nextRequestStep } from './requests/request-step.ts';
import type { CertificateSnapshot } from './snapshot.ts';
import type { Remark, WaitStep, WriteStep } from './step.ts';
import {
  answerTask,
  caMaterial,
  certificate,
  issuedAnnotations,
  issuedSnapshot,
  secret,
  snapshot,
  start,
} from './test-material.ts';

interface Run {
  readonly end: CertificateSnapshot;
  readonly wait: WaitStep;
  readonly remarks: readonly Remark[];
}

const readyIssuer = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'Issuer',
  metadata: { name: 'ca', namespace: 'apic', uid: 'uid-ca', resourceVersion: '1', creationTimestamp: '' },
  spec: { ca: { secretName: 'ca' } },
  status: { conditions: [{ type: 'Ready', status: 'True' as const }] },
};
const issuerSecret = {
  ...secret({ 'tls.key': caMaterial.keyPEM, 'tls.crt': caMaterial.chainPEM }),
  type: 'kubernetes.io/tls',
};

/** Applies steps until the machine waits; `sign` decides about the request as the issuer's side does. */
function settle(from: CertificateSnapshot, sign = true): Run {
  const remarks: Remark[] = [];
  let state = from;
  for (let count = 0; count < 40; count += 1) {
    const step = nextStep(state);
    const request = state.requests.find(({ status }) => !conditionOf(status?.conditions, 'Ready'));
    if (step.do === 'wait' && sign && request !== undefined) {
      state = Object.assign({}, state, {
        requests: state.requests.map((one) => (one === request ? signedRequest(request, state) : one)),
      });
    } else if (step.do === 'wait') return { end: state, wait: step, remarks: [...remarks, ...step.remarks] };
    else {
      const { change, remarks: told } =
        step.do === 'write' ? step : (step.answer as (r: unknown) => WriteStep)(answerTask(step.task));
      remarks.push(...told);
      state = Object.assign({}, state, change);
    }
  }
  throw new Error('the machine does not come to rest');
}

function signedRequest(request: CertificateSnapshot['requests'][number], { now }: CertificateSnapshot) {
  let current = request;
  for (let count = 0; count < 5; count += 1) {
    const step = nextRequestStep({
      now,
      request: current,
      autoApprove: true,
      issuer: readyIssuer,
      issuerNamespace: 'apic',
      issuerSecret,
    });
    if (step.do === 'wait') break;
    current = (
      step.do === 'write'
        ? step
        : (step.answer as (r: unknown) => WriteStep<{ request: typeof request }>)(answerTask(step.task))
    ).change.request;
  }
  return current;
}

const reasons = ({ remarks }: Run): string[] => remarks.map(({ reason, message }) => `${reason}: ${message}`);
const condition = ({ end }: Run, type: string) => conditionOf(end.certificate.status?.conditions, type);

test('a new Certificate becomes Ready, with revision 1 and nothing left over', () => {
  const run = settle(snapshot(certificate()));
  assert.equal(condition(run, 'Ready')?.message, 'Certificate is up to date and has not expired');
  assert.equal(condition(run, 'Issuing'), undefined);
  assert.deepEqual(run.end.nextKeySecrets, []);
  assert.deepEqual(
    run.end.requests.map(({ metadata }) => metadata.name),
    ['web-1'],
  );
  const { conditions: _conditions, ...status } = run.end.certificate.status!;
  assert.deepEqual(status, {
    revision: 1,
    notBefore: '2025-12-31T23:59:50Z',
    notAfter: '2026-04-01T00:00:00Z',
    renewalTime: '2026-03-01T23:59:56Z',
  });
});

test('a new Certificate tells its story in events, in order', () => {
  const run = settle(snapshot(certificate()));
  assert.deepEqual(
    reasons(run).map((text) => text.replace(/web-[0-9a-f]{8}/, 'web-KEY')),
    [
      'Issuing: Issuing certificate as Secret does not exist',
      'Generated: Stored new private key in temporary Secret resource "web-KEY"',
      'Requested: Created new CertificateRequest resource "web-1"',
      'Issuing: The certificate has been successfully issued',
    ],
  );
});

test('the machine waits for the renewal time, and then renews under the next revision with a new key', () => {
  const first = settle(snapshot(certificate()));
  assert.deepEqual(first.wait.until, new Date('2026-03-01T23:59:56Z'));
  const second = settle({ ...first.end, secretConfig: undefined, now: first.wait.until });
  assert.equal(second.end.certificate.status?.revision, 2);
  assert.notEqual(second.end.secret?.data?.['tls.key'], first.end.secret?.data?.['tls.key']);
  assert.deepEqual(
    second.end.requests.map(({ metadata }) => metadata.name),
    ['web-2'],
  );
  assert.equal(condition(second, 'Ready')?.lastTransitionTime, '2026-01-01T00:00:00Z');
});

test('while it is issued again a Certificate stays Ready', () => {
  const due = { ...issuedSnapshot(), now: new Date('2026-03-02T00:00:00Z') };
  const run = settle(settle(due, false).end, false);
  assert.equal(condition(run, 'Issuing')?.status, 'True');
  assert.equal(condition(run, 'Ready')?.status, 'True');
});

test('before its first certificate, Ready says the same as Issuing', () => {
  const run = settle(snapshot(certificate()), false);
  for (const type of ['Ready', 'Issuing']) {
    assert.equal(condition(run, type)?.reason, 'DoesNotExist');
    assert.equal(condition(run, type)?.message, 'Issuing certificate as Secret does not exist');
  }
  assert.equal(condition(run, 'Ready')?.status, 'False');
});

test('while it waits for the issuer, the key is stored and named in the status', () => {
  const { end } = settle(snapshot(certificate()), false);
  const [keySecret] = end.nextKeySecrets;
  assert.equal(end.certificate.status?.nextPrivateKeySecretName, keySecret?.metadata.name);
  assert.match(decodeText(keySecret!.data!['tls.key']!), /^-----BEGIN PRIVATE KEY-----/);
  assert.deepEqual(keySecret!.metadata.labels, {
    'cert-manager.io/next-private-key': 'true',
    'controller.cert-manager.io/fao': 'true',
  });
  assert.equal(
    end.requests[0]?.metadata.annotations?.['cert-manager.io/private-key-secret-name'],
    keySecret?.metadata.name,
  );
});

const encodings: readonly { why: string; privateKey: NonNullable<CertificateSpec['privateKey']>; label: string }[] = [
  { why: 'ECDSA by default', privateKey: { algorithm: 'ECDSA' }, label: 'EC PRIVATE KEY' },
  { why: 'ECDSA in PKCS8', privateKey: { algorithm: 'ECDSA', encoding: 'PKCS8' }, label: 'PRIVATE KEY' },
  { why: 'RSA by default', privateKey: {}, label: 'RSA PRIVATE KEY' },
  { why: 'Ed25519 has only PKCS8', privateKey: { algorithm: 'Ed25519' }, label: 'PRIVATE KEY' },
];

for (const { why, privateKey, label } of encodings) {
  test(`tls.key is encoded as the spec says: ${why}`, () => {
    const { end } = settle(snapshot(certificate({ privateKey })));
    assert(decodeText(end.secret!.data!['tls.key']!).startsWith(`-----BEGIN ${label}-----`));
  });
}

test('the Secret carries what cert-manager puts there', () => {
  const spec = {
    commonName: 'web',
    ipAddresses: ['10.0.0.1'],
    subject: { organizations: ['Acme, Inc.'] },
    secretTemplate: { labels: { team: 'a' }, annotations: { note: 'b' } },
  };
  const { end } = settle(snapshot(certificate(spec)));
  assert.deepEqual(end.secret?.metadata.labels, { team: 'a', 'controller.cert-manager.io/fao': 'true' });
  assert.deepEqual(end.secret?.metadata.annotations, {
    note: 'b',
    ...issuedAnnotations,
    'cert-manager.io/common-name': 'web',
    'cert-manager.io/alt-names': 'web.example',
    'cert-manager.io/ip-sans': '10.0.0.1',
    'cert-manager.io/uri-sans': '',
    'cert-manager.io/subject-organizations': '"Acme, Inc."',
  });
  assert.equal(end.secret?.type, 'kubernetes.io/tls');
});

test('outputs and keystores are written together with the certificate', () => {
  const keystores = {
    jks: { create: true, password: 'secret1' },
    pkcs12: { create: true, passwordSecretRef: { name: 'pw' } },
  };
  const spec: Partial<CertificateSpec> = {
    keystores,
    additionalOutputFormats: [{ type: 'DER' }, { type: 'CombinedPEM' }],
  };
  const pw = { ...secret({ password: 'secret2' }), metadata: { ...secret({}).metadata, name: 'pw' } };
  const { end } = settle({ ...snapshot(certificate(spec)), passwordSecrets: { pw } });
  const data = end.secret!.data!;
  assert.deepEqual(Object.keys(data).sort(), [
    'ca.crt',
    'key.der',
    'keystore.jks',
    'keystore.p12',
    'tls-combined.pem',
    'tls.crt',
    'tls.key',
    'truststore.jks',
    'truststore.p12',
  ]);
  assert.equal(
    decodeText(data['tls-combined.pem']!),
    `${decodeText(data['tls.key']!)}\n${decodeText(data['tls.crt']!)}`,
  );
});

test('a keystore without its password holds the certificate back, warns and is tried again', () => {
  const keystores = { jks: { create: true, passwordSecretRef: { name: 'pw' } } };
  const run = settle(snapshot(certificate({ keystores })));
  assert.equal(run.end.secret, undefined);
  assert.equal(run.remarks.at(-1)?.reason, 'KeystorePasswordSecretNotFound');
  assert.notEqual(run.wait.retry, undefined);
});

test('rotation policy Never keeps the key', () => {
  const before = issuedSnapshot({ privateKey: { algorithm: 'ECDSA', rotationPolicy: 'Never' } });
  const run = settle({ ...before, now: new Date('2026-03-02T00:00:00Z') });
  const key = readKey(run.end.secret?.data?.['tls.key']);
  assert(key.ok && Buffer.compare(key.value.spki, before.material.key.spki) === 0);
  assert(reasons(run).includes('Reused: Reusing private key stored in existing Secret resource "web-tls"'));
});

test('rotation policy Never with a key that does not fit stops and asks for the user', () => {
  const before = issuedSnapshot();
  const changed = certificate(
    { privateKey: { algorithm: 'ECDSA', size: 384, rotationPolicy: 'Never' } },
    { revision: 1 },
  );
  const run = settle({ ...before, certificate: changed });
  assert.equal(run.remarks.at(-1)?.reason, 'CannotRegenerateKey');
  assert.match(run.remarks.at(-1)?.message ?? '', /mismatching fields: \[spec\.privateKey\.size\]/);
  assert.equal(condition(run, 'Issuing')?.status, 'True');
  assert.deepEqual(run.end.nextKeySecrets, []);
});

test('rotation policy Never with an undecodable key makes a new one, and warns', () => {
  const spec = { privateKey: { algorithm: 'ECDSA', rotationPolicy: 'Never' } } as const;
  const run = settle({ ...snapshot(certificate(spec)), secret: secret({ 'tls.key': 'junk', 'tls.crt': 'junk' }) });
  assert(run.remarks.some(({ reason }) => reason === 'DecodeFailed'));
  assert.equal(condition(run, 'Ready')?.status, 'True');
});

/** The requests with a status as an issuer would set it. */
function answered({ requests }: CertificateSnapshot, status: CertificateRequest['status'] & {}): CertificateRequest[] {
  return requests.map((request) => Object.assign({}, request, { status }));
}

function failedOnce(): Run {
  const waiting = settle(snapshot(certificate()), false).end;
  const status = {
    conditions: [{ type: 'Ready', status: 'False' as const, reason: 'Failed', message: 'no' }],
    failureTime: '2026-01-01T00:00:00Z',
  };
  return settle({ ...waiting, requests: answered(waiting, status) }, false);
}

test('a failed request fails the issuance, drops the key and waits an hour', () => {
  const run = failedOnce();
  const message = 'The certificate request has failed to complete and will be retried: no';
  assert.equal(condition(run, 'Issuing')?.status, 'False');
  assert.equal(condition(run, 'Issuing')?.reason, 'Failed');
  assert.equal(condition(run, 'Issuing')?.message, message);
  assert.equal(run.end.certificate.status?.failedIssuanceAttempts, 1);
  assert.equal(run.end.certificate.status?.lastFailureTime, '2026-01-01T00:00:00Z');
  assert.equal(run.end.certificate.status?.nextPrivateKeySecretName, undefined);
  assert.deepEqual(run.end.nextKeySecrets, []);
  assert.deepEqual(run.wait.until, new Date('2026-01-01T01:00:00Z'));
});

test('a long back-off does not hide that the certificate expires meanwhile', () => {
  const before = issuedSnapshot();
  const status = {
    revision: 1,
    notAfter: '2026-04-01T00:00:00Z',
    lastFailureTime: '2026-03-31T20:00:00Z',
    failedIssuanceAttempts: 6,
  };
  const given = { ...before, now: new Date('2026-03-31T21:00:00Z'), certificate: certificate({}, status) };
  const run = settle(given);
  assert.deepEqual(run.wait.until, new Date('2026-04-01T00:00:00.001Z'));
  assert.equal(condition(settle({ ...run.end, now: run.wait.until }), 'Ready')?.reason, 'Expired');
});

test('after the back-off a failed request is made again under the same revision', () => {
  const run = settle({ ...failedOnce().end, now: new Date('2026-01-01T01:00:00Z') });
  assert.equal(condition(run, 'Ready')?.status, 'True');
  assert.equal(run.end.certificate.status?.revision, 1);
  assert.equal(run.end.certificate.status?.failedIssuanceAttempts, undefined);
  assert.deepEqual(
    run.end.requests.map(({ metadata }) => metadata.name),
    ['web-1'],
  );
});

test('mending the spec ends the back-off at once', () => {
  const { end } = failedOnce();
  const mended = { ...end.certificate, spec: { ...end.certificate.spec, dnsNames: ['new.example'] } };
  assert.equal(condition(settle({ ...end, certificate: mended }), 'Ready')?.status, 'True');
});

test('a denied request fails the issuance with the reason Denied', () => {
  const waiting = settle(snapshot(certificate()), false).end;
  const status = { conditions: [{ type: 'Denied', status: 'True' as const, reason: 'Policy', message: 'never' }] };
  const run = settle({ ...waiting, requests: answered(waiting, status) }, false);
  assert.equal(condition(run, 'Issuing')?.reason, 'Policy');
});

test('a certificate for another key, or one that is expired, is not stored', () => {
  const waiting = settle(snapshot(certificate()), false).end;
  const conditions = [{ type: 'Ready', status: 'True' as const, reason: 'Issued' }];
  const answer = (chain: string, now = start) =>
    settle(
      {
        ...waiting,
        now,
        requests: answered(waiting, { conditions, certificate: encodeText(chain) }),
      },
      false,
    );
  const foreign = answer(issuedSnapshot().material.chainPEM);
  assert.equal(condition(foreign, 'Issuing')?.reason, 'InvalidCertificate');
  assert.match(condition(foreign, 'Issuing')?.message ?? '', /public key that does not match the CSR/);
  assert.equal(foreign.end.secret, undefined);
  assert.equal(condition(answer('junk'), 'Issuing')?.reason, 'InvalidCertificate');
});

test('names that no certificate can hold fail the issuance, and are not retried at once', () => {
  const run = settle(snapshot(certificate({ dnsNames: ['müller.example'] })));
  assert.equal(run.remarks.at(-1)?.reason, 'RequestFailed');
  assert.match(run.remarks.at(-1)?.message ?? '', /^Failed to generate CSR: .* - will not retry$/);
  assert.equal(condition(run, 'Issuing')?.status, 'False');
});

test('deleting the Secret issues again as revision 2', () => {
  const run = settle({ ...issuedSnapshot(), secret: undefined });
  assert.equal(run.end.certificate.status?.revision, 2);
  assert.equal(run.remarks[0]?.message, 'Issuing certificate as Secret does not exist');
});

test('marking Issuing by hand issues again', () => {
  const before = issuedSnapshot();
  const conditions = [{ type: 'Issuing', status: 'True' as const, reason: 'ManuallyTriggered', message: 'by hand' }];
  const run = settle({ ...before, certificate: certificate({}, { revision: 1, conditions }) });
  assert.equal(run.end.certificate.status?.revision, 2);
});

test('only the owner of a Secret that two Certificates name is issued', () => {
  const rival = {
    ...certificate(),
    metadata: { ...certificate().metadata, name: 'older', uid: 'uid-older', creationTimestamp: '2025-01-01T00:00:00Z' },
  };
  const run = settle({ ...snapshot(certificate()), secretRivals: [rival] });
  assert.deepEqual(run.end.requests, []);
  assert.equal(condition(run, 'Issuing'), undefined);
  assert.equal(condition(run, 'Ready')?.status, 'False');
});

test('what the template adds or drops is written without a new certificate; what others own stays', () => {
  const first = settle(snapshot(certificate({ secretTemplate: { labels: { a: '1', b: '2' } } }))).end;
  const foreign = {
    ...first.secret!,
    metadata: { ...first.secret!.metadata, labels: { ...first.secret!.metadata.labels, theirs: 'x' } },
  };
  const changed = {
    ...first.certificate,
    spec: { ...first.certificate.spec, secretTemplate: { labels: { b: '3', c: '4' } } },
  };
  const { end, remarks } = settle({ ...first, secretConfig: undefined, secret: foreign, certificate: changed });
  assert.deepEqual(end.secret?.metadata.labels, {
    b: '3',
    c: '4',
    theirs: 'x',
    'controller.cert-manager.io/fao': 'true',
  });
  assert.equal(end.secret?.data?.['tls.crt'], first.secret?.data?.['tls.crt']);
  assert.equal(end.certificate.status?.revision, 1);
  assert.deepEqual(remarks, []);
});

test('an output that somebody changed is repaired, one no longer wanted is removed', () => {
  const formats = { additionalOutputFormats: [{ type: 'DER' as const }, { type: 'CombinedPEM' as const }] };
  const first = settle(snapshot(certificate(formats))).end;
  const spoiled = { ...first.secret!, data: { ...first.secret!.data, 'key.der': 'AAAA' } };
  const repaired = settle({ ...first, secretConfig: undefined, secret: spoiled }).end;
  assert.equal(repaired.secret?.data?.['key.der'], first.secret?.data?.['key.der']);
  const without = {
    ...first.certificate,
    spec: { ...first.certificate.spec, additionalOutputFormats: [{ type: 'DER' as const }] },
  };
  const removed = settle({ ...repaired, secretConfig: undefined, certificate: without }).end;
  assert.equal(removed.secret?.data?.['tls-combined.pem'], undefined);
});

test('a temporary certificate is stored first, on wish, and is not Ready', () => {
  const wish = {
    ...certificate(),
    metadata: { ...certificate().metadata, annotations: { 'cert-manager.io/issue-temporary-certificate': 'true' } },
  };
  const waiting = settle(snapshot(wish), false);
  assert.notEqual(leafOf(waiting.end.secret?.data?.['tls.crt']), undefined);
  assert.equal(condition(waiting, 'Ready')?.status, 'False');
  assert(reasons(waiting).includes('Issuing: Issued temporary certificate'));
  const done = settle({ ...waiting.end, secretConfig: undefined });
  assert.equal(condition(done, 'Ready')?.status, 'True');
});

test('a Certificate that is being deleted is left alone', () => {
  const going = {
    ...certificate(),
    metadata: { ...certificate().metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
  };
  assert.deepEqual(nextStep(snapshot(going)), { do: 'wait', remarks: [] });
});

test('a machine at rest stays at rest', () => {
  const { end } = settle(snapshot(certificate()));
  assert.equal(nextStep({ ...end, secretConfig: undefined }).do, 'wait');
});
