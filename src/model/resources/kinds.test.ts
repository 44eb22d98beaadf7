import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { fieldErrorText } from '#model/objects';
import type { KubeObject } from '#model/objects';
import { apiKind } from './api.ts';
import { builtinKinds } from './builtin-kinds.ts';
import { certificateKind } from './certificate.ts';
import { certificateRequestKind } from './certificate-request.ts';
import { clusterIssuerKind } from './cluster-issuer.ts';
import { compileKind } from './compile/compile-kind.ts';
import { configMapKind } from './config-map.ts';
import { endpointCertificateKind } from './endpoint-certificate.ts';
import { eventKind } from './event.ts';
import { gatewayKind } from './gateway.ts';
import { gatewayNodeKind } from './gateway-node.ts';
import { issuerKind } from './issuer.ts';
import { keystoreKind } from './keystore.ts';
import type { Kind } from './kind.ts';
import { namespaceKind } from './namespace.ts';
import type { Namespace } from './namespace.ts';
import { createRegistry } from './registry.ts';
import { secretKind } from './secret.ts';
import { rotationKind } from './rotation.ts';
import { tlsClientProfileKind } from './tls-client-profile.ts';
import { tlsServerProfileKind } from './tls-server-profile.ts';
import { trustBundleKind } from './trust-bundle.ts';
import { truststoreKind } from './truststore.ts';
import { workloadKind } from './workload.ts';
import { certificate, configMap, context, event, issuer, request, secret } from './test-objects.ts';

const registry = createRegistry(builtinKinds);

test('createRegistry() finds kinds by plural and by kind name, and nothing else', () => {
  assert.equal(registry.byPlural('cert-manager.io', 'v1', 'certificates'), certificateKind);
  assert.equal(registry.byPlural('', 'v1', 'secrets'), secretKind);
  assert.equal(registry.byKind('cert-manager.io/v1', 'ClusterIssuer'), clusterIssuerKind);
  assert.equal(registry.byKind('v1', 'Certificate'), undefined);
  assert.equal(registry.byPlural('cert-manager.io', 'v1alpha2', 'certificates'), undefined);
  assert.equal(registry.byPlural('', 'v1', '__proto__'), undefined);
});

test('every object of the API Connect example keeps schema and rules', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../examples/api-connect.yaml'), 'utf8');
  const objects = parseAllDocuments(text).map((document) => document.toJS() as KubeObject);
  assert.equal(objects.length, 38);
  for (const object of objects) {
    const kind = registry.byKind(object.apiVersion, object.kind)!;
    const { draft, unknown } = compileKind(kind).prune(object);
    const admitted = (kind.admit?.(draft, undefined, context) ?? draft) as KubeObject;
    const errors = [...compileKind(kind).validate(admitted), ...(kind.validate?.(admitted, undefined, context) ?? [])];
    assert.deepEqual([unknown, errors.map(fieldErrorText)], [[], []], object.metadata.name);
  }
});

test('a kind that admits and refuses nothing still has every list and flag', () => {
  for (const kind of builtinKinds) {
    assert.match(kind.description, /^[A-Z].*\.$/);
    assert.equal(kind.confidential, kind.kind === 'Secret');
    assert.equal(kind.strategicMerge, kind.group === '');
  }
});

const header = (kind: Kind, wide: boolean): string =>
  kind.printerColumns
    .filter(({ priority = 0 }) => wide || priority === 0)
    .map(({ name }) => name.toUpperCase())
    .join(' ');

