import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Fixture } from '../../pki/x509/certificates/certificate.fixture.ts';
import { leaf, intermediate, now, otherRoot, pair, pem, root } from '../stores/test-world.ts';
import type { BundleOrder, NextBundle } from './index.ts';
import { nextBundle, trustDigest } from './index.ts';
import { TrustWorld } from './test-trust-world.ts';

const place = 'team/internal';
const A = root.certificate.fingerprint;
const B = otherRoot.certificate.fingerprint;
const rotation = 'Rotation team/yearly';
const names = new Map(
  [root, otherRoot, intermediate, leaf].map((one) => [one.certificate.fingerprint, one.certificate.commonName!]),
);

const shown = ({ anchors, bundleGeneration }: NextBundle): string =>
  `${bundleGeneration}: ${anchors.map(({ fingerprint, state }) => `${names.get(fingerprint)} ${state}`).join(', ')}`;

const addB: BundleOrder = { rotation, add: { certificate: otherRoot.certificate, beside: A } };
const withdrawA: BundleOrder = { ...addB, withdraw: [A] };

/** A bundle of one CA, whose Secret can be changed. */
function ofSecret(ca: Fixture = root): TrustWorld {
  const world = new TrustWorld();
  world.secret('team/ca', { 'ca.crt': pem(ca) });
  world.bundle(place, { sources: [{ secretRef: { name: 'ca' } }] });
  return world;
}

test('the first set has generation 1, and the same set again is no change', () => {
  const world = ofSecret();
  const first = world.settle(place, now);
  assert.equal(shown(first), '1: root current');
  assert.equal(first.digest, trustDigest([A]));
  assert.deepEqual([first.changed, world.settle(place, now).changed], [true, false]);
  assert.equal(world.trustBundle('team', 'internal')!.status!.bundleGeneration, 1);
});

test('what a source gives no more stays as retained, whether it changed or was taken out of the spec', () => {
  const world = ofSecret();
  world.settle(place, now);
  world.secret('team/ca', { 'ca.crt': pem(otherRoot) });
  assert.equal(shown(world.settle(place, now)), '2: root retained, other root current');
  world.bundle(place, { sources: [{ certificates: pem(intermediate) }] });
  assert.equal(shown(world.settle(place, now)), '3: root retained, other root retained, intermediate current');
});

test('what comes back from its source is current again, in the same generation', () => {
  const world = ofSecret();
  world.settle(place, now);
  world.secret('team/ca', { 'ca.crt': pem(otherRoot) });
  world.settle(place, now);
  world.secret('team/ca', { 'ca.crt': pem(root) });
  assert.equal(shown(world.settle(place, now)), '2: root current, other root retained');
});

test('a source that is silent changes nothing, and is told', () => {
  const world = ofSecret();
  world.settle(place, now);
  world.remove('Secret', 'team/ca');
  const next = world.settle(place, now);
  assert.equal(shown(next), '1: root current');
  assert.deepEqual(
    next.problems.map(({ reason }) => reason),
    ['SecretNotFound'],
  );
  const [ready] = world.trustBundle('team', 'internal')!.status!.conditions!;
  assert.deepEqual([ready!.status, ready!.reason], ['False', 'SecretNotFound']);
});

test('a source that gives garbage takes nothing away', () => {
  const world = ofSecret();
  world.settle(place, now);
  world.secret('team/ca', { 'ca.crt': 'garbage' });
  const next = world.settle(place, now);
  assert.equal(shown(next), '1: root current');
  assert.equal(next.problems[0]!.reason, 'MaterialUnreadable');
});

test('one certificate from two sources is in the bundle once, from the first', () => {
  const world = ofSecret();
  world.bundle(place, { sources: [{ certificates: pem(root, leaf) }, { secretRef: { name: 'ca' } }] });
  const next = world.settle(place, now);
  assert.equal(shown(next), '1: root current, leaf current');
  assert.equal(next.anchors[0]!.from, 'spec.sources[0]');
});

test('spec.forget takes away what is retained, and silences what a source still gives', () => {
  const world = ofSecret();
  world.settle(place, now);
  world.secret('team/ca', { 'ca.crt': pem(otherRoot) });
  world.settle(place, now);
  const sources = [{ secretRef: { name: 'ca' } }];
  world.bundle(place, { sources, forget: [A] });
  assert.equal(shown(world.settle(place, now)), '3: other root current');
  world.secret('team/ca', { 'ca.crt': pem(root, otherRoot) });
  const silenced = world.settle(place, now);
  assert.equal(shown(silenced), '3: other root current, root withdrawn');
  assert.equal(silenced.anchors[1]!.withdrawnBy, 'spec.forget');
  world.bundle(place, { sources });
  assert.equal(shown(world.settle(place, now)), '4: other root current, root current', 'the user changed their mind');
});

test('the last certificate cannot be forgotten, which is said', () => {
  const world = ofSecret();
  world.settle(place, now);
  world.bundle(place, { sources: [{ secretRef: { name: 'ca' } }], forget: [A] });
  const next = world.settle(place, now);
  assert.equal(shown(next), '1: root current');
  assert.deepEqual([next.refusal?.reason, next.changed], ['NoCertificate', false]);
});

