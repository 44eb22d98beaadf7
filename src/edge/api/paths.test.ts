import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { collectionPath, objectPath, parsePath } from './paths.ts';

const secrets = { group: '', version: 'v1', plural: 'secrets', namespaced: true };
const clusterIssuers = { group: 'cert-manager.io', version: 'v1', plural: 'clusterissuers', namespaced: false };

for (const { path, place } of [
  { path: '/api', place: { at: 'core-versions' } },
  { path: '/apis/', place: { at: 'groups' } },
  { path: '/apis/cert-manager.io', place: { at: 'group', group: 'cert-manager.io' } },
  { path: '/api/v1', place: { at: 'group-version', group: '', version: 'v1' } },
  { path: '/api/v1/secrets', place: { at: 'resource', group: '', version: 'v1', plural: 'secrets' } },
  {
    path: '/api/v1/namespaces/a/secrets/b',
    place: { at: 'resource', group: '', version: 'v1', plural: 'secrets', namespace: 'a', name: 'b' },
  },
  {
    path: '/api/v1/namespaces/a',
    place: { at: 'resource', group: '', version: 'v1', plural: 'namespaces', name: 'a' },
  },
  {
    path: '/api/v1/namespaces/a/status',
    place: { at: 'resource', group: '', version: 'v1', plural: 'namespaces', name: 'a', subresource: 'status' },
  },
  {
    path: '/apis/g.io/v1/namespaces/a/things/b/status',
    place: {
      at: 'resource',
      group: 'g.io',
      version: 'v1',
      plural: 'things',
      namespace: 'a',
      name: 'b',
      subresource: 'status',
    },
  },
  { path: '/api/v1/namespaces/a/secrets/b/status/deeper', place: { at: 'other' } },
  { path: '/api/v1/namespaces/a/secrets/b%2Fc', place: { at: 'other' } },
  { path: '/api/v1/namespaces/%2e%2e/secrets', place: { at: 'other' } },
  { path: '/api/v1/secrets/%zz', place: { at: 'other' } },
  { path: '/api//v1/secrets', place: { at: 'other' } },
  { path: '/apiary', place: { at: 'other' } },
  { path: '', place: { at: 'other' } },
]) {
  test(`parsePath() reads ${path || 'nothing'} as ${place.at}`, () => {
    assert.deepEqual(parsePath(path), place);
  });
}

test('paths that are made are read back', () => {
  const name = fc.stringMatching(/^[a-z0-9]([-a-z0-9.]{0,20}[a-z0-9])?$/);
  fc.assert(
    fc.property(name, name, (namespace, name) => {
      const place = parsePath(objectPath(secrets, namespace, name));
      assert.deepEqual(place, { at: 'resource', group: '', version: 'v1', plural: 'secrets', namespace, name });
      assert.equal(collectionPath(clusterIssuers, namespace), '/apis/cert-manager.io/v1/clusterissuers');
    }),
  );
});

test('parsePath() never throws', () => {
  fc.assert(fc.property(fc.string(), (path) => assert.equal(typeof parsePath(`/api/${path}`).at, 'string')));
});
