import type {
  BundleState,
  CAFacts,
  InstanceState,
  LeafState,
  LinkState,
  MaterialState,
  RotationSnapshot,
} from './snapshot.ts';

/** A material in the instance that has it. */
export interface Holder {
  readonly instance: InstanceState;
  readonly material: MaterialState;
}

/** What a material should be by now. */
export interface Wanted {
  readonly content: string;
  readonly generation: number;
}

/** A snapshot with what the decisions look up in it. */
export interface RotationView {
  readonly snapshot: RotationSnapshot;
  readonly old: CAFacts;
  /** As recorded in the status, so that a file swapped under us is never taken for it. */
  readonly next: CAFacts | undefined;
  /** Those that hold, or shall hold, one of the two CAs as an anchor. */
  readonly bundles: readonly BundleState[];
  readonly trusts: readonly Holder[];
  readonly identities: readonly Holder[];
  readonly wanted: ReadonlyMap<string, Wanted>;
  readonly holdersOf: ReadonlyMap<string, readonly Holder[]>;
}

/** Looks once at everything; the cost of a decision is linear in leaves and materials. */
export function viewOf(snapshot: RotationSnapshot): RotationView {
  const old = snapshot.progress.old ?? snapshot.oldCA;
  const { next } = snapshot.progress;
  const bundles = snapshot.bundles.filter(({ anchors }) => concerns(anchors, old, next));
  const wanted = wantedOf(bundles, snapshot.leaves);
  const declared = declaredIn(snapshot.links);
  const holders = snapshot.instances.flatMap((instance) => holdersIn(instance, wanted, declared));
  return {
    snapshot,
    old,
    next,
    bundles,
    trusts: holders.filter(({ material }) => material.kind === 'trust'),
    identities: holders.filter(({ material }) => material.kind === 'identity'),
    wanted,
    holdersOf: Map.groupBy(holders, ({ material }) => material.of),
  };
}

function concerns(anchors: readonly string[], old: CAFacts, next: CAFacts | undefined): boolean {
  return anchors.includes(old.fingerprint) || (next !== undefined && anchors.includes(next.fingerprint));
}

function wantedOf(bundles: readonly BundleState[], leaves: readonly LeafState[]): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  for (const { place, digest, generation } of bundles) wanted.set(place, { content: digest, generation });
  for (const { place, fingerprint, generation } of leaves) wanted.set(place, { content: fingerprint, generation });
  return wanted;
}

/** Out of service is out of the quantifier: such an instance returns through the join gate only. */
function holdersIn(
  instance: InstanceState,
  wanted: ReadonlyMap<string, Wanted>,
  declared: ReadonlyMap<string, ReadonlyMap<string, MaterialState>>,
): Holder[] {
  if (!instance.serving) return [];
  const told = new Set(instance.materials.map(({ kind }) => kind));
  const untold = [...(declared.get(instance.workload)?.values() ?? [])].filter(({ kind }) => !told.has(kind));
  return [...instance.materials, ...untold]
    .filter(({ of }) => wanted.has(of))
    .map((material) => ({ instance, material }));
}

/** What each workload has by its links, with nothing known of it: whoever tells of no material has proven none. */
function declaredIn(links: readonly LinkState[]): Map<string, Map<string, MaterialState>> {
  const declared = new Map<string, Map<string, MaterialState>>();
  const note = (workload: string, kind: MaterialState['kind'], of: string): void => {
    const places = declared.get(workload) ?? new Map<string, MaterialState>();
    if (!places.has(of)) places.set(of, { name: of, kind, of, acks: {} });
    declared.set(workload, places);
  };
  for (const { presenter, identity, verifier, trust } of links) {
    note(presenter, 'identity', identity);
    note(verifier, 'trust', trust);
  }
  return declared;
}

/** Whether `anchors` vouch for what `ca` signs: by itself or by a CA above it. */
export function vouchesFor(anchors: readonly string[], { path }: CAFacts): boolean {
  return path.some((fingerprint) => anchors.includes(fingerprint));
}