test('a bundle of which no source gives anything yet has generation 0 and is not Ready', () => {
  const world = new TrustWorld();
  world.bundle(place, { sources: [{ secretRef: { name: 'ca' } }] });
  assert.equal(shown(world.settle(place, now)), '0: ');
  world.secret('team/ca', { 'ca.crt': pem(root) });
  assert.equal(shown(world.settle(place, now)), '1: root current');
});

test('a Rotation adds the next CA wherever the old one is trusted, and nowhere else', () => {
  const world = ofSecret();
  world.settle(place, now);
  const next = world.settle(place, now, [addB]);
  assert.equal(shown(next), '2: root current, other root current');
  assert.equal(next.anchors[1]!.from, rotation);
  const other = ofSecret(intermediate);
  assert.equal(shown(other.settle(place, now, [addB])), '1: intermediate current');
});

test('what a Rotation added stays when the Rotation is gone', () => {
  const world = ofSecret();
  world.settle(place, now, [addB]);
  assert.equal(shown(world.settle(place, now)), '1: root current, other root retained');
});

test('what a Rotation withdrew does not come back because its source still gives it', () => {
  const world = ofSecret();
  world.settle(place, now, [addB]);
  const next = world.settle(place, now, [withdrawA]);
  assert.equal(shown(next), '2: root withdrawn, other root current');
  assert.equal(next.anchors[0]!.withdrawnBy, rotation);
  assert.equal(shown(world.settle(place, now)), '2: root withdrawn, other root retained', 'after it is over');
  world.secret('team/ca', { 'ca.crt': pem(otherRoot) });
  assert.equal(shown(world.settle(place, now)), '2: other root current', 'the source has followed');
});

test('a withdrawn certificate stays withdrawn while its source is silent', () => {
  const world = ofSecret();
  world.settle(place, now, [addB]);
  world.settle(place, now, [withdrawA]);
  world.remove('Secret', 'team/ca');
  assert.equal(shown(world.settle(place, now)), '2: root withdrawn, other root current');
  world.secret('team/ca', { 'ca.crt': pem(root) });
  assert.equal(shown(world.settle(place, now)), '2: root withdrawn, other root retained');
});

test('a rollback takes the next CA away again, under a generation of its own', () => {
  const world = ofSecret();
  world.settle(place, now);
  world.settle(place, now, [addB]);
  const back = world.settle(place, now, [{ rotation, withdraw: [B] }]);
  assert.equal(shown(back), '3: root current');
  assert.equal(back.digest, trustDigest([A]), 'the same set as in generation 1, and yet another generation');
  assert.equal(shown(world.settle(place, now, [addB])), '4: root current, other root current', 'a second try');
});

test('a Rotation that adds what it withdrew earlier means it, though a source gives it too', () => {
  const world = ofSecret();
  world.secret('team/ca', { 'ca.crt': pem(root, otherRoot) });
  world.settle(place, now);
  assert.equal(shown(world.settle(place, now, [{ rotation, withdraw: [B] }])), '2: root current, other root withdrawn');
  assert.equal(shown(world.settle(place, now)), '2: root current, other root withdrawn');
  assert.equal(shown(world.settle(place, now, [addB])), '3: root current, other root current');
});

test('what is forgotten no more is not trusted before its source has spoken again', () => {
  const world = ofSecret();
  const sources = [{ secretRef: { name: 'ca' } }, { certificates: pem(otherRoot) }];
  world.bundle(place, { sources, forget: [A] });
  world.settle(place, now);
  world.remove('Secret', 'team/ca');
  world.bundle(place, { sources });
  assert.equal(shown(world.settle(place, now)), '1: root withdrawn, other root current');
  world.secret('team/ca', { 'ca.crt': pem(root) });
  assert.equal(shown(world.settle(place, now)), '2: root current, other root current');
});

test('trustDigest() knows a set, not a list', () => {
  assert.equal(trustDigest([A, B]), trustDigest([B, A, B]));
  assert.notEqual(trustDigest([A, B]), trustDigest([A]));
});

test('a bundle that appears after the old CA was distrusted trusts the next one only', () => {
  const world = ofSecret();
  assert.equal(shown(world.settle(place, now, [withdrawA])), '1: root withdrawn, other root current');
});

test('who forgot the old CA does not get the next one', () => {
  const world = ofSecret();
  world.bundle(place, { sources: [{ certificates: pem(root, intermediate) }], forget: [A] });
  assert.equal(shown(world.settle(place, now, [addB])), '1: root withdrawn, intermediate current');
});

