import type { InstanceState, RotationSnapshot } from '../snapshot.ts';
import type { InstanceName } from '../step.ts';
import { tiersOf } from '../tiers.ts';
import type { RotationView } from '../view.ts';
import { viewOf } from '../view.ts';
import { whatBreaks } from '../what-breaks.ts';
import type { BrokenLink } from '../what-breaks.ts';
import { fixedBundles, otherRotations } from './bundles.ts';
import { refusingVerifiers, tooDeep } from './depths.ts';
import { forgetful, silent, unattested } from './instances.ts';
import { endedCA, foreignLeaves, outlivingLeaves } from './lifetimes.ts';
import { sameNameWithoutKeyIds } from './names.ts';
import type { PreflightCheck, Refusal } from './refusal.ts';

/** What a rotation would do. */
export interface RotationPlan {
  /** Places of the leaves that are issued anew, in the order of their tiers. */
  readonly tiers: readonly (readonly string[])[];
  /** Bundles that get the next CA and lose the old one. */
  readonly bundles: readonly string[];
  readonly load: readonly InstanceName[];
  readonly restart: readonly InstanceName[];
  /** External workloads, which are attested and not proven. */
  readonly external: readonly string[];
  /** Leaves that no workload presents: their issue is all that is known of them. */
  readonly undeclared: readonly string[];
  /** Leaves that all of several instances share: these change together. */
  readonly shared: readonly string[];
  /** Links that fail meanwhile; none unless it is an emergency. */
  readonly breaks: readonly BrokenLink[];
  /** Why it must not begin. An emergency begins regardless. */
  readonly refusals: readonly Refusal[];
}

/** What is known to break rotations, in the order in which it is told. */
export const preflightChecks: readonly PreflightCheck[] = [
  otherRotations,
  endedCA,
  sameNameWithoutKeyIds,
  outlivingLeaves,
  foreignLeaves,
  tooDeep,
  refusingVerifiers,
  fixedBundles,
  forgetful,
  silent,
  unattested,
];

/** What the rotation would do, and whether it may. */
export function planRotation(snapshot: RotationSnapshot): RotationPlan {
  const view = viewOf(snapshot);
  const instances = [...new Set([...view.trusts, ...view.identities].map(({ instance }) => instance))];
  const ours = instances.filter(({ external }) => external !== true);
  return {
    tiers: tieredLeaves(view),
    bundles: view.bundles.map(({ place }) => place),
    load: ours.map(nameOf),
    restart: ours.filter(({ restarts }) => restarts === true).map(nameOf),
    external: [...new Set(instances.filter(({ external }) => external === true).map(({ workload }) => workload))],
    undeclared: snapshot.leaves.map(({ place }) => place).filter((place) => !view.holdersOf.has(place)),
    shared: snapshot.leaves.map(({ place }) => place).filter((place) => isShared(view, place)),
    breaks: snapshot.wish.emergency === true ? whatBreaks(snapshot) : [],
    refusals: preflightChecks.flatMap(({ name, find }) =>
      find(view).map(({ place, message, hint }) => ({ check: name, place, message, hint })),
    ),
  };
}

function nameOf({ workload, name }: InstanceState): InstanceName {
  return { workload, instance: name };
}

function isShared({ holdersOf, snapshot }: RotationView, place: string): boolean {
  const holders = holdersOf.get(place) ?? [];
  const [workload] = new Set(holders.map(({ instance }) => instance.workload));
  const size = snapshot.instances.filter((instance) => instance.workload === workload && instance.serving).length;
  return size > 1 && holders.length === size;
}

function tieredLeaves(view: RotationView): string[][] {
  const tiers = tiersOf(view.snapshot.links);
  const tierOf = (place: string): number =>
    Math.max(-1, ...(view.holdersOf.get(place) ?? []).map(({ instance }) => tiers.get(instance.workload) ?? 0));
  const byTier = Map.groupBy(view.snapshot.leaves, ({ place }) => tierOf(place));
  const order = [...byTier.keys()].sort((a, b) => (a < 0 ? 1 : b < 0 ? -1 : a - b));
  return order.map((tier) => byTier.get(tier)!.map(({ place }) => place));
}
