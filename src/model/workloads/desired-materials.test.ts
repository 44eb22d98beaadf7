import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workload, WorkloadSpec } from '#model/resources';
import { trustDigest } from '#model/trust';
import { certify, intermediate, leaf, now, otherRoot, pair, pem, root } from '../stores/test-world.ts';
import { TrustWorld } from '../trust/test-trust-world.ts';
import { desiredMaterials, wantedMaterials } from './index.ts';
import type { DesiredMaterial } from './index.ts';

const renewed = certify('renewed');
const expired = certify('expired', { notAfter: new Date('2029-12-01T00:00:00Z') });

const spec: WorkloadSpec = {
  presents: [{ name: 'own', certificateRef: { name: 'web' } }],
  trusts: [{ name: 'internal', trustBundleRef: { name: 'internal' } }],
};

class WorkloadWorld extends TrustWorld {
  workload: Workload = this.put('Workload', 'team/web', { spec }) as Workload;

  /** Decides, and writes the marks into the status as a loop does. */
  resolve(): DesiredMaterial[] {
    const desired = desiredMaterials(this, this.workload, now);
    this.workload = { ...this.workload, status: { materials: wantedMaterials(desired) } };
    return desired;
  }

  /** The material with that name. */
  at(name: string): DesiredMaterial {
    return this.resolve().find((one) => one.name === name)!;
  }

  use(more: WorkloadSpec): void {
    this.workload = { ...this.workload, spec: { ...this.workload.spec, ...more } };
  }
}

function world(): WorkloadWorld {
  const made = new WorkloadWorld();
  made.certificate('team/web');
  made.secret('team/web-tls', pair(leaf, intermediate));
  made.secret('team/ca', { 'ca.crt': pem(root) });
  made.bundle('team/internal', { sources: [{ secretRef: { name: 'ca' } }] });
  made.settle('team/internal', now);
  return made;
}

const generation = (one: DesiredMaterial): number | undefined => one.mark?.generation;

test('an identity is the key of its Certificate, known by fingerprint and chain', () => {
  const own = world().at('own');
  assert.ok(own.kind === 'identity' && 'entry' in own);
  assert.equal(own.mark.fingerprint, leaf.certificate.fingerprint);
  assert.deepEqual([own.mark.generation, own.mark.at, own.secretName], [1, '2030-01-01T00:00:00Z', 'team/web-tls']);
  assert.ok(own.entry.key.matches(leaf.certificate.spki));
});

test('a renewed certificate is the next generation, the same one again is not', () => {
  const made = world();
  const first = made.at('own');
  assert.deepEqual(made.at('own').mark, first.mark);
  made.secret('team/web-tls', pair(renewed));
  const second = made.at('own');
  assert.deepEqual([generation(second), second.mark!.fingerprint], [2, renewed.certificate.fingerprint]);
  made.secret('team/web-tls', pair(leaf, intermediate));
  assert.equal(generation(made.at('own')), 3, 'a report about the first counts for nothing after the way back');
});

test('another chain under the same certificate is the next generation', () => {
  const made = world();
  made.at('own');
  made.secret('team/web-tls', pair(leaf));
  const own = made.at('own');
  assert.deepEqual([generation(own), own.mark!.fingerprint], [2, leaf.certificate.fingerprint]);
});

test('an expired certificate does not take the place of a good one, and is used where there is none', () => {
  const made = world();
  const first = made.at('own');
  made.secret('team/web-tls', pair(expired));
  const own = made.at('own');
  assert.ok('problem' in own);
  assert.deepEqual([own.problem.reason, own.mark], ['Expired', first.mark]);
  const fresh = world();
  fresh.secret('team/web-tls', pair(expired));
  const only = fresh.at('own');
  assert.ok('flaw' in only && only.kind === 'identity');
  assert.equal(only.flaw?.reason, 'Expired');
});

test('what cannot be had keeps its mark, and has none before the first time', () => {
  const made = world();
  const first = made.at('own');
  made.remove('Secret', 'team/web-tls');
  const own = made.at('own');
  assert.ok('problem' in own);
  assert.deepEqual([own.problem.reason, own.mark], ['CertificateNotIssued', first.mark]);
  const fresh = world();
  fresh.remove('Certificate', 'team/web');
  assert.deepEqual(
    wantedMaterials(fresh.resolve()).map(({ name }) => name),
    ['internal'],
  );
});