test('a Certificate that is a CA gives itself, another the CA that signed it', () => {
  const world = new TrustWorld();
  world.certificate('team/ca', { isCA: true });
  world.secret('team/ca-tls', { ...pair(intermediate, root), 'ca.crt': pem(root) });
  world.certificate('team/web');
  world.secret('team/web-tls', { ...pair(leaf, intermediate), 'ca.crt': pem(otherRoot) });
  world.bundle(place, { sources: [{ certificateRef: { name: 'ca' } }, { certificateRef: { name: 'web' } }] });
  const next = world.settle(place, now);
  assert.equal(shown(next), '1: intermediate current, other root current');
  assert.deepEqual(
    next.anchors.map(({ from }) => from),
    ['Certificate team/ca', 'Certificate team/web'],
  );
});

test('a bundle takes over what another one trusts, and not what that withdrew', () => {
  const world = ofSecret();
  world.bundle('team/all', {
    sources: [{ trustBundleRef: { name: 'internal' } }, { truststoreRef: { name: 'more' } }],
  });
  world.truststore('team/more', { certificates: pem(intermediate) });
  assert.deepEqual(
    world.settle('team/all', now).problems.map(({ reason }) => reason),
    ['TrustBundleNotReady'],
  );
  world.settle(place, now, [withdrawA]);
  assert.equal(shown(world.settle('team/all', now)), '2: intermediate current, other root current');
});

test('bundles that are made from each other say so, and keep what they have', () => {
  const world = ofSecret();
  world.settle(place, now);
  world.bundle(place, { sources: [{ trustBundleRef: { name: 'b' } }, { secretRef: { name: 'ca' } }] });
  world.bundle('team/b', { sources: [{ trustBundleRef: { name: 'c' } }] });
  world.bundle('team/c', { sources: [{ trustBundleRef: { name: 'internal' } }] });
  const next = world.settle(place, now);
  assert.equal(shown(next), '1: root current');
  assert.match(
    next.problems[0]!.message,
    /TrustBundle team\/internal -> TrustBundle team\/b -> TrustBundle team\/c -> /,
  );
  assert.equal(next.problems[0]!.reason, 'ReferenceCycle');
});

test('a bundle cannot name what another namespace has', () => {
  const world = ofSecret();
  world.bundle('other/b', { sources: [{ trustBundleRef: { name: 'internal', namespace: 'team' } }] });
  assert.equal(world.settle('other/b', now).problems[0]!.reason, 'ForeignNamespace');
});

test('more certificates than a status can bear are refused as a whole', () => {
  const world = ofSecret();
  world.settle(place, now);
  const bundle = world.trustBundle('team', 'internal')!;
  const [anchor] = bundle.status!.anchors!;
  const anchors = Array.from({ length: 500 }, (_, n) => ({
    ...anchor!,
    fingerprint: n.toString(16).padStart(64, '0'),
  }));
  const full = { ...bundle, status: { bundleGeneration: 9, anchors } };
  const sources = [{ from: 'x', certificates: { ok: true, value: [otherRoot.certificate] } as const }];
  const next = nextBundle({ bundle: full, sources, now });
  assert.deepEqual([next.refusal?.reason, next.anchors.length, next.bundleGeneration], ['TooManyCertificates', 500, 9]);
});

type Step = { readonly gives?: readonly number[]; readonly forget?: number; readonly order?: 'add' | 'withdraw' };
const fixtures = [root, otherRoot, intermediate, leaf];

test('in every history nothing vanishes unasked, the generation counts the changes, and the last one stays', () => {
  const step = fc.record<Step>(
    {
      gives: fc.option(fc.subarray([0, 1, 2, 3]), { nil: undefined }),
      forget: fc.nat({ max: 3 }),
      order: fc.constantFrom('add', 'withdraw'),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
      const world = ofSecret();
      let before = trustedIn(world.settle(place, now));
      let generation = 1;
      for (const { gives, forget, order } of steps) {
        if (gives === undefined) world.remove('Secret', 'team/ca');
        else world.secret('team/ca', { 'ca.crt': gives.map((n) => pem(fixtures[n]!)).join('') });
        const forgotten = forget === undefined ? [] : [fixtures[forget]!.certificate.fingerprint];
        world.bundle(place, { sources: [{ secretRef: { name: 'ca' } }], forget: forgotten });
        const orders = order === undefined ? [] : [order === 'add' ? addB : withdrawA];
        const next = world.settle(place, now, orders);
        const after = trustedIn(next);
        const excused = new Set([...forgotten, ...(order === 'withdraw' ? [A] : [])]);
        for (const one of before) assert.ok(after.has(one) || excused.has(one), 'nothing vanishes unasked');
        assert.ok(after.size > 0, 'the last one stays');
        const isSame = trustDigest(before) === trustDigest(after);
        assert.equal(next.bundleGeneration, isSame ? generation : generation + 1);
        assert.equal(new Set(next.anchors.map(({ fingerprint }) => fingerprint)).size, next.anchors.length);
        before = after;
        generation = next.bundleGeneration;
      }
    }),
    { numRuns: 60 },
  );
});

const trustedIn = ({ anchors }: NextBundle): Set<string> =>
  new Set(anchors.filter(({ state }) => state !== 'withdrawn').map(({ fingerprint }) => fingerprint));
