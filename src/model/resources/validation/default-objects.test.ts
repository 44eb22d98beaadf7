import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '#model/objects';
import { namespaceKind } from '../namespace.ts';
import { controllersUsername, systemNamespace } from '../system.ts';
import { context } from '../test-objects.ts';
import { keystore } from '../test-tls-objects.ts';
import { guardDefaults } from './default-objects.ts';

const own = keystore();
const labelled = (labels: Record<string, string>, one: KubeObject = own): KubeObject => ({
  ...one,
  metadata: { ...one.metadata, labels },
});
const made = labelled({ 'chancery.dev/default': 'true' });
const edited = labelled({ 'chancery.dev/default': 'true' }, keystore({ secretRef: { name: 'other' } }));

for (const { why, next, previous, refusal } of [
  { why: 'own objects are made', next: own, previous: undefined },
  { why: 'own objects are edited', next: keystore({ secretRef: { name: 'other' } }), previous: own },
  { why: 'own objects are deleted', next: undefined, previous: own },
  { why: 'another label is no mark', next: labelled({ 'chancery.dev/default': 'false' }), previous: own },
  { why: 'a default one gets labels', next: labelled({ ...made.metadata.labels, team: 'a' }), previous: made },
  { why: 'a default one is edited', next: edited, previous: made, refusal: /make your own Keystore and use that/ },
  { why: 'a default one is deleted', next: undefined, previous: made, refusal: /cannot be deleted/ },
  { why: 'a default one loses its mark', next: own, previous: made, refusal: /the label chancery\.dev\/default=true/ },
  { why: 'an own one is marked', next: made, previous: own, refusal: /marks what was made at installation/ },
  { why: 'a marked one is made', next: made, previous: undefined, refusal: /marks what was made at installation/ },
]) {
  test(`guardDefaults() ${refusal === undefined ? 'lets pass' : 'refuses'}: ${why}`, () => {
    const text = guardDefaults(next, previous, context);
    if (refusal === undefined) assert.equal(text, undefined);
    else assert.match(text ?? '', refusal);
    const user = { username: controllersUsername };
    assert.equal(guardDefaults(next, previous, { ...context, user }), undefined, 'the controllers may');
    assert.equal(guardDefaults(next, previous, { ...context, subresource: 'status' }), undefined, 'statuses are free');
  });
}

test('the namespace of the installation cannot be deleted, and others can', () => {
  const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { ...own.metadata, name } });
  const guard = (name: string) => namespaceKind.guard!(undefined, namespace(name), context);
  assert.deepEqual([guard(systemNamespace), guard('team')], ['this namespace may not be deleted', undefined]);
});
