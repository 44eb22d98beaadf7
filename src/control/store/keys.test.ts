import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import { certificateKind, configMapKind, namespaceKind } from '#model/resources';
import { registry } from './contract/harness.ts';
import { collectionPrefix, kindOfKey, objectKey, splitKey } from './keys.ts';

it('objectKey() and splitKey() give back the place, and kindOfKey() the kind', () => {
  const kindOf = kindOfKey(registry);
  const segment = fc.stringMatching(/^[a-z0-9]([-a-z0-9.]{0,20}[a-z0-9])?$/u);
  const property = fc.property(fc.constantFrom(...registry.kinds), segment, segment, (kind, namespace, name) => {
    const key = objectKey(kind, namespace, name);
    assert.deepEqual(splitKey(kind, key), { namespace: kind.namespaced ? namespace : '', name });
    assert.equal(kindOf(key), kind);
    assert.ok(key.startsWith(collectionPrefix(kind, kind.namespaced ? namespace : '')));
  });
  fc.assert(property);
});

it('objectKey() refuses what could leave its place', () => {
  const table = [
    { namespace: 'a', name: '', why: 'an empty name is the collection' },
    { namespace: 'a', name: 'b/c', why: 'a slash would make another level' },
    { namespace: 'a/b', name: 'c', why: 'the same for the namespace' },
    { namespace: 'a', name: '..', why: 'no path is resolved, but no client should try' },
    { namespace: '', name: 'c', why: 'a namespaced object needs a namespace' },
    { namespace: 'a', name: 'ü', why: 'keys are ASCII, so that all backends sort alike' },
    { namespace: 'a', name: 'x'.repeat(254), why: 'names end at 253' },
  ];
  for (const { namespace, name, why } of table) {
    assert.throws(
      () => objectKey(configMapKind, namespace, name),
      (error) => isCoded(error, 'bad-request'),
      why,
    );
  }
});

it('keys name group, plural, namespace and name', () => {
  assert.equal(objectKey(certificateKind, 'apic', 'a'), '/registry/cert-manager.io/certificates/apic/a');
  assert.equal(objectKey(namespaceKind, undefined, 'apic'), '/registry/core/namespaces/apic');
  assert.equal(kindOfKey(registry)('/registry/example.com/widgets/a/b'), undefined);
});
