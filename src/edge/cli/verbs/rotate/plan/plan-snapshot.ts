import { linksOf } from '#model/workloads';
import { chainLimitOf } from '#model/rotation';
import { refTerm, type Rotation, type RotationSpec, type Workload } from '#model/resources';
import type {
  CAFacts,
  InstanceState,
  LeafState,
  LinkState,
  MaterialState,
  OtherRotation,
  RotationSnapshot,
} from '#model/rotation';
import { authorityFacts } from './authority-facts.ts';
import { bundleStates } from './bundle-states.ts';
import type { ReportedWorkload } from '../reported-workload.ts';
import { MaterialPlaces } from './places.ts';
import type { RotationWorld, WorldLeaf } from './world.ts';

/** What `planRotation()` rests on: the world before a Rotation with this spec has begun. */
export function planSnapshot(world: RotationWorld, spec: RotationSpec, now: Date): RotationSnapshot {
  const oldCA = authorityFacts(world.secret);
  const places = new MaterialPlaces(world);
  return {
    now,
    name: 'this',
    wish: {
      ...spec,
      key: spec.key ?? 'new',
      subject: spec.subject ?? 'same',
      attestations: [],
    },
    progress: { stage: 'Stable', generation: 0, history: [] },
    oldCA,
    nextCA: undefined,
    signer: { current: oldCA.fingerprint, previousKept: false, nextKept: false },
    bundles: bundleStates(world, places, oldCA.fingerprint),
    leaves: world.leaves.map((leaf) => leafState(leaf, oldCA)),
    instances: world.workloads.flatMap((one) => instancesOf(one, places)),
    links: linkStates(
      world.workloads.map(({ workload }) => workload),
      places,
    ),
    others: world.rotations.flatMap(otherOf),
  };
}

/** Certificates of ours carry their signer's key identifier whenever it has one. */
function leafState({ certificate: { metadata, status }, between }: WorldLeaf, ca: CAFacts): LeafState {
  return {
    place: refTerm(metadata, undefined),
    issuedFrom: ca.fingerprint,
    between,
    fingerprint: '',
    generation: status?.revision ?? 0,
    ready: true,
    authorityKeyId: ca.subjectKeyId,
  };
}

function instancesOf({ workload, reports }: ReportedWorkload, places: MaterialPlaces): InstanceState[] {
  const { spec } = workload;
  const declared = spec.instances ?? [];
  const names = new Set([...declared.map(({ name }) => name), ...reports.keys()]);
  if (names.size === 0 && spec.external === true) names.add('all');
  const quarantined = new Set(declared.filter((one) => one.quarantined === true).map(({ name }) => name));
  const materials = materialsOf(workload, places);
  return [...names].map((name) => ({
    workload: refTerm(workload.metadata, undefined),
    name,
    serving: !quarantined.has(name),
    external: spec.external,
    lastSeenTime: instant(reports.get(name)?.lastSeenTime),
    canPersist: reports.get(name)?.persists,
    restarts: spec.reload?.type === 'restart',
    materials,
  }));
}

const instant = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

function materialsOf(workload: Workload, places: MaterialPlaces): MaterialState[] {
  const { presents = [], trusts = [] } = workload.spec;
  const found = [
    ...presents.map(({ name }) => ({ name, kind: 'identity' as const, of: places.identity(workload, name) })),
    ...trusts.map(({ name }) => ({ name, kind: 'trust' as const, of: places.trust(workload, name) })),
  ];
  return found.flatMap(({ name, kind, of }) => (of === undefined ? [] : [{ name, kind, of, acks: {} }]));
}

function linkStates(workloads: readonly Workload[], places: MaterialPlaces): LinkState[] {
  const byPlace = new Map(workloads.map((one) => [refTerm(one.metadata, undefined), one]));
  return linksOf(workloads).links.flatMap(({ client, server, isMutual }) => {
    const sides = [
      { side: 'server' as const, presenter: server, verifier: client },
      ...(isMutual ? [{ side: 'client' as const, presenter: client, verifier: server }] : []),
    ];
    return sides.flatMap(({ side, presenter, verifier }) => {
      const verifying = byPlace.get(verifier.workload)!;
      const identity = places.identity(byPlace.get(presenter.workload)!, presenter.presents);
      const trust = places.trust(verifying, verifier.trusts);
      if (identity === undefined || trust === undefined) return [];
      const maxDepth = chainLimitOf(verifying);
      return [{ side, presenter: presenter.workload, identity, verifier: verifier.workload, trust, maxDepth }];
    });
  });
}

function otherOf({ metadata, status }: Rotation): OtherRotation[] {
  const authorities = [status?.old, status?.next].flatMap((one) => (one === undefined ? [] : [one.fingerprint]));
  return status?.stage === undefined ? [] : [{ name: metadata.name, stage: status.stage, authorities }];
}
