import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCoded } from '#errors';
import { decodeProtobuf } from './decode.ts';
import { envelope, messageOf } from './messages.ts';

/** A body as Go's client would send it. */
function encode(apiVersion: string, kind: string, fields: object): Buffer {
  const message = messageOf(apiVersion, kind)!;
  const raw = message.encode(message.fromObject(fields)).finish();
  const unknown = envelope.encode({ typeMeta: { apiVersion, kind }, raw }).finish();
  return Buffer.concat([Buffer.from('k8s\0'), unknown]);
}

test('decodeProtobuf() reads a Secret as the JSON that a Go client would have sent', () => {
  const body = encode('v1', 'Secret', {
    metadata: { name: 'a', namespace: '', labels: { app: '' }, creationTimestamp: {} },
    data: { key: Buffer.from('hi'), empty: Buffer.alloc(0) },
    type: 'Opaque',
  });
  assert.deepEqual(decodeProtobuf(body), {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'a', labels: { app: '' }, creationTimestamp: null },
    data: { key: 'aGk=', empty: '' },
    type: 'Opaque',
  });
});

test('decodeProtobuf() reads times of both precisions, integers and nested messages of an Event', () => {
  const body = encode('v1', 'Event', {
    metadata: { name: 'e', generation: 3, ownerReferences: [{ uid: 'u', controller: false }] },
    involvedObject: { kind: 'Certificate', name: 'web' },
    firstTimestamp: { seconds: 1_900_000_000 },
    eventTime: { seconds: 1_900_000_000, nanos: 123_456_789 },
    count: 2,
  });
  assert.deepEqual(decodeProtobuf(body), {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e', generation: 3, ownerReferences: [{ uid: 'u', controller: false }] },
    involvedObject: { kind: 'Certificate', name: 'web' },
    firstTimestamp: '2030-03-17T17:46:40Z',
    eventTime: '2030-03-17T17:46:40.123456Z',
    count: 2,
  });
});

test('decodeProtobuf() reads managed fields, whose paths travel as JSON', () => {
  const fieldsV1 = { Raw: Buffer.from('{"f:data":{}}') };
  const body = encode('v1', 'ConfigMap', { metadata: { managedFields: [{ manager: 'm', fieldsV1 }] } });
  assert.deepEqual((decodeProtobuf(body) as { metadata: object }).metadata, {
    managedFields: [{ manager: 'm', fieldsV1: { 'f:data': {} } }],
  });
});

test('decodeProtobuf() reads DeleteOptions under every group, with the dry run that they carry', () => {
  const body = encode('cert-manager.io/v1', 'DeleteOptions', { dryRun: ['All'], preconditions: { uid: 'u' } });
  assert.deepEqual(decodeProtobuf(body), {
    apiVersion: 'cert-manager.io/v1',
    kind: 'DeleteOptions',
    dryRun: ['All'],
    preconditions: { uid: 'u' },
  });
});

for (const { name, body, code } of [
  {
    name: 'a kind that has no such encoding',
    body: encodeUnknown('apps/v1', 'Deployment'),
    code: 'unsupported-media-type',
  },
  { name: 'JSON', body: Buffer.from('{}'), code: 'bad-request' },
  { name: 'an envelope cut short', body: encode('v1', 'Secret', { type: 'x' }).subarray(0, 9), code: 'bad-request' },
  {
    name: 'managed fields that nest without end',
    body: encode('v1', 'Secret', {
      metadata: { managedFields: [{ fieldsV1: { Raw: Buffer.from('['.repeat(5000)) } }] },
    }),
    code: 'bad-request',
  },
] as const) {
  test(`decodeProtobuf() refuses ${name} with ${code}`, () => {
    assert.throws(
      () => decodeProtobuf(body),
      (error) => isCoded(error, code),
    );
  });
}

function encodeUnknown(apiVersion: string, kind: string): Buffer {
  return Buffer.concat([Buffer.from('k8s\0'), envelope.encode({ typeMeta: { apiVersion, kind } }).finish()]);
}
