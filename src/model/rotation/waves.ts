import type { AckRule } from './acks.ts';
import { isSettled } from './settled.ts';
import type { CAFacts, LeafState } from './snapshot.ts';
import { tiersOf } from './tiers.ts';
import type { Holder, RotationView } from './view.ts';

/** Leaves to issue now. */
export interface Wave {
  readonly leaves: readonly LeafState[];
  /** When the next one is due, if only time is in the way. */
  readonly until?: Date | undefined;
}

/** How many re-issued leaves may be without proof at once, unless the Rotation says otherwise. */
export const usualMaxUnproven = 100;

/**
 * Which leaves come from `target` next: of the lowest tier that is not yet settled, as many as may be without proof, each
 * when its share of the spread has come, and never those of all instances of a workload at once. In an emergency all.
 */
export function nextWave(view: RotationView, target: CAFacts, acks: readonly AckRule[], spreadSeconds = 0): Wave {
  const { leaves, wish, now, progress } = view.snapshot;
  if (wish.emergency === true) return { leaves: leaves.filter((leaf) => isTodo(leaf, target)) };
  const places = placesOf(view);
  const open = leaves.filter((leaf) => isTodo(leaf, target));
  const moving = leaves.filter((leaf) => isMoving(view, leaf, target, acks));
  const tier = lowestTier([...open, ...moving], places);
  const ready = open.filter(({ place }) => places.get(place) === tier);
  const due = dueBefore(leaves, places, progress.stageSince ?? now, spreadSeconds);
  const ripe = ready.filter(({ place }) => due(place) <= now.getTime());
  const room = Math.max(0, (wish.maxUnproven ?? usualMaxUnproven) - moving.length);
  const wave = sparing(view, moving, ripe, room);
  const unripe = ready.filter(({ place }) => due(place) > now.getTime());
  return { leaves: wave, ...(unripe.length === 0 ? {} : { until: earliest(unripe, due) }) };
}

function isTodo({ issuedFrom, issuing, reissuable }: LeafState, { fingerprint }: CAFacts): boolean {
  return issuedFrom !== fingerprint && issuing !== true && reissuable !== false;
}

/** Issued anew, or about to be, and not yet settled everywhere. */
function isMoving(view: RotationView, leaf: LeafState, target: CAFacts, acks: readonly AckRule[]): boolean {
  if (leaf.issuing === true) return true;
  if (leaf.issuedFrom !== target.fingerprint) return false;
  return !leaf.ready || holdersOf(view, leaf).some((holder) => !isSettled(view, holder, acks));
}

function holdersOf({ holdersOf }: RotationView, { place }: LeafState): readonly Holder[] {
  return holdersOf.get(place) ?? [];
}

/** The tier of each leaf: that of the last of its workloads. Leaves that nobody declares come after all others. */
function placesOf(view: RotationView): ReadonlyMap<string, number> {
  const tiers = tiersOf(view.snapshot.links);
  const tierOf = (holders: readonly Holder[]): number =>
    holders.length === 0 ? Infinity : Math.max(...holders.map(({ instance }) => tiers.get(instance.workload) ?? 0));
  return new Map(view.snapshot.leaves.map((leaf) => [leaf.place, tierOf(holdersOf(view, leaf))]));
}

function lowestTier(leaves: readonly LeafState[], places: ReadonlyMap<string, number>): number {
  return leaves.reduce((lowest, { place }) => Math.min(lowest, places.get(place)!), Infinity);
}

/** When each leaf is due, milliseconds since the epoch: evenly over the spread, in the order of the tiers. */
function dueBefore(
  leaves: readonly LeafState[],
  places: ReadonlyMap<string, number>,
  from: Date,
  spreadSeconds: number,
): (place: string) => number {
  if (spreadSeconds === 0) return () => from.getTime();
  const order = leaves
    .map(({ place }) => place)
    .sort((a, b) => byTier(places.get(a)!, places.get(b)!) || (a < b ? -1 : 1));
  const rank = new Map(order.map((place, index) => [place, index]));
  return (place) => from.getTime() + (rank.get(place)! / leaves.length) * spreadSeconds * 1000;
}

/** Infinity minus itself is no number. */
function byTier(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function earliest(leaves: readonly LeafState[], due: (place: string) => number): Date {
  return new Date(leaves.reduce((first, { place }) => Math.min(first, due(place)), Infinity));
}

/** The first of `ripe` with which no workload has more than half of its instances on unproven leaves. */
function sparing(
  view: RotationView,
  moving: readonly LeafState[],
  ripe: readonly LeafState[],
  room: number,
): LeafState[] {
  const moved = new Map<string, Set<string>>();
  for (const leaf of moving) for (const holder of holdersOf(view, leaf)) addInstance(moved, holder);
  const sizes = workloadSizes(view);
  const wave: LeafState[] = [];
  for (const leaf of ripe) {
    if (wave.length >= room) break;
    if (!spares(holdersOf(view, leaf), moved, sizes)) continue;
    wave.push(leaf);
    for (const holder of holdersOf(view, leaf)) addInstance(moved, holder);
  }
  return wave;
}

function addInstance(moved: Map<string, Set<string>>, { instance: { workload, name } }: Holder): void {
  moved.set(workload, (moved.get(workload) ?? new Set()).add(name));
}

function workloadSizes({ snapshot }: RotationView): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { workload, serving } of snapshot.instances) {
    if (serving) sizes.set(workload, (sizes.get(workload) ?? 0) + 1);
  }
  return sizes;
}

/** One leaf that all instances share cannot spare any: it goes when none of its workload's instances is moving. */
function spares(
  holders: readonly Holder[],
  moved: ReadonlyMap<string, ReadonlySet<string>>,
  sizes: ReadonlyMap<string, number>,
): boolean {
  const byWorkload = Map.groupBy(holders, ({ instance }) => instance.workload);
  return [...byWorkload].every(([workload, held]) => {
    const before = moved.get(workload) ?? new Set<string>();
    if (before.size === 0) return true;
    const joining = held.filter(({ instance }) => !before.has(instance.name)).length;
    // Who is moving anyway takes all its leaves in one go: more reloads would spare nobody.
    return joining === 0 || before.size + joining <= Math.floor((sizes.get(workload) ?? 1) / 2);
  });
}
