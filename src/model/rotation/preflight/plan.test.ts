import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  testBundle,
  testCA,
  testInstance,
  testLeaf,
  testLink,
  testMaterial,
  testNow,
  testSnapshot,
} from '../test-snapshots.ts';
import type { SnapshotParts } from '../test-snapshots.ts';
import { planRotation } from './plan.ts';

const held = testMaterial('identity', 'leaf');
const until = new Date('2027-01-01T00:00:00Z');

const refused: readonly { check: string; place: string; parts: SnapshotParts; why: string }[] = [
  {
    check: 'rotation-under-way',
    place: 'other',
    parts: { others: [{ name: 'other', stage: 'Issue', authorities: ['old', 'x'] }] },
    why: 'another rotation of the CA has begun',
  },
  {
    check: 'old-ca-has-expired',
    place: 'CN=ca',
    parts: { oldCA: testCA('old', { notAfter: testNow }) },
    why: 'there is nothing left to keep alive',
  },
  {
    check: 'same-name-without-key-identifiers',
    place: 'leaf',
    parts: { leaves: [testLeaf('leaf', { authorityKeyId: undefined })] },
    why: 'the leaf names its issuer by name only',
  },
  {
    check: 'same-name-without-key-identifiers',
    place: 'the CA',
    parts: { oldCA: testCA('old', { subjectKeyId: undefined }) },
    why: 'the CA has no key identifier',
  },
  {
    check: 'leaf-outlives-the-next-ca',
    place: 'leaf',
    parts: {
      nextCA: testCA('next', { notAfter: until }),
      leaves: [testLeaf('leaf', { durationSeconds: 50 * 24 * 3600 })],
    },
    why: 'it asks for 50 days and the CA has 40',
  },
  {
    check: 'leaf-cannot-be-reissued',
    place: 'leaf',
    parts: { leaves: [testLeaf('leaf', { reissuable: false })] },
    why: 'it was uploaded',
  },
  {
    check: 'chain-too-deep',
    place: 'nginx',
    parts: {
      oldCA: testCA('old', { path: ['old', 'root'] }),
      leaves: [testLeaf('leaf')],
      links: [testLink('nginx', 'api', 'leaf', { maxDepth: 1 })],
      wish: { crossSign: true },
    },
    why: 'an intermediate and a cross-certificate are two, and NGINX takes one',
  },
  {
    check: 'chain-too-deep',
    place: 'nginx',
    parts: {
      leaves: [testLeaf('leaf', { between: 1 })],
      links: [testLink('nginx', 'api', 'leaf', { maxDepth: 1 })],
      wish: { crossSign: true },
    },
    why: 'the leaf is beneath an intermediate, and the cross-certificate comes on top',
  },
  {
    check: 'chain-too-deep',
    place: 'nginx',
    parts: {
      nextCA: testCA('next', { path: ['next', 'between', 'root'] }),
      leaves: [testLeaf('leaf')],
      links: [testLink('nginx', 'api', 'leaf', { maxDepth: 1 })],
    },
    why: 'the next CA that was brought along has two above it',
  },
  {
    check: 'verifier-refuses-next',
    place: 'client',
    parts: { leaves: [testLeaf('leaf')], links: [testLink('client', 'api', 'leaf', { refusesNext: 'no ECDSA' })] },
    why: 'the oracle says so',
  },
  {
    check: 'trust-cannot-be-changed',
    place: 'bundle',
    parts: { bundles: [testBundle('bundle', { writable: false })] },
    why: 'it is an uploaded file',
  },
  {
    check: 'cannot-persist',
    place: 'w 0',
    parts: { leaves: [testLeaf('leaf')], instances: [testInstance('w', '0', [held], { canPersist: false })] },
    why: 'a restart would forget',
  },
  {
    check: 'never-reported',
    place: 'w 0',
    parts: { leaves: [testLeaf('leaf')], instances: [testInstance('w', '0', [held], { lastSeenTime: undefined })] },
    why: 'nobody would prove anything',
  },
  {
    check: 'external-not-attested',
    place: 'partner',
    parts: {
      leaves: [testLeaf('leaf')],
      instances: [testInstance('partner', '0', [held], { external: true })],
      wish: { attestations: [{ consumer: 'partner', by: 'Ada', until: testNow }] },
    },
    why: 'the word is out of date',
  },
];
for (const { check, place, parts, why } of refused) {
  test(`planRotation() refuses ${check} at ${place}: ${why}`, () => {
    const { refusals } = planRotation(testSnapshot(parts));
    assert.deepEqual(
      refusals.map((refusal) => [refusal.check, refusal.place]),
      [[check, place]],
    );
    assert.match(refusals[0]!.hint, /^[A-Z].*[.e]$/);
  });
}

