import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '#model/objects';
import type { EventObject } from './describe-events.ts';
import { describeObject } from './describe-object.ts';

const now = new Date('2026-01-01T01:00:00Z');
const metadata = {
  name: 'a',
  namespace: 'apic',
  uid: 'u',
  resourceVersion: '7',
  generation: 1,
  creationTimestamp: '2026-01-01T00:00:00Z',
};

function event(more: Partial<EventObject>): EventObject {
  return { apiVersion: 'v1', kind: 'Event', metadata, type: 'Normal', reportingComponent: 'chancery', ...more };
}

test('describeObject() shows labels and annotations in order, and events the oldest first', () => {
  const object = {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Issuer',
    metadata: { ...metadata, labels: { b: '2', a: '1' }, annotations: { note: 'two\nlines' } },
  } as KubeObject;
  const events = [
    event({ reason: 'Late', message: 'm', lastTimestamp: '2026-01-01T00:59:00Z' }),
    event({
      reason: 'Early',
      message: 'n',
      count: 3,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:55:00Z',
    }),
  ];
  assert.equal(
    describeObject(object, events, now),
    `Name:         a
Namespace:    apic
Labels:       a=1
              b=2
Annotations:  note: two lines
API Version:  cert-manager.io/v1
Kind:         Issuer
Metadata:
  Creation Timestamp:  2026-01-01T00:00:00Z
  Generation:          1
  Resource Version:    7
  UID:                 u
Events:
  Type    Reason  Age               From      Message
  ----    ------  ----              ----      -------
  Normal  Early   5m (x3 over 60m)  chancery  n
  Normal  Late    60s               chancery  m
`,
  );
});

test('describeObject() of a Secret shows sizes and never a value', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: { 'tls.key': 'c2VjcmV0' } };
  const text = describeObject(secret, [], now);
  assert.match(text, /Type: {2}Opaque\n\nData\n====\ntls\.key: {2}6 bytes\n$/);
  assert.doesNotMatch(text, /c2VjcmV0|secret/);
});

test('describeObject() of a ConfigMap shows its texts in full', () => {
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { x: 'one\ntwo' }, binaryData: { y: 'AAA=' } };
  const text = describeObject(map, [], now);
  assert.match(text, /Data\n====\nx:\n----\none\ntwo\n\n\nBinaryData\n====\ny: 2 bytes\n\nEvents: {2}<none>\n$/);
});