const headers: readonly { kind: Kind; narrow: string; wide: string }[] = [
  { kind: certificateKind, narrow: 'READY SECRET AGE', wide: 'READY SECRET ISSUER STATUS EXPIRATION AGE' },
  {
    kind: certificateRequestKind,
    narrow: 'APPROVED DENIED READY ISSUER REQUESTER AGE',
    wide: 'APPROVED DENIED READY ISSUER REQUESTER STATUS AGE',
  },
  { kind: issuerKind, narrow: 'READY AGE', wide: 'READY STATUS AGE' },
  { kind: clusterIssuerKind, narrow: 'READY AGE', wide: 'READY STATUS AGE' },
  { kind: secretKind, narrow: 'TYPE DATA AGE', wide: 'TYPE DATA AGE' },
  { kind: configMapKind, narrow: 'DATA AGE', wide: 'DATA AGE' },
  {
    kind: tlsClientProfileKind,
    narrow: 'READY KEYSTORE TRUSTSTORE INSECURE USED BY AGE',
    wide: 'READY KEYSTORE TRUSTSTORE INSECURE SERVERS USED BY TITLE VERSION STATUS AGE',
  },
  {
    kind: tlsServerProfileKind,
    narrow: 'READY KEYSTORE TRUSTSTORE MUTUAL USED BY AGE',
    wide: 'READY KEYSTORE TRUSTSTORE MUTUAL USED BY TITLE VERSION STATUS AGE',
  },
  {
    kind: keystoreKind,
    narrow: 'READY FORMAT EXPIRATION USED BY AGE',
    wide: 'READY FORMAT SUBJECT EXPIRATION USED BY SECRET TITLE STATUS AGE',
  },
  {
    kind: truststoreKind,
    narrow: 'READY EXPIRATION USED BY AGE',
    wide: 'READY SUBJECT EXPIRATION USED BY TITLE STATUS AGE',
  },
  {
    kind: apiKind,
    narrow: 'READY TYPE VERSION BASE PATH BACKEND AGE',
    wide: 'READY TYPE VERSION BASE PATH BACKEND SANDBOX TITLE STATUS AGE',
  },
  {
    kind: endpointCertificateKind,
    narrow: 'READY ALIAS ENDPOINT EXPIRATION USED BY NODES PROVEN AGE',
    wide: 'READY ALIAS ENDPOINT SUBJECT ISSUER EXPIRATION USED BY NODES PROVEN FINGERPRINT STATUS AGE',
  },
  {
    kind: gatewayKind,
    narrow: 'READY PRODUCTION NODES PROVEN AGE',
    wide: 'READY PRODUCTION NODES PROVEN TITLE STATUS AGE',
  },
  {
    kind: gatewayNodeKind,
    narrow: 'READY GATEWAY SYNCED PROVEN FAILED AGE',
    wide: 'READY GATEWAY SYNCED PROVEN FAILED DESIRED LOADED ADDRESSES VERSION LAST SEEN STATUS AGE',
  },
  {
    kind: trustBundleKind,
    narrow: 'READY BUNDLE ANCHORS EXPIRATION AGE',
    wide: 'READY BUNDLE ANCHORS EXPIRATION TARGET TITLE STATUS AGE',
  },
  {
    kind: workloadKind,
    narrow: 'READY DRIVER SITE INSTANCES PROVEN AGE',
    wide: 'READY DRIVER SITE INSTANCES LOADED PROVEN RELOAD TITLE STATUS AGE',
  },
  {
    kind: rotationKind,
    narrow: 'STAGE RESULT LEAVES ISSUED PROVEN FAILED AGE',
    wide: 'STAGE RESULT CA LEAVES ISSUED PROVEN FAILED PAUSED SINCE READY STATUS AGE',
  },
  { kind: namespaceKind, narrow: 'STATUS AGE', wide: 'STATUS AGE' },
  {
    kind: eventKind,
    narrow: 'LAST SEEN TYPE REASON OBJECT MESSAGE',
    wide: 'LAST SEEN TYPE REASON OBJECT SUBOBJECT SOURCE MESSAGE FIRST SEEN COUNT NAME',
  },
];

for (const { kind, narrow, wide } of headers) {
  test(`${kind.plural} print ${narrow}`, () => {
    assert.deepEqual([header(kind, false), header(kind, true)], [narrow, wide]);
  });
}