const allowed: readonly { parts: SnapshotParts; why: string }[] = [
  {
    parts: { leaves: [testLeaf('leaf', { authorityKeyId: undefined })], wish: { subject: 'new' } },
    why: 'names tell the CAs apart',
  },
  {
    parts: {
      leaves: [testLeaf('leaf')],
      instances: [testInstance('partner', '0', [held], { external: true })],
      wish: { attestations: [{ consumer: 'partner', by: 'Ada', until, waived: true }] },
    },
    why: 'somebody has waived the partner',
  },
  {
    parts: {
      leaves: [testLeaf('leaf')],
      links: [testLink('nginx', 'api', 'leaf', { maxDepth: 1 })],
      wish: { crossSign: true },
    },
    why: 'a root with a cross-certificate is one certificate deep',
  },
  {
    parts: {
      oldCA: testCA('old', { path: ['old', 'between', 'root'] }),
      leaves: [testLeaf('leaf')],
      links: [testLink('nginx', 'api', 'leaf', { maxDepth: 1 })],
    },
    why: 'a chain is no longer than that of today, which somebody has raised the depth for',
  },
  { parts: { others: [{ name: 'other', stage: 'Stable', authorities: ['old'] }] }, why: 'the other has ended' },
];
for (const { parts, why } of allowed) {
  test(`planRotation() refuses nothing when ${why}`, () => {
    assert.deepEqual(planRotation(testSnapshot(parts)).refusals, []);
  });
}

test('planRotation() tells what is issued in which order, who loads, who restarts, and what nobody proves', () => {
  const plan = planRotation(
    testSnapshot({
      bundles: [testBundle('bundle'), testBundle('unrelated', { anchors: ['x'] })],
      leaves: ['server', 'client', 'shared', 'unknown'].map((place) => testLeaf(place)),
      links: [testLink('client', 'server', 'server')],
      instances: [
        testInstance('server', '0', [testMaterial('identity', 'server')], { restarts: true }),
        testInstance('client', '0', [testMaterial('identity', 'client'), testMaterial('trust', 'bundle')]),
        ...['0', '1'].map((name) => testInstance('twins', name, [testMaterial('identity', 'shared')])),
      ],
    }),
  );
  assert.deepEqual(plan.tiers, [['client', 'shared'], ['server'], ['unknown']]);
  assert.deepEqual(plan.bundles, ['bundle']);
  assert.deepEqual(
    plan.load.map(({ workload }) => workload),
    ['client', 'server', 'twins', 'twins'],
  );
  assert.deepEqual(plan.restart, [{ workload: 'server', instance: '0' }]);
  assert.deepEqual([plan.undeclared, plan.shared, plan.breaks], [['unknown'], ['shared'], []]);
});

test('planRotation() of an emergency names the links that fail until their leaves are new', () => {
  const { breaks } = planRotation(
    testSnapshot({
      wish: { emergency: true },
      bundles: [testBundle('bundle'), testBundle('rooted', { anchors: ['old', 'root'] })],
      oldCA: testCA('old', { path: ['old', 'root'] }),
      leaves: [testLeaf('leaf')],
      links: [testLink('a', 'b', 'leaf'), testLink('c', 'b', 'leaf', { trust: 'rooted' }), testLink('a', 'd', 'else')],
    }),
  );
  assert.deepEqual(
    breaks.map(({ verifier, presenter }) => [verifier, presenter]),
    [['a', 'b']],
  );
});
