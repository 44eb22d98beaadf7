import type { AckRule } from './acks.ts';
import { holds } from './guards/anchors.ts';
import { nextRestarts } from './restarts.ts';
import { hasReached } from './acks.ts';
import { wantedBy } from './guards/reached.ts';
import type { CAFacts, InstanceState } from './snapshot.ts';
import type { RotationStage } from './stage.ts';
import type { InstanceName, RotationAction } from './step.ts';
import type { RotationView } from './view.ts';
import { nextWave } from './waves.ts';

/** What a stage still has to do, in order; undefined when nothing is left but to wait. */
export type Work = (view: RotationView, acks: readonly AckRule[]) => RotationAction | undefined;

/** The work of each stage: the first that has something to do. */
export const stageWork: Readonly<Record<RotationStage, readonly Work[]>> = {
  Stable: [],
  TrustBoth: [makeNext, add('next'), restart],
  Issue: [swap, reissue('next'), restart],
  Drain: [restart],
  Distrust: [makeNext, add('next'), withdraw('old'), restart],
  Flush: [restart, flush],
  Rollback: [restore, reissue('old'), restart],
  Withdraw: [withdraw('next'), restart, flush],
};

/** What is left to do when the last gate is open, and before the end is written. */
export const lastWork: Readonly<Partial<Record<RotationStage, readonly Work[]>>> = {
  Flush: [dropCross, deletePrevious],
  Withdraw: [deletePrevious, deleteNext],
};

function makeNext({ snapshot, next }: RotationView): RotationAction | undefined {
  return next === undefined && snapshot.nextCA === undefined ? { action: 'makeNextCA' } : undefined;
}

function add(which: 'old' | 'next'): Work {
  return (view) => {
    const ca = view[which];
    const bundle = view.bundles.find((one) => one.writable !== false && !holds(one, ca));
    if (ca === undefined || bundle === undefined) return undefined;
    return { action: 'addAnchor', bundle: bundle.place, fingerprint: ca.fingerprint };
  };
}

function withdraw(which: 'old' | 'next'): Work {
  return (view) => {
    const bundle = view.bundles.find((one) => one.writable !== false && holds(one, view[which]));
    if (bundle === undefined) return undefined;
    return { action: 'withdrawAnchor', bundle: bundle.place, fingerprint: view[which]!.fingerprint };
  };
}

function swap({ snapshot, next }: RotationView): RotationAction | undefined {
  if (next === undefined || snapshot.signer.current === next.fingerprint) return undefined;
  return { action: 'swapSigner', to: next.fingerprint };
}

function restore({ snapshot, old }: RotationView): RotationAction | undefined {
  if (snapshot.signer.current === old.fingerprint) return undefined;
  return { action: 'restoreSigner', to: old.fingerprint };
}

/** Back, and in an emergency, time is dearer than an even load. */
function reissue(which: 'old' | 'next'): Work {
  return (view, acks) => {
    const target = view[which];
    if (target === undefined) return undefined;
    const { leaves } = nextWave(view, target, acks, which === 'next' ? spreadOf(view) : 0);
    return leaves.length === 0 ? undefined : { action: 'reissue', leaves: leaves.map(({ place }) => place) };
  };
}

export function spreadOf({ snapshot: { wish } }: RotationView): number {
  return wish.emergency === true ? 0 : (wish.spreadSeconds ?? 0);
}

function restart(view: RotationView, acks: readonly AckRule[]): RotationAction | undefined {
  const { instances } = nextRestarts(view, acks);
  return instances.length === 0 ? undefined : { action: 'restart', instances };
}

/** Those that have shown to have dropped the CA, but may still resume a session from before. */
function flush(view: RotationView, acks: readonly AckRule[]): RotationAction | undefined {
  const { generation } = view.snapshot.progress;
  const resuming = view.trusts.filter(
    (holder) =>
      holder.instance.external !== true &&
      hasReached(holder, 'proven', wantedBy(view, holder), acks) &&
      !hasReached(holder, 'exclusive', wantedBy(view, holder), acks),
  );
  const instances = [...new Set(resuming.map(({ instance }) => instance))];
  const unasked = instances.filter(({ asked }) => asked?.flush?.generation !== generation);
  return unasked.length === 0 ? undefined : { action: 'flushSessions', instances: unasked.map(nameOf) };
}

function nameOf({ workload, name }: InstanceState): InstanceName {
  return { workload, instance: name };
}

function dropCross({ snapshot: { signer } }: RotationView): RotationAction | undefined {
  return signer.crossed === true ? { action: 'dropCross' } : undefined;
}

function deletePrevious({ snapshot: { signer } }: RotationView): RotationAction | undefined {
  return signer.previousKept ? { action: 'deletePrevious' } : undefined;
}

function deleteNext({ snapshot: { signer } }: RotationView): RotationAction | undefined {
  return signer.nextKept ? { action: 'deleteNext' } : undefined;
}

/** The CA that leaves shall come from in this stage; undefined in stages without re-issues. */
export function issuingFrom({ snapshot: { progress }, old, next }: RotationView): CAFacts | undefined {
  if (progress.stage === 'Issue') return next;
  return progress.stage === 'Rollback' ? old : undefined;
}