const cellOf = (kind: Kind, column: string, object: KubeObject) =>
  kind.printerColumns.find(({ name }) => name === column)?.cell?.(object);

test('the column Data counts keys', () => {
  assert.equal(cellOf(secretKind, 'Data', secret()), 0);
  assert.equal(cellOf(secretKind, 'Data', secret({ data: { a: '', b: '' } })), 2);
  assert.equal(cellOf(configMapKind, 'Data', configMap({ data: { a: '' }, binaryData: { b: '' } })), 2);
});

const eventRow = (one: KubeObject) =>
  ['Last Seen', 'First Seen', 'Count', 'Object', 'Source'].map((name) => cellOf(eventKind, name, one));

test('the columns of an event fall back from series to last to first occurrence', () => {
  const times = { firstTimestamp: '2026-01-01T00:00:00Z', lastTimestamp: '2026-01-02T00:00:00Z', count: 3 };
  const series = { count: 9, lastObservedTime: '2026-01-03T00:00:00.000001Z' };
  assert.deepEqual(eventRow(event({ ...times, series })), [
    series.lastObservedTime,
    times.firstTimestamp,
    9,
    'certificate/web',
    '',
  ]);
  assert.deepEqual(eventRow(event({ ...times, source: { component: 'c', host: 'h' } })), [
    times.lastTimestamp,
    times.firstTimestamp,
    3,
    'certificate/web',
    'c, h',
  ]);
  assert.deepEqual(eventRow(event({ eventTime: '2026-01-04T00:00:00.5Z', reportingComponent: 'r' })), [
    '2026-01-04T00:00:00.5Z',
    '2026-01-04T00:00:00.5Z',
    1,
    'certificate/web',
    'r',
  ]);
});

const ready = { type: 'Ready', status: 'True' as const, observedGeneration: 1 };

const unsettled: readonly { why: string; status: ReturnType<typeof certificate>['status']; terms: string[] }[] = [
  { why: 'never looked at', status: undefined, terms: ['apic/web'] },
  { why: 'ready', status: { conditions: [ready] }, terms: [] },
  { why: 'not ready', status: { conditions: [{ ...ready, status: 'False' }] }, terms: ['apic/web'] },
  {
    why: 'ready in an older generation',
    status: { conditions: [{ ...ready, observedGeneration: 0 }] },
    terms: ['apic/web'],
  },
  {
    why: 'ready and being renewed',
    status: { conditions: [ready, { type: 'Issuing', status: 'True' }] },
    terms: ['apic/web'],
  },
  {
    why: 'ready although the last renewal failed',
    status: { conditions: [ready, { type: 'Issuing', status: 'False' }], failedIssuanceAttempts: 1 },
    terms: ['apic/web'],
  },
];

for (const { why, status, terms } of unsettled) {
  test(`the index unsettled of a certificate that is ${why}`, () => {
    assert.deepEqual(
      certificateKind.indexes['unsettled']!(certificate({}, status === undefined ? {} : { status })),
      terms,
    );
  });
}

test('the index renewalTime holds certificates that renew by themselves', () => {
  const status = { renewalTime: '2026-05-01T00:00:00Z' };
  const terms = certificateKind.indexes['renewalTime']!;
  assert.deepEqual(terms(certificate({}, { status })), ['2026-05-01T00:00:00Z']);
  assert.deepEqual(terms(certificate({ renewal: { policy: 'Disabled' } }, { status })), []);
  assert.deepEqual(terms(certificate()), []);
});

const issuerTerms = (issuerRef: { name: string; kind?: string; group?: string }) =>
  certificateKind.indexes['issuer']!(certificate({ issuerRef }));

