import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveTruststore } from '#model/stores';
import { now, otherRoot, pem, root } from '../stores/test-world.ts';
import { TrustWorld } from './test-trust-world.ts';

/** The common names that the Truststore trusts, or why none. */
function trustedIn(world: TrustWorld, name: string): string {
  const resolved = resolveTruststore(world, { namespace: 'team', name }, now);
  if (!resolved.ok) return resolved.problem.reason;
  return resolved.value.certificates.map(({ certificate }) => certificate.commonName).join(', ');
}

function following(): TrustWorld {
  const world = new TrustWorld();
  world.truststore('team/store', { trustBundleRef: { name: 'internal' } });
  world.secret('team/ca', { 'ca.crt': pem(root) });
  world.bundle('team/internal', { sources: [{ secretRef: { name: 'ca' } }] });
  return world;
}

test('a Truststore waits for the bundle that it is made from', () => {
  const world = following();
  assert.equal(trustedIn(world, 'store'), 'TrustBundleNotReady');
  world.remove('TrustBundle', 'team/internal');
  assert.equal(trustedIn(world, 'store'), 'TrustBundleNotFound');
});

test('a Truststore trusts what its bundle trusts: what is retained too, and what was withdrawn no more', () => {
  const world = following();
  world.settle('team/internal', now);
  assert.equal(trustedIn(world, 'store'), 'root');
  world.secret('team/ca', { 'ca.crt': pem(otherRoot) });
  world.settle('team/internal', now);
  assert.equal(trustedIn(world, 'store'), 'root, other root');
  world.bundle('team/internal', {
    sources: [{ secretRef: { name: 'ca' } }],
    forget: [root.certificate.fingerprint],
  });
  world.settle('team/internal', now);
  assert.equal(trustedIn(world, 'store'), 'other root');
});

test('a Truststore has the bundle beside its other sources', () => {
  const world = following();
  world.settle('team/internal', now);
  world.truststore('team/all', { truststoreRef: { name: 'store' } }, { certificates: pem(otherRoot) });
  assert.equal(trustedIn(world, 'all'), 'root, other root');
});

test('a bundle that is made from a Truststore of itself says so, and keeps what it has', () => {
  const world = following();
  world.settle('team/internal', now);
  world.truststore('team/between', { truststoreRef: { name: 'store' } });
  world.bundle('team/internal', { sources: [{ truststoreRef: { name: 'between' } }, { secretRef: { name: 'ca' } }] });
  const { problems, anchors } = world.settle('team/internal', now);
  assert.equal(problems[0]!.reason, 'ReferenceCycle');
  assert.match(
    problems[0]!.message,
    /Truststore team\/between -> Truststore team\/store -> TrustBundle team\/internal/,
  );
  assert.equal(anchors.length, 1);
});