test('the generation of a trust is that of its bundle, whatever was skipped', () => {
  const made = world();
  const first = made.at('internal');
  assert.ok(first.kind === 'trust' && 'bundle' in first);
  assert.deepEqual([first.mark.generation, first.bundle], [1, 'team/internal']);
  made.secret('team/ca', { 'ca.crt': pem(otherRoot) });
  made.settle('team/internal', now);
  const A = root.certificate.fingerprint;
  made.settle('team/internal', now, [{ rotation: 'Rotation team/r', withdraw: [otherRoot.certificate.fingerprint] }]);
  const third = made.at('internal');
  assert.deepEqual([generation(third), third.mark!.digest], [3, trustDigest([A])], 'the same set, and not the same');
});

test('a trust that is not a bundle counts its own changes, and never falls back behind them', () => {
  const made = world();
  made.truststore('team/roots', { certificates: pem(root) });
  made.use({ trusts: [{ name: 'internal', truststoreRef: { name: 'roots' } }] });
  assert.equal(generation(made.at('internal')), 1);
  for (const [ca, wanted] of [
    [otherRoot, 2],
    [root, 3],
    [otherRoot, 4],
  ] as const) {
    made.truststore('team/roots', { certificates: pem(ca) });
    assert.equal(generation(made.at('internal')), wanted);
  }
  made.use({ trusts: [{ name: 'internal', trustBundleRef: { name: 'internal' } }] });
  assert.equal(generation(made.at('internal')), 5, 'the bundle is at generation 1');
});

const origins: readonly { why: string; spec: WorkloadSpec; given?: (made: WorkloadWorld) => void; wanted: string }[] = [
  { why: 'a Secret with a pair', spec: { presents: [{ name: 'x', secretRef: { name: 'web-tls' } }] }, wanted: 'found' },
  {
    why: 'a Keystore',
    given: (made) => made.keystore('team/ks', { certificateRef: { name: 'web' } }),
    spec: { presents: [{ name: 'x', keystoreRef: { name: 'ks' }, usage: 'client' }] },
    wanted: 'found',
  },
  { why: 'a Secret of CAs', spec: { trusts: [{ name: 'x', secretRef: { name: 'ca' } }] }, wanted: 'found' },
  {
    why: 'a CA',
    given: (made) => {
      made.certificate('team/root', { isCA: true });
      made.secret('team/root-tls', pair(root));
    },
    spec: { trusts: [{ name: 'x', certificateRef: { name: 'root' } }] },
    wanted: 'found',
  },
  {
    why: 'a bundle that is missing',
    spec: { trusts: [{ name: 'x', trustBundleRef: { name: 'none' } }] },
    wanted: 'TrustBundleNotFound',
  },
  {
    why: 'a bundle that is empty',
    given: (made) => made.bundle('team/empty', { sources: [] }),
    spec: { trusts: [{ name: 'x', trustBundleRef: { name: 'empty' } }] },
    wanted: 'TrustBundleNotReady',
  },
  {
    why: 'a Secret of another namespace',
    spec: { presents: [{ name: 'x', secretRef: { name: 'ca', namespace: 'apic' } }] },
    wanted: 'ForeignNamespace',
  },
  {
    why: 'a bundle of another namespace',
    spec: { trusts: [{ name: 'x', trustBundleRef: { name: 'internal', namespace: 'apic' } }] },
    wanted: 'ForeignNamespace',
  },
  { why: 'nothing', spec: { presents: [{ name: 'x' }] }, wanted: 'SourceNotClear' },
];

for (const { why, spec: more, given, wanted } of origins) {
  test(`desiredMaterials() answers ${wanted} for ${why}`, () => {
    const made = world();
    given?.(made);
    made.use({ presents: [], trusts: [], ...more });
    const desired = made.resolve();
    assert.deepEqual(
      desired.map((one) => ('problem' in one ? one.problem.reason : 'found')),
      [wanted],
    );
    assert.doesNotMatch(JSON.stringify(wantedMaterials(desired)), /PRIVATE/);
  });
}

test('a problem says which Workload and entry it is about', () => {
  const made = world();
  made.use({ presents: [{ name: 'x' }], trusts: [{ name: 'y' }] });
  const messages = made.resolve().map((one) => ('problem' in one ? one.problem.message : ''));
  assert.match(messages[0]!, /^Workload team\/web presents\[0\] does not say/);
  assert.match(messages[1]!, /^Workload team\/web trusts\[0\] does not say/);
});