test('the index issuer reads absent kind and group as their defaults', () => {
  assert.deepEqual(issuerTerms({ name: 'ca' }), ['Issuer/apic/ca']);
  assert.deepEqual(issuerTerms({ name: 'ca', kind: 'Issuer', group: 'cert-manager.io' }), ['Issuer/apic/ca']);
  assert.deepEqual(issuerTerms({ name: 'ca', kind: 'ClusterIssuer' }), ['ClusterIssuer//ca']);
  assert.deepEqual(issuerTerms({ name: 'ca', kind: 'ClusterIssuer', group: 'x.io' }), ['ClusterIssuer.x.io/apic/ca']);
});

const annotated = <T extends KubeObject>(object: T): T => ({
  ...object,
  metadata: { ...object.metadata, annotations: { 'cert-manager.io/certificate-name': 'web' } },
});

test('the indexes of requests, issuers, secrets and events', () => {
  assert.deepEqual(certificateRequestKind.indexes['certificate']!(annotated(request())), ['apic/web']);
  assert.deepEqual(certificateRequestKind.indexes['pending']!(request()), ['apic/web-1']);
  const issued = { status: { conditions: [{ type: 'Ready', status: 'True' as const, reason: 'Issued' }] } };
  assert.deepEqual(certificateRequestKind.indexes['pending']!(request({}, issued)), []);
  assert.deepEqual(issuerKind.indexes['secretName']!(issuer({ ca: { secretName: 'a' } })), ['apic/a']);
  assert.deepEqual(issuerKind.indexes['secretName']!(issuer({ selfSigned: {} })), []);
  assert.deepEqual(secretKind.indexes['certificateName']!(annotated(secret())), ['apic/web']);
  assert.deepEqual(eventKind.indexes['involved']!(event()), ['apic/Certificate/web']);
  assert.deepEqual(eventKind.indexes['expiry']!(event({ eventTime: '2026-01-04T00:00:00.500000Z' })), [
    '2026-01-04T00:00:00Z',
  ]);
  assert.deepEqual(eventKind.indexes['expiry']!(event()), ['2026-01-02T03:04:05Z']);
});

test('the index nextPrivateKey holds Secrets with the label and a Certificate that controls them', () => {
  const key = secret();
  const owner = { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', name: 'web', uid: 'u', controller: true };
  const labels = { 'cert-manager.io/next-private-key': 'true' };
  const terms = (metadata: Partial<KubeObject['metadata']>) =>
    secretKind.indexes['nextPrivateKey']!({ ...key, metadata: { ...key.metadata, ...metadata } });
  assert.deepEqual(terms({ labels, ownerReferences: [owner] }), ['apic/web']);
  assert.deepEqual(terms({ labels }), []);
  assert.deepEqual(terms({ ownerReferences: [owner] }), []);
});

const draft = (metadata: Namespace['metadata'] | { name: string; labels?: Record<string, string> }) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata,
});

test('a new namespace is active, has its finalizer and carries its name as a label', () => {
  assert.deepEqual(namespaceKind.admit!(draft({ name: 'apic', labels: { a: 'b' } }), undefined, context), {
    ...draft({ name: 'apic', labels: { a: 'b', 'kubernetes.io/metadata.name': 'apic' } }),
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
});

test('a namespace cannot lose its name label, and is otherwise left alone on update', () => {
  const previous = namespaceKind.admit!(draft({ name: 'apic' }), undefined, context) as Namespace;
  assert.equal(namespaceKind.admit!(previous, previous, context), previous);
  assert.deepEqual(namespaceKind.admit!(draft({ name: 'apic', labels: {} }), previous, context).metadata.labels, {
    'kubernetes.io/metadata.name': 'apic',
  });
});

const eventErrors = (namespace?: string) =>
  eventKind.validate!(
    event({ involvedObject: { kind: 'X', name: 'x', ...(namespace && { namespace }) } }),
    undefined,
    context,
  );

test('an event lives in the namespace of its object, or anywhere when that has none', () => {
  assert.deepEqual(eventErrors('other').map(fieldErrorText), [
    'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
  ]);
  assert.deepEqual([eventErrors('apic'), eventErrors()], [[], []]);
});
