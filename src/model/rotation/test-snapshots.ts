import type {
  Ack,
  AckLevel,
  BundleState,
  CAFacts,
  InstanceState,
  LeafState,
  LinkState,
  MaterialState,
  RotationProgress,
  RotationSnapshot,
  RotationWish,
} from './snapshot.ts';
import { ackLevels } from './snapshot.ts';

/** Snapshots for tables: a CA `old` signs, all is proven, nothing has begun. */

export const testNow = new Date('2026-11-22T12:00:00Z');
export const seconds = (count: number): Date => new Date(testNow.getTime() + count * 1000);
const farOff = new Date('2036-01-01T00:00:00Z');

export function testCA(fingerprint: string, changes: Partial<CAFacts> = {}): CAFacts {
  const facts = { fingerprint, subject: 'CN=ca', notAfter: farOff, subjectKeyId: fingerprint, path: [fingerprint] };
  return { ...facts, ...changes };
}

export function testLeaf(place: string, changes: Partial<LeafState> = {}): LeafState {
  const facts = { issuedFrom: 'old', fingerprint: `${place}-1`, generation: 1, ready: true, authorityKeyId: 'old' };
  return { place, ...facts, ...changes };
}

/** The leaf as its next issue. */
export function reissued(place: string): LeafState {
  return testLeaf(place, { issuedFrom: 'next', fingerprint: `${place}-2`, generation: 2 });
}

export function testBundle(place: string, changes: Partial<BundleState> = {}): BundleState {
  return { place, digest: `${place}-1`, generation: 1, anchors: ['old'], ...changes };
}

/** A material that has reached every level of `levels` with generation 1. */
export function testMaterial(
  kind: MaterialState['kind'],
  of: string,
  levels: readonly AckLevel[] = ackLevels,
  generation = 1,
): MaterialState {
  const ack: Ack = { content: `${of}-${generation}`, generation, at: testNow };
  return { name: of, kind, of, acks: Object.fromEntries(levels.map((level) => [level, ack])) };
}

export function testInstance(
  workload: string,
  name: string,
  materials: readonly MaterialState[],
  changes: Partial<InstanceState> = {},
): InstanceState {
  return { workload, name, serving: true, lastSeenTime: testNow, materials, ...changes };
}

/** `client` calls `server`, which presents `identity`, and verifies it with `trust`. */
export function testLink(
  client: string,
  server: string,
  identity: string,
  changes: Partial<LinkState> = {},
): LinkState {
  return { side: 'server', presenter: server, identity, verifier: client, trust: 'bundle', ...changes };
}

export function testProgress(changes: Partial<RotationProgress> = {}): RotationProgress {
  return { stage: 'Stable', generation: 0, history: [], ...changes };
}

/** In Issue, with the next CA in every bundle and the signer swapped. */
export function issuing(changes: Partial<RotationProgress> = {}): RotationProgress {
  const begun = { old: testCA('old'), next: testCA('next'), startedTime: testNow, stageSince: testNow };
  return testProgress({ stage: 'Issue', generation: 2, ...begun, ...changes });
}

export type SnapshotParts = Omit<Partial<RotationSnapshot>, 'wish'> & { readonly wish?: Partial<RotationWish> };

export function testSnapshot(parts: SnapshotParts = {}): RotationSnapshot {
  const stage = parts.progress?.stage ?? 'Stable';
  return {
    now: testNow,
    name: 'rotation',
    progress: testProgress(),
    oldCA: testCA('old'),
    nextCA: stage === 'Stable' ? undefined : testCA('next'),
    signer: { current: stage === 'Issue' ? 'next' : 'old', previousKept: false, nextKept: false },
    bundles: [],
    leaves: [],
    instances: [],
    links: [],
    others: [],
    ...parts,
    wish: { key: 'new', subject: 'same', attestations: [], ...parts.wish },
  };
}
