import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '#model/objects';
import type { GatewayNode } from '#model/resources';
import { formatCertificate } from './test-certificates.ts';
import { certificatesIn } from './found-in.ts';
import { seenAtBackends } from './seen-at-backends.ts';

function object(kind: string, spec: object, status: object = {}, more: object = {}): KubeObject {
  return { kind, metadata: { name: 'a', namespace: 'apic' }, spec, status, ...more } as unknown as KubeObject;
}

const dates = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z' };
const facts = (subject: string) => ({
  subject,
  issuer: 'CN=ca',
  serialNumber: '01',
  fingerprint: `f${subject}`,
  ...dates,
  key: 'ECDSA P-256',
  isCA: false,
  selfSigned: false,
});

const found: readonly { why: string; object: KubeObject; places: readonly string[] }[] = [
  { why: 'a Certificate that is not issued yet', object: object('Certificate', {}), places: [] },
  {
    why: 'a Certificate that renews itself',
    object: object('Certificate', { commonName: 'x' }, { ...dates, renewalTime: '2026-09-01T00:00:00Z' }),
    places: ['status CN=x managed'],
  },
  {
    why: 'a Certificate whose renewal is switched off',
    object: object('Certificate', { dnsNames: ['x.example'], renewal: { policy: 'Disabled' } }, dates),
    places: ['status x.example'],
  },
  {
    why: 'an Issuer',
    object: object('Issuer', {}, { ca: { subject: 'CN=ca', ...dates } }),
    places: ['status.ca CN=ca'],
  },
  { why: 'an issuer that has no CA', object: object('ClusterIssuer', {}), places: [] },
  {
    why: 'a Keystore with a chain',
    object: object('Keystore', {}, { entries: [{ ...facts('CN=k'), chain: [facts('CN=i')] }] }),
    places: ['status.entries[0] CN=k', 'status.entries[0].chain[0] CN=i'],
  },
  {
    why: 'a Keystore made from a Certificate',
    object: object('Keystore', { certificateRef: { name: 'c' } }, { entries: [facts('CN=k')] }),
    places: ['status.entries[0] CN=k managed'],
  },
  {
    why: 'a Truststore',
    object: object('Truststore', {}, { entries: [facts('CN=r1'), facts('CN=r2')] }),
    places: ['status.entries[0] CN=r1', 'status.entries[1] CN=r2'],
  },
  {
    why: 'an EndpointCertificate',
    object: object('EndpointCertificate', {}, { certificates: [facts('CN=b')], appliesTo: 'b.example:8443' }),
    places: ['status.certificates[0] CN=b'],
  },
  { why: 'a ConfigMap', object: object('ConfigMap', {}), places: [] },
  {
    why: 'a status with an end that is no date',
    object: object('Issuer', {}, { ca: { subject: 'CN=ca', notAfter: 'soon' } }),
    places: [],
  },
];
for (const { why, object: given, places } of found) {
  test(`certificatesIn() finds in ${why}: ${places.length === 0 ? 'nothing' : places.join(', ')}`, () => {
    const read = certificatesIn(given).map(
      ({ source, subject, managed }) => `${source.path} ${subject}${managed ? ' managed' : ''}`,
    );
    assert.deepEqual(read, places);
  });
}

const pem = formatCertificate('uploaded');
const data = { 'tls.crt': Buffer.from(pem).toString('base64'), 'tls.key': 'c2VjcmV0' };

test('certificatesIn() reads the certificates of a Secret that somebody brought along, and nothing of its key', () => {
  const [certificate, ...rest] = certificatesIn(object('Secret', {}, {}, { data }));
  assert.deepEqual(rest, []);
  assert.equal(certificate!.subject, 'CN=uploaded');
  assert.equal(certificate!.source.path, 'data[tls.crt][0]');
  assert(!JSON.stringify(certificate).includes('c2VjcmV0'));
});

test('certificatesIn() leaves the Secret of a Certificate to the Certificate', () => {
  const issued = object('Secret', {}, {}, { data });
  issued.metadata.annotations = { 'cert-manager.io/certificate-name': 'x' };
  assert.deepEqual(certificatesIn(issued), []);
});

test('certificatesIn() passes over what it cannot read', () => {
  assert.deepEqual(certificatesIn(object('Secret', {}, {}, { data: { 'tls.crt': 'AAAA', 'ca.crt': '' } })), []);
});

test('seenAtBackends() tells what a node has seen, under the name of its Gateway', () => {
  const presented = { subject: 'CN=b', issuer: 'CN=ca', fingerprint: 'ff', ...dates };
  const endpoints = [
    { endpoint: 'b.example:443', apis: ['default/shop'], presented, state: 'proven' },
    { endpoint: 'down.example:443', apis: [], state: 'loaded' },
  ];
  const node = object('GatewayNode', { gatewayRef: { name: 'edge' } }, { endpoints }) as unknown as GatewayNode;
  const [seen, ...rest] = seenAtBackends(node);
  assert.deepEqual(rest, []);
  assert.deepEqual(seen!.source, { kind: 'Gateway', namespace: 'apic', name: 'edge', path: 'backend b.example:443' });
  assert.deepEqual([seen!.nodes, seen!.usedBy, seen!.endpoint], [['a'], ['API default/shop'], 'b.example:443']);
});
